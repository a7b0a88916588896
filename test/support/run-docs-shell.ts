// Runs the shell examples of one page in one bash session, in order (run-docs.sh); a block with `file:` is saved first. If
// an example from source uses port 7443 or $TOKEN, an emulator runs beside the session and $TOKEN is set.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, delimiter, dirname, join } from 'node:path'
import type { Place } from './docs-places.ts'
import { freePort } from './free-port.ts'
import { type Block, problemAt } from './markdown.ts'
import { MAX_MS } from './run-python.ts'

/** In the place `package`: the packed package, and the folder with its installed command. */
export interface ShellOptions {
  tarball?: string
  bin?: string
}

export async function runShell(
  root: string,
  blocks: readonly Block[],
  place: Place,
  { tarball, bin }: ShellOptions,
): Promise<string[]> {
  if (blocks.length === 0) return []
  const folder = mkdtempSync(join(tmpdir(), 'cckm-docs-'))
  const scratch = mkdtempSync(join(tmpdir(), 'cckm-docs-'))
  if (place === 'package') copyFileSync(tarball!, join(folder, basename(tarball!)))
  // A copy of the project's layout, so that examples can use its files and create their own.
  else
    for (const name of readdirSync(root).filter((it) => it !== '.git'))
      symlinkSync(join(root, name), join(folder, name))
  // A container's session has the port for itself.
  const port = place === 'container' ? '7443' : String(await freePort())
  const env = {
    ...(place === 'package' && inherited()),
    // The examples need the Node that they name.
    PATH: [bin, dirname(process.execPath), process.env.PATH].filter((it) => it !== undefined).join(delimiter),
    HOME: scratch,
    REPO: root,
    NODE: process.execPath,
    PLACE: place,
    READY: join(scratch, 'ready.json'),
    LOG: join(scratch, 'emulator.log'),
    AT: join(scratch, 'at'),
    CCKM_EMULATOR_PORT: port,
    // Of the container script.
    PODMAN: process.env.PODMAN,
    CONTAINERS_CONF: process.env.CONTAINERS_CONF,
    // Packages come from the cache and with the settings of the machine.
    npm_config_cache: process.env.npm_config_cache ?? join(process.env.HOME ?? scratch, '.npm'),
    npm_config_userconfig: join(process.env.HOME ?? scratch, '.npmrc'),
  }
  writeFileSync(env.AT, '0')
  const script = scriptOf(root, blocks, place, { scratch, port })
  const run = await runBash(script, folder, env)
  const line = Number(readFileSync(env.AT, 'utf8'))
  for (const path of [folder, scratch]) rmSync(path, { recursive: true, force: true })
  return run.end === 0 ? [] : [problemAt({ ...blocks[0]!, line }, `exit ${String(run.end)}\n${run.output}`)]
}

/** Ends after the time limit with all processes that the script has started: npx keeps a lock while it runs. */
async function runBash(
  script: string,
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<{ end: number | string | null; output: string }> {
  const child = spawn('bash', ['-c', script], { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  const timer = setTimeout(() => process.kill(-child.pid!, 'SIGKILL'), MAX_MS)
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null]
  clearTimeout(timer)
  return { end: code ?? signal, output }
}

/** Without what the runner of this test sets for itself. npm needs the rest: proxies, certificates. */
const inherited = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(CCKM_EMULATOR_|VITEST|NODE_OPTIONS|NODE_ENV|TEST$)/.test(name)),
  )

function scriptOf(
  root: string,
  blocks: readonly Block[],
  place: Place,
  { scratch, port }: { scratch: string; port: string },
): string {
  const needsEmulator = place === 'source' && blocks.some(({ code }) => /7443|\bTOKEN\b/.test(code))
  const body = blocks.map(({ line, code, anyStatus, saveAs, number }) => {
    const text = code.replaceAll('7443', port)
    const at = `LINE=${line} ANY_STATUS=${anyStatus ? '--no-fail' : ''}\necho "$LINE" >"$AT"\n`
    if (saveAs === undefined) return at + text
    const saved = join(scratch, 'saved', String(number))
    mkdirSync(dirname(saved), { recursive: true })
    writeFileSync(saved, text)
    return `${at}mkdir -p "$(dirname '${saveAs}')"\ncp '${saved}' '${saveAs}'`
  })
  const helpers = readFileSync(join(root, 'test/support/run-docs.sh'), 'utf8')
  return [helpers, ...(needsEmulator ? ['start_emulator'] : []), ...body].join('\n')
}
