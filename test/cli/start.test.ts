import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer, connect, type AddressInfo, type Socket } from 'node:net'
import { dirname, join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { launch, runCli, startCli, temporaryFolder, type Running } from './run-cli.ts'

/** An open connection with one answered request, as in a client's pool. */
async function idleConnection(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  socket.on('error', () => undefined)
  socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n')
  const [answer] = (await once(socket.setEncoding('latin1'), 'data')) as [string]
  expect(answer).toMatch(/^HTTP\/1\.1 200 /)
  return socket
}

async function stop({ child, ended }: Running, signal: NodeJS.Signals) {
  child.kill(signal)
  return ended
}

/** A port on which another server listens. */
async function takenPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

const jsonLines = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)

describe('the ready file', () => {
  it('remains when an emulator stops after another one has replaced the file', async () => {
    const first = await startCli()
    const second = launch(['--port', '0', '--ready-file', first.readyFile], {})
    const pidIn = () => (JSON.parse(readFileSync(first.readyFile, 'utf8')) as { pid: number }).pid
    await expect.poll(() => existsSync(first.readyFile) && pidIn()).toBe(second.child.pid)
    first.child.kill('SIGTERM')
    await first.ended
    expect(pidIn()).toBe(second.child.pid)
    second.child.kill('SIGTERM')
    await second.ended
    expect(existsSync(first.readyFile)).toBe(false)
  })

  it('is complete although several starts write it at once', async () => {
    const file = join(temporaryFolder(), 'ready.json')
    const started = Array.from({ length: 3 }, () => launch(['--port', '0', '--ready-file', file], {}))
    await expect.poll(() => started.every(({ output }) => output.stdout.includes('listening'))).toBe(true)
    for (const { child } of started) child.kill('SIGTERM')
    const ends = await Promise.all(started.map(({ ended }) => ended))
    expect(ends.map(({ code }) => code)).toEqual([0, 0, 0])
    expect(readdirSync(dirname(file))).toEqual([])
  })

  it.each(['{"pid":1}', 'null', 'not JSON'])('is not deleted by a stop if it has other content: %s', async (text) => {
    const { readyFile, child, ended } = await startCli()
    writeFileSync(readyFile, text)
    child.kill('SIGTERM')
    await ended
    expect(readFileSync(readyFile, 'utf8')).toBe(text)
  })

  it('deletes the ready file of a killed process until the next one is ready', async () => {
    const { readyFile, child, ended } = await startCli()
    child.kill('SIGKILL')
    await ended
    expect(existsSync(readyFile)).toBe(true)
    const { code } = await runCli(['--ready-file', readyFile, '--port', String(await takenPort())])
    expect(code).toBe(1)
    expect(existsSync(readyFile)).toBe(false)
  })

  it('is written when the emulator answers, and has its addresses', async () => {
    const { ready, child } = await startCli()
    const { port } = ready
    expect(ready).toEqual({
      url: `http://127.0.0.1:${port}`,
      httpsUrl: `https://127.0.0.1:${port}`,
      port,
      pid: child.pid,
      adminToken: null,
    })
    expect((await fetch(`${ready.url}/healthz`)).status).toBe(200)
  })

  it('contains the admin token and is readable by its owner only', async () => {
    const { ready, readyFile } = await startCli([], { CCKM_EMULATOR_ADMIN_TOKEN: 's3cret' })
    expect(ready.adminToken).toBe('s3cret')
    expect(statSync(readyFile).mode & 0o777).toBe(0o600)
  })

  it('does not mistake the ready file of a killed process for its own', async () => {
    const file = join(temporaryFolder(), 'ready.json')
    writeFileSync(file, '{}')
    const { code } = await runCli(['--ready-file', file, '--port', String(await takenPort())])
    expect({ code, isThere: existsSync(file) }).toEqual({ code: 1, isThere: false })
  })

  it('fails to start if the ready file cannot be written', async () => {
    const folder = temporaryFolder()
    const { code, stderr } = await runCli(['--port', '0', '--ready-file', join(folder, 'none', 'ready.json')])
    expect(stderr).toMatch(
      /^cckm-emulator: the ready file .* cannot be written \(ENOENT\): its folder must exist and be writable\n$/,
    )
    expect(code).toBe(1)
    mkdirSync(join(folder, 'ready.json'))
    expect(await runCli(['--port', '0', '--ready-file', join(folder, 'ready.json')])).toMatchObject({ code: 1 })
  })
})

