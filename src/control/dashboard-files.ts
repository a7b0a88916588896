import { readdir, readFile } from 'node:fs/promises'
import type { DashboardFile } from './dashboard.ts'

/**
 * The files of the dashboard, read when somebody first asks: from a folder of built ones, or where there are sources from
 * the script that builds them, which then bundles in memory.
 */
export function dashboardFiles(from: URL): () => Promise<readonly DashboardFile[]> {
  let known: Promise<readonly DashboardFile[]> | undefined
  return () => {
    known ??= (from.pathname.endsWith('.ts') ? bundle(from) : readFiles(from)).catch((error: unknown) => {
      known = undefined
      throw error
    })
    return known
  }
}

/** By its address, so that neither the bundle of the command nor the library holds it. */
async function bundle(script: URL): Promise<readonly DashboardFile[]> {
  const { bundleDashboard } = (await import(/* @vite-ignore */ script.href)) as {
    bundleDashboard: () => Promise<{ readonly files: readonly DashboardFile[] }>
  }
  return (await bundleDashboard()).files
}

async function readFiles(folder: URL): Promise<readonly DashboardFile[]> {
  const names = (await readdir(folder)).filter((name) => /\.(html|js|css)$/.test(name))
  return Promise.all(names.map(async (name) => ({ name, content: await readFile(new URL(name, folder)) })))
}
