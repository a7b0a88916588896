import { accessSync, constants, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { StartError } from '../errors.ts'

export interface Readiness {
  readonly url: string | undefined
  readonly httpsUrl: string | undefined
  readonly port: number
  readonly adminToken: string | undefined
}

/** One that a killed process left behind must not pass for this one's. Also tells early that it cannot be written. */
export function clearReadyFile(path: string): void {
  attempt(path, () => {
    accessSync(dirname(path), constants.W_OK)
    for (const stale of [path, draftOf(path)]) rmSync(stale, { force: true })
  })
}

/** Whoever waits for the file sees nothing or all of it, and it goes away with the process, however that ends. */
export function writeReadyFile(path: string, { url, httpsUrl, port, adminToken }: Readiness): void {
  const { pid } = process
  const ready = { url: url ?? null, httpsUrl: httpsUrl ?? null, port, pid, adminToken: adminToken ?? null }
  const draft = draftOf(path)
  attempt(path, () => {
    // The token opens everything, so where there is one, only its owner may read it.
    // In a shared folder somebody may have put a file or a link there first: it is not written through.
    rmSync(draft, { force: true })
    writeFileSync(draft, `${JSON.stringify(ready)}\n`, { mode: adminToken === undefined ? 0o666 : 0o600, flag: 'wx' })
    renameSync(draft, path)
  })
  process.once('exit', () => rmSync(path, { force: true }))
}

/** One name, so that the draft of a process that was killed is found and taken away. */
function draftOf(path: string): string {
  return `${path}.draft`
}

function attempt(path: string, act: () => void): void {
  try {
    act()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new StartError(
      [`the ready file ${path} cannot be written (${code}): its folder must exist and be writable`],
      1,
    )
  }
}