describe('A signal', () => {
  // The emulator gives itself two seconds to stop; past them it logs a warning and exits with 1.
  it.each(['SIGTERM', 'SIGINT'] as const)('exits with 0 in time at %s, even with idle connections', async (signal) => {
    const running = await startCli()
    await idleConnection(running.ready.port)
    const { code, stderr } = await stop(running, signal)
    expect({ code, complaints: stderr.match(/^cckm-emulator: .*/gm) }).toEqual({ code: 0, complaints: null })
    expect(existsSync(running.readyFile)).toBe(false)
  })

  it('writes every line of the log before it exits at a signal', async () => {
    const running = await startCli(['--log-level', 'info'])
    const requests = Array.from({ length: 20 }, () => fetch(`${running.ready.url}/api/v1/nothing`))
    await Promise.all(requests)
    const { stdout } = await stop(running, 'SIGTERM')
    expect(jsonLines(stdout).filter(({ msg }) => msg === 'request')).toHaveLength(20)
  })
})

it('continues when the reader of its output closes the pipe', async () => {
  const running = await startCli(['--log-level', 'debug'])
  running.child.stdout?.destroy()
  running.child.stderr?.destroy()
  for (let n = 0; n < 3; n += 1) expect((await fetch(`${running.ready.url}/healthz`)).status).toBe(200)
  expect(await stop(running, 'SIGTERM')).toMatchObject({ code: 0 })
})

describe('the output of a start', () => {
  it('prints the addresses, http first, the dashboard and how to get a token to stderr, beside a JSON log on stdout', async () => {
    const running = await startCli()
    const { stdout, stderr } = await stop(running, 'SIGTERM')
    const { url, httpsUrl } = running.ready
    expect(stderr).toMatch(
      /^cckm-emulator \S+ listens on\n {2}http:\/\/127\.0\.0\.1:\d+\n {2}https:\/\/127\.0\.0\.1:\d+\n\nDashboard: http:\/\/127\.0\.0\.1:\d+\/__dashboard\nToken: cckm-emulator token --url http:\/\/127\.0\.0\.1:\d+ \(or start with --print-token\)\n$/,
    )
    expect(jsonLines(stdout)).toContainEqual(
      expect.objectContaining({ level: 'info', msg: 'listening', url, httpsUrl }),
    )
  })

  it('prints to stdout without a JSON log', async () => {
    const running = await startCli([], { CCKM_EMULATOR_LOG_LEVEL: 'silent' })
    const { stdout, stderr } = await stop(running, 'SIGTERM')
    expect(stdout).toContain(`listens on\n  ${running.ready.url}\n`)
    expect(stderr).toBe('')
  })

  it('logs in a readable format to stdout', async () => {
    const running = await startCli(['--log-format', 'pretty'])
    await fetch(`${running.ready.url}/api/v1/nothing`)
    const { stdout, stderr } = await stop(running, 'SIGTERM')
    expect(stdout).toContain(`listens on\n  ${running.ready.url}\n`)
    expect(stdout).toMatch(/^\[\d\d:\d\d:\d\d\.\d{3}\] INFO: request/m)
    expect(stderr).toBe('')
  })

  it('prints a token and a curl line with --print-token, and logs neither', async () => {
    const running = await startCli(['--print-token'])
    const { stdout, stderr } = await stop(running, 'SIGTERM')
    const [, token = ''] = /^export TOKEN=(\S+)$/m.exec(stderr) ?? []
    const { exp, iat } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<
      string,
      number
    >
    expect(exp! - iat!).toBe(12 * 3600)
    const address = `${running.ready.httpsUrl!}/api/v1/cckm/azure/bulkjobs/ee4482eb-0b97-4702-8ef6-7e86df66eaa5`
    expect(stderr).toContain(`\ncurl -k ${address} -H "Authorization: Bearer $TOKEN" --compressed\n`)
    expect(stdout).not.toContain(token)
  })

  it('prints a curl line that fits the seeds, and uses http without TLS', async () => {
    const running = await startCli(['--print-token', '--seed', 'none', '--tls', 'off'])
    const { stderr } = await stop(running, 'SIGTERM')
    expect(running.ready.httpsUrl).toBeNull()
    expect(stderr).toContain(`\ncurl ${running.ready.url}/api/v1/cckm/azure/bulkjobs -H `)
  })
})

