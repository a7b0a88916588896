// Output that cannot be written, or that no process reads.

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

/** Runs a line of bash in which `cckm` is the command; returns the exit code of `cckm` and all output. */
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

describe('a reader that closes the pipe early', () => {
  it.each(['--help', 'sweep --help', 'jobs --help', '--version', 'help'])(
    'exits with 0 if the reader of "%s" closes the pipe',
    async (args) => {
      expect(await bash(`cckm ${args} | true`)).toEqual({ code: 0, stdout: '', stderr: '' })
    },
  )

  it('exits with 0 if the reader takes only the first line of --help', async () => {
    const { code, stdout, stderr } = await bash('cckm --help | head -1')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^Usage: cckm-emulator/)
  })

  it('exits with 0 if the reader closes the pipe in the middle of a long list', async () => {
    const url = await withJobs(800)
    expect(await bash(`cckm jobs ls --limit 1000 --json --url ${url} | head -c 1`)).toEqual({
      code: 0,
      stdout: '{',
      stderr: '',
    })
  })
})

describe('output to a full disk', () => {
  const line = 'cckm-emulator: cannot write to stdout: ENOSPC: no space left on device, write\n'

  it.each(['--help', 'sweep --help', '--version'])(
    'fails with one line if the output of "%s" cannot be written',
    async (args) => {
      expect(await bash(`cckm ${args} >/dev/full`)).toEqual({ code: 1, stdout: '', stderr: line })
    },
  )

  it('fails with one line if the output of a client command cannot be written', async () => {
    const url = await withJobs(1)
    for (const args of ['jobs ls', 'token', 'jobs ls --json'])
      expect(await bash(`cckm ${args} --url ${url} >/dev/full`)).toEqual({ code: 1, stdout: '', stderr: line })
  })

  it('fails with one line if the output of validate cannot be written', async () => {
    const file = fileURLToPath(new URL('../../fixtures/seeds/documented.json', import.meta.url))
    expect(await bash(`cckm validate ${file} >/dev/full`)).toEqual({ code: 1, stdout: '', stderr: line })
  })

  it('exits with its code even if the error cannot be written', async () => {
    expect(await bash('cckm nothing 2>/dev/full')).toEqual({ code: 2, stdout: '', stderr: '' })
    expect(await bash('cckm --help >/dev/full 2>/dev/full')).toMatchObject({ code: 1 })
  })
})

it.each(['--help >&-', '--help 2>&-', '--help >&- 2>&-', 'nothing 2>&-'])(
  'exits with the usual code with closed streams: %s',
  async (args) => {
    expect(await bash(`cckm ${args}`)).toMatchObject({ code: args.startsWith('--help') ? 0 : 2, stderr: '' })
  },
)

describe('a log in a file', () => {
  /** Starts the emulator with stdout in this file; returns what a test needs to call and stop it. */
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

  it('serves requests while its log is on a full disk', async () => {
    const { url, stop } = await startOn('/dev/full', ['--log-level', 'debug'])
    for (let n = 0; n < 5; n += 1) expect((await fetch(`${url}/healthz`)).status).toBe(200)
    expect(await stop()).toBe(0)
  })

  it.each(['info', 'debug'])('writes its complete log to a file before it exits, at level %s', async (level) => {
    const file = join(temporaryFolder(), 'log')
    const { url, stop } = await startOn(file, ['--log-level', level])
    for (let n = 0; n < 300; n += 1) await (await fetch(`${url}/healthz`)).text()
    expect(await stop()).toBe(0)
    const lines = readFileSync(file, 'utf8').trim().split('\n')
    expect(lines.map((line) => JSON.parse(line) as object)).toHaveLength(lines.length)
    expect(lines.filter((line) => line.includes('"msg":"request"')).length).toBeGreaterThanOrEqual(300)
  })
})

describe('a log that no process reads', () => {
  /** Causes 1.5 MB of log lines, more than the buffer for a reader: a hundred requests a connection. */
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
  ])('answers requests and exits while nothing reads its log, at level %s as %s', async (level, format) => {
    const running = await startCli(['--seed', 'none', '--log-level', level, '--log-format', format])
    running.child.stdout!.pause()
    await flood(running.ready)
    expect((await fetch(`${running.ready.url}/healthz`)).status).toBe(200)
    const since = performance.now()
    running.child.kill('SIGTERM')
    const [code] = (await once(running.child, 'exit')) as [number | null]
    expect({ code, isInTime: performance.now() - since < 5000 }).toEqual({ code: 0, isInTime: true })
  })

  it('drops log lines past the buffer and logs how many once it is read again', async () => {
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
