import { accessSync, constants, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { StartError } from '../errors.ts'

interface Readiness {
  readonly url: string | undefined
  readonly httpsUrl: string | undefined
  readonly port: number
  readonly adminToken: string | undefined
}

/** One that a killed process left behind must not pass for this one's. Also tells early that it cannot be written. */
export function clearReadyFile(path: string): void {
  attempt(path, () => {
    accessSync(dirname(path), constants.W_OK)
    rmSync(path, { force: true })
  })
}

/** A reader of the file sees nothing or all of it. The end of the process removes it, unless it is another's by then. */
export function writeReadyFile(path: string, { url, httpsUrl, port, adminToken }: Readiness): void {
  const { pid } = process
  const ready = { url: url ?? null, httpsUrl: httpsUrl ?? null, port, pid, adminToken: adminToken ?? null }
  // A name of its own: another start may be writing to the same path.
  const draft = `${path}.${pid}.draft`
  attempt(path, () => {
    // The token opens everything, so where there is one, only its owner may read it.
    // In a shared folder somebody may have put a file or a link there first: it is not written through.
    rmSync(draft, { force: true })
    writeFileSync(draft, `${JSON.stringify(ready)}\n`, { mode: adminToken === undefined ? 0o666 : 0o600, flag: 'wx' })
    renameSync(draft, path)
  })
  process.once('exit', () => {
    if (readReadyFile(path)?.pid === pid) rmSync(path, { force: true })
  })
}

/** undefined where the file is gone, or was written by something else. */
export function readReadyFile(path: string): { readonly url?: unknown; readonly pid?: unknown } | undefined {
  try {
    return (JSON.parse(readFileSync(path, 'utf8')) as object | null) ?? undefined
  } catch {
    return undefined
  }
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
