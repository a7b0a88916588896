// The bundle contains other people's packages; their licences ask that their notices go along.

import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Metafile } from 'esbuild'

const packageFolder = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/

/** The folders of the packages that went into the bundle, in order. */
export function bundledPackages({ inputs }: Metafile): readonly string[] {
  return [...new Set(Object.keys(inputs).flatMap((path) => packageFolder.exec(path)?.[0] ?? []))].sort()
}

/** The notices of these packages, one after the other. */
export function licensesOf(root: string, folders: readonly string[]): string {
  return folders.map((folder) => noticeOf(join(root, folder))).join(`\n${'-'.repeat(80)}\n\n`)
}

function noticeOf(folder: string): string {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, string>
  const files = readdirSync(folder).filter((name) => /^(licen[cs]e|notice)/i.test(name))
  const texts = files.map((name) => readFileSync(join(folder, name), 'utf8').trim())
  return `${manifest.name} ${manifest.version} (${manifest.license})\n\n${texts.join('\n\n')}\n`
}
