// Output that cannot be written, or that nobody reads.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createEmulator } from '../../src/index.ts'
import { startCli, temporaryFolder } from './run-cli.ts'

const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url))

/** Runs a line of bash in which `cckm` is the command, and gives the exit code of `cckm` and all that was said. */
async function bash(line: string) {
  const env = { ...process.env, NODE: process.execPath, CLI }
  const script = `cckm() { "$NODE" "$CLI" "$@"; }\n${line}\nexit "\${PIPESTATUS[0]}"`
  const child = spawn('bash', ['-c', script], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { code: child.exitCode, stdout, stderr }
}

/** The url of an emulator with so many jobs. */
async function withJobs(count: number): Promise<string> {
  const emulator = await createEmulator({ seed: 'none', port: 0 })
  onTestFinished(() => emulator.close())
  const request = { keys: ['k1'], operation: 'enablekey' }
  for (let n = 0; n < count; n += 1) await emulator.domain('root').jobs.create({ family: 'aws.bulkjob', request })
  return (await emulator.listen()).url
}

describe('A reader that leaves early is no failure of', () => {
  it.each(['--help', 'sweep --help', 'jobs --help', '--version', 'help'])('%s', async (args) => {
    expect(await bash(`cckm ${args} | true`)).toEqual({ code: 0, stdout: '', stderr: '' })
  })

  it('--help, read to its first line', async () => {
    const { code, stdout, stderr } = await bash('cckm --help | head -1')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^Usage: cckm-emulator/)
  })

  it('a list that is longer than a pipe takes', async () => {
    const url = await withJobs(800)
    expect(await bash(`cckm jobs ls --limit 1000 --json --url ${url} | head -c 1`)).toEqual({
      code: 0,
      stdout: '{',
      stderr: '',
    })
  })
})

describe('A full disk fails', () => {
  const line = 'cckm-emulator: cannot write to stdout: ENOSPC: no space left on device, write\n'

  it.each(['--help', 'sweep --help', '--version'])('%s, in one line', async (args) => {
    expect(await bash(`cckm ${args} >/dev/full`)).toEqual({ code: 1, stdout: '', stderr: line })
  })

  it('a command that asks an emulator, in one line', async () => {
    const url = await withJobs(1)
    for (const args of ['jobs ls', 'token', 'jobs ls --json'])
      expect(await bash(`cckm ${args} --url ${url} >/dev/full`)).toEqual({ code: 1, stdout: '', stderr: line })
  })

  it('a check of files, in one line', async () => {
    const file = fileURLToPath(new URL('../../fixtures/seeds/documented.json', import.meta.url))
    expect(await bash(`cckm validate ${file} >/dev/full`)).toEqual({ code: 1, stdout: '', stderr: line })
  })

  it('nothing where errors cannot be written either', async () => {
    expect(await bash('cckm nothing 2>/dev/full')).toEqual({ code: 2, stdout: '', stderr: '' })
    expect(await bash('cckm --help >/dev/full 2>/dev/full')).toMatchObject({ code: 1 })
  })
})

it.each(['--help >&-', '--help 2>&-', '--help >&- 2>&-', 'nothing 2>&-'])(
  'closed streams are no failure of their own: %s',
  async (args) => {
    expect(await bash(`cckm ${args}`)).toMatchObject({ code: args.startsWith('--help') ? 0 : 2, stderr: '' })
  },
)

describe('The emulator', () => {
  /** Starts it with its stdout on a file; gives what it needs to be asked and stopped. */
  async function startOn(stdout: string, args: string[] = []) {
    const ready = join(temporaryFolder(), 'ready.json')
    const out = openSync(stdout, 'w')
    const child = spawn(process.execPath, [CLI, '--port', '0', '--seed', 'none', '--ready-file', ready, ...args], {
      stdio: ['ignore', out, 'ignore'],
    })
    closeSync(out)
    onTestFinished(() => void child.kill('SIGKILL'))
    await expect.poll(() => urlIn(ready)).toBeDefined()
    return { url: urlIn(ready)!, stop: () => stopped(child) }
  }

  it('goes on while its log is on a full disk', async () => {
    const { url, stop } = await startOn('/dev/full', ['--log-level', 'debug'])
    for (let n = 0; n < 5; n += 1) expect((await fetch(`${url}/healthz`)).status).toBe(200)
    expect(await stop()).toBe(0)
  })

  it.each(['info', 'debug'])('has all of its log in a file at its end, at level %s', async (level) => {
    const file = join(temporaryFolder(), 'log')
    const { url, stop } = await startOn(file, ['--log-level', level])
    for (let n = 0; n < 300; n += 1) await (await fetch(`${url}/healthz`)).text()
    expect(await stop()).toBe(0)
    const lines = readFileSync(file, 'utf8').trim().split('\n')
    expect(lines.map((line) => JSON.parse(line) as object)).toHaveLength(lines.length)
    expect(lines.filter((line) => line.includes('"msg":"request"')).length).toBeGreaterThanOrEqual(300)
  })
})

describe('A log that nobody reads', () => {
  /** Makes 1.5 MB of log lines, more than is kept for a reader: a hundred requests a connection. */
  async function flood({ port }: { port: number }): Promise<void> {
    const request = 'GET /healthz HTTP/1.1\r\nHost: a\r\n'
    for (let n = 0; n < 80; n += 1) {
      const socket = connect(port, '127.0.0.1')
      socket.write(`${request}\r\n`.repeat(99) + `${request}Connection: close\r\n\r\n`)
      expect((await text(socket)).match(/HTTP\/1\.1 200/g)).toHaveLength(100)
    }
  }

  it.each([
    ['info', 'json'],
    ['debug', 'json'],
    ['info', 'pretty'],
  ])('stops neither requests nor the end, at level %s as %s', async (level, format) => {
    const running = await startCli(['--seed', 'none', '--log-level', level, '--log-format', format])
    running.child.stdout!.pause()
    await flood(running.ready)
    expect((await fetch(`${running.ready.url}/healthz`)).status).toBe(200)
    const since = performance.now()
    running.child.kill('SIGTERM')
    const [code] = (await once(running.child, 'exit')) as [number | null]
    expect({ code, isInTime: performance.now() - since < 5000 }).toEqual({ code: 0, isInTime: true })
  })

  it('is bounded, and says once it is read again how much is missing', async () => {
    const running = await startCli(['--seed', 'none', '--log-level', 'debug'])
    running.child.stdout!.pause()
    await flood(running.ready)
    running.child.stdout!.resume()
    await expect.poll(() => running.output.stdout).toContain('lines were dropped')
    await fetch(`${running.ready.url}/api/v1/cckm/aws/bulkjob/after`)
    running.child.kill('SIGTERM')
    const { code, stdout } = await running.ended
    expect(code).toBe(0)
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { level: string; dropped?: number; url?: string })
    const reports = lines.filter(({ dropped }) => dropped !== undefined)
    expect(reports).toMatchObject([{ level: 'warn', dropped: expect.any(Number) as number }])
    expect(stdout.length).toBeLessThan(3 * 1024 * 1024)
    expect(stdout).toContain('"job":"after"')
  })
})

function urlIn(file: string): string | undefined {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { url: string }).url
  } catch {
    return undefined
  }
}

async function stopped(child: ReturnType<typeof spawn>): Promise<number | null> {
  child.kill('SIGTERM')
  const [code] = (await once(child, 'exit')) as [number | null]
  return code
}