describe('a start that fails', () => {
  it('prints one line if the port is taken', async () => {
    const port = await takenPort()
    const { code, stderr } = await runCli(['--port', String(port)])
    const line = `port ${port} on 127.0.0.1 is in use: stop the process that listens there, or choose another port with --port (0 takes a free one)`
    expect({ code, stderr }).toEqual({ code: 1, stderr: `cckm-emulator: ${line}\n` })
  })

  it('prints one line if the address belongs to another machine', async () => {
    const { code, stderr } = await runCli(['--port', '0', '--host', '192.0.2.1'])
    const line = '192.0.2.1 is not an address of this machine: choose one with --host'
    expect({ code, stderr }).toEqual({ code: 1, stderr: `cckm-emulator: ${line}\n` })
  })

  it('prints one line if the data folder is a file', async () => {
    const data = join(temporaryFolder(), 'data')
    writeFileSync(data, '')
    const { code, stderr } = await runCli(['--port', '0', '--data', data])
    expect(stderr).toMatch(/^cckm-emulator: .*\n$/)
    expect(code).toBe(1)
  })

  it('prints the place of an invalid seed, with exit code 2', async () => {
    const seed = join(temporaryFolder(), 'bad.json')
    writeFileSync(seed, '{\n  "jobs": [\n    { "jb": {} }\n  ]\n}\n')
    const { code, stderr, stdout } = await runCli(['--port', '0', '--seed', seed])
    for (const line of stderr.trimEnd().split('\n')) expect(line).toMatch(/^cckm-emulator: .*bad\.json:3/)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  })
})

describe('a start that other machines can reach', () => {
  const warnings = ({ stdout, stderr }: { stdout: string; stderr: string }) => ({
    printed: stderr.split('\n').filter((line) => line.startsWith('cckm-emulator: warning: ')),
    logged: jsonLines(stdout).filter((line) => (line as { level?: string }).level === 'warn'),
  })

  it('warns in one line, and in the log, if there is no admin token', async () => {
    const running = await startCli(['--host', '0.0.0.0'])
    const { printed, logged } = warnings(await stop(running, 'SIGTERM'))
    expect(printed).toHaveLength(1)
    expect(printed[0]).toMatch(
      /any client that can reach 0\.0\.0\.0 .* CCKM_EMULATOR_ADMIN_TOKEN .* --host 127\.0\.0\.1/,
    )
    expect(logged).toHaveLength(1)
  })

  it.each([
    ['an admin token', ['--host', '0.0.0.0'], { CCKM_EMULATOR_ADMIN_TOKEN: 'secret' }],
    ['no control API', ['--host', '0.0.0.0', '--no-admin'], {}],
    ['only this machine', ['--host', '127.0.0.2'], {}],
  ])('prints no warning with %s', async (_what, args, env) => {
    const running = await startCli(args, env)
    expect(warnings(await stop(running, 'SIGTERM'))).toEqual({ printed: [], logged: [] })
  })
})
