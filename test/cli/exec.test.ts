// `exec`: a command with its own emulator. Most tests run in this process; those of streams and signals in a real one.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { once } from 'node:events'
import { dirname, join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createEmulator } from '../../src/index.ts'
import { freePort } from '../support/free-port.ts'
import { callMain, type Outcome } from './call-main.ts'
import { launch, runCli, temporaryFolder } from './run-cli.ts'

type Variables = Record<string, string>

/** Runs a Node script with an emulator; the script's `tell(value)` returns a value to the test. */
async function execScript(flags: string[], script: string, env: Variables = {}): Promise<Outcome & { told: unknown }> {
  const file = join(temporaryFolder(), 'told.json')
  const tell = `const tell = (value) => require('node:fs').writeFileSync(process.argv[1], JSON.stringify(value));`
  const command = [process.execPath, '-e', `${tell}(async () => { ${script} })()`, file]
  const outcome = await callMain(['exec', ...flags, '--', ...command], env)
  return { ...outcome, told: existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined }
}

/** The environment of the command. */
async function environmentIn(flags: string[], env: Variables = {}): Promise<Variables> {
  const { code, stderr, told } = await execScript(flags, 'tell(process.env)', env)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return told as Variables
}

const ours = (env: Variables) =>
  Object.keys(env)
    .filter((name) => name.startsWith('CCKM_EMULATOR_'))
    .sort()

const EXPORTED = ['CA_FILE', 'DOMAIN', 'HTTPS_URL', 'PASSWORD', 'RUN_ID', 'TOKEN', 'URL', 'USERNAME'].map(
  (name) => `CCKM_EMULATOR_${name}`,
)

describe('the command of exec', () => {
  it('receives the addresses and a token of its emulator, for http and https', async () => {
    const { code, stdout, stderr, told } = await execScript(
      [],
      `const { CCKM_EMULATOR_URL: url, CCKM_EMULATOR_HTTPS_URL: httpsUrl, CCKM_EMULATOR_TOKEN: token } = process.env
       const { CCKM_EMULATOR_USERNAME: username, CCKM_EMULATOR_PASSWORD: password } = process.env
       const body = JSON.stringify({ username, password, domain: process.env.CCKM_EMULATOR_DOMAIN })
       const headers = { 'content-type': 'application/json' }
       const signIn = await fetch(url + '/api/v1/auth/tokens', { method: 'POST', headers, body })
       const list = await fetch(httpsUrl + '/api/v1/cckm/azure/bulkjobs', { headers: { authorization: 'Bearer ' + token } })
       const { exp, iat } = JSON.parse(Buffer.from(token.split('.')[1], 'base64url'))
       tell({ signIn: signIn.status, list: list.status, domain: list.headers.get('x-emulator-domain'), life: exp - iat })`,
    )
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: '' })
    expect(told).toEqual({ signIn: 200, list: 200, domain: 'root', life: 12 * 3600 })
  })

  it('receives exactly the variables of docs/guides/exec.md, with a run id of its own', async () => {
    const [one, other] = [await environmentIn([]), await environmentIn([])]
    expect(ours(one)).toEqual(EXPORTED)
    expect(one).toMatchObject({ CCKM_EMULATOR_USERNAME: 'admin', CCKM_EMULATOR_PASSWORD: 'admin' })
    expect(one.CCKM_EMULATOR_RUN_ID).toMatch(/^[a-z0-9]{10}$/)
    expect(one.CCKM_EMULATOR_RUN_ID).not.toBe(other.CCKM_EMULATOR_RUN_ID)
  })

  it('receives its own flags, with or without --', async () => {
    const file = join(temporaryFolder(), 'args')
    for (const dashes of [['--'], []]) {
      const command = ['sh', '-c', 'echo "$@" >"$0"', file, '--port', '1', '-x', '--']
      expect(await callMain(['exec', '--clock', 'step', ...dashes, ...command])).toMatchObject({ code: 0, stderr: '' })
      expect(readFileSync(file, 'utf8')).toBe('--port 1 -x --\n')
    }
  })

  it('runs without a shell', async () => {
    const file = join(temporaryFolder(), '$HOME; *')
    expect(await callMain(['exec', '--', 'touch', file])).toMatchObject({ code: 0 })
    expect(existsSync(file)).toBe(true)
  })

  it.each([
    ['from exit', 'exit 7', 7],
    ['from a signal', 'kill -9 $$', 137],
  ])('passes on the exit code of the command: %s', async (_what, script, code) => {
    expect(await callMain(['exec', '--', 'sh', '-c', script])).toEqual({ code, stdout: '', stderr: '' })
  })

  it('stops the emulator and deletes its certificate when the command ends', async () => {
    const env = await environmentIn([])
    await expect(fetch(env.CCKM_EMULATOR_URL!)).rejects.toThrow()
    expect(existsSync(dirname(env.CCKM_EMULATOR_CA_FILE!))).toBe(false)
  })
})

describe('the emulator of exec', () => {
  it('uses the settings of flags, environment and file', async () => {
    const config = join(temporaryFolder(), 'emulator.yaml')
    writeFileSync(config, 'port: 1\nrandomSeed: 5\nscenario: stuck\n')
    const { told } = await execScript(
      ['--clock', 'frozen@2026-01-01T00:00:00Z', '--config', config],
      `const get = async (path) => (await fetch(process.env.CCKM_EMULATOR_URL + '/__admin' + path)).json()
       tell({ clock: (await get('/clock')).now, create: (await get('/settings')).createStatus, scenarios: (await get('/scenarios')).default })`,
      { CCKM_EMULATOR_SET: 'createStatus=202' },
    )
    expect(told).toEqual({ clock: '2026-01-01T00:00:00Z', create: 202, scenarios: 'stuck' })
  })

  it('listens on a free port even inside another exec, or on --port', async () => {
    const outer = { CCKM_EMULATOR_PORT: '1', CCKM_EMULATOR_URL: 'http://127.0.0.1:1' }
    expect((await environmentIn([], outer)).CCKM_EMULATOR_URL).not.toBe(outer.CCKM_EMULATOR_URL)
    const port = await freePort()
    expect((await environmentIn(['--port', String(port)])).CCKM_EMULATOR_URL).toBe(`http://127.0.0.1:${port}`)
  })

  it("removes the settings and addresses of an outer emulator from the command's environment", async () => {
    const outer = {
      CCKM_EMULATOR_SCENARIO: 'slow',
      CCKM_EMULATOR_TLS: 'off',
      CCKM_EMULATOR_HTTPS_URL: 'https://127.0.0.1:1',
      CCKM_EMULATOR_CA_FILE: '/nowhere',
      CCKM_EMULATOR_TOKEN: 'old',
    }
    const env = await environmentIn([], outer)
    expect(ours(env)).toEqual(EXPORTED.filter((name) => !/HTTPS_URL|CA_FILE/.test(name)))
    expect(env.CCKM_EMULATOR_TOKEN).not.toBe('old')
  })

  it("keeps the variables of the current run in the command's environment", async () => {
    const run = { CCKM_EMULATOR_RUN_ID: 'mine', CCKM_EMULATOR_KEEP_DOMAINS: '1' }
    expect(await environmentIn([], run)).toMatchObject(run)
  })

  it('passes the admin token of a locked emulator to the command', async () => {
    const env = await environmentIn(['--admin-token', 's3cret'])
    expect(env.CCKM_EMULATOR_ADMIN_TOKEN).toBe('s3cret')
  })

  it.each([
    ['an administrator, if one exists', ['--user', 'ci:one:CCKM Users', '--user', 'boss:two:admin'], 'boss two'],
    ['otherwise a user who can sign in', ['--user', 'ci:one:CCKM Users'], 'ci one'],
  ])('passes on the user name and password of %s', async (_what, flags, expected) => {
    const { CCKM_EMULATOR_USERNAME: name, CCKM_EMULATOR_PASSWORD: password } = await environmentIn(flags)
    expect(`${name} ${password}`).toBe(expected)
  })

  it('passes on no user if none can sign in', async () => {
    const config = join(temporaryFolder(), 'emulator.yaml')
    writeFileSync(config, 'users: [{ name: ci, password: ci, domain: t-42 }]\n')
    const env = await environmentIn(['--config', config])
    expect(ours(env)).toEqual(EXPORTED.filter((name) => !/USERNAME|PASSWORD/.test(name)))
  })

  it('adds its CA to NODE_EXTRA_CA_CERTS, also without a control API', async () => {
    await using other = await createEmulator()
    const theirs = (await other.caCertificate())!
    const file = join(temporaryFolder(), 'theirs.pem')
    writeFileSync(file, theirs)
    const { told } = await execScript(
      ['--no-admin'],
      `const { readFileSync } = require('node:fs')
       const read = (name) => readFileSync(process.env[name], 'utf8')
       tell({ own: read('CCKM_EMULATOR_CA_FILE'), all: read('NODE_EXTRA_CA_CERTS') })`,
      { NODE_EXTRA_CA_CERTS: file },
    )
    const { own, all } = told as { own: string; all: string }
    expect(own).toMatch(/^-----BEGIN CERTIFICATE-----\n/)
    expect(own).not.toBe(theirs)
    expect(all).toBe(theirs.trimEnd() + '\n' + own)
  })

  it('ignores NODE_EXTRA_CA_CERTS if Node could not read it either', async () => {
    const { told } = await execScript(
      [],
      `tell((await fetch(process.env.CCKM_EMULATOR_HTTPS_URL + '/healthz')).status)`,
      { NODE_EXTRA_CA_CERTS: join(temporaryFolder(), 'none.pem') },
    )
    expect(told).toBe(200)
  })

  it('stores data in the --data folder', async () => {
    const data = join(temporaryFolder(), 'data')
    const count = `const { CCKM_EMULATOR_URL: url } = process.env
      const body = JSON.stringify({ family: 'aws.bulkjob', request: { keys: ['k1'], operation: 'enablekey' } })
      await fetch(url + '/__admin/jobs', { method: 'POST', body, headers: { 'content-type': 'application/json' } })
      tell((await (await fetch(url + '/__admin/jobs')).json()).total)`
    const flags = ['--seed', 'none', '--data', data]
    expect((await execScript(flags, count)).told).toBe(1)
    expect((await execScript(flags, count)).told).toBe(2)
  })

  it('writes a ready file', async () => {
    const file = join(temporaryFolder(), 'ready.json')
    const { told } = await execScript(
      ['--ready-file', file],
      `tell(JSON.parse(require('node:fs').readFileSync(${JSON.stringify(file)}, 'utf8')).url === process.env.CCKM_EMULATOR_URL)`,
    )
    expect(told).toBe(true)
  })

  it('stops the command after an unexpected failure of the emulator, and exits with 1', async () => {
    const listeners = process.listeners('uncaughtException')
    process.removeAllListeners('uncaughtException')
    onTestFinished(() => listeners.forEach((each) => process.on('uncaughtException', each)))
    const readyFile = join(temporaryFolder(), 'ready.json')
    const outcome = callMain(['exec', '--ready-file', readyFile, '--', 'sleep', '60'])
    await vi.waitUntil(() => process.listenerCount('uncaughtException') > 0, { timeout: 60_000 })
    process.emit('uncaughtException', new Error('of a test'))
    expect(await outcome).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^cckm-emulator: unexpected error, please report it: Error: of a test\n/) as string,
    })
  })
})

describe('a command that cannot run', () => {
  it.each<[string, string[], number, string]>([
    ['no command', [], 2, 'exec: which command? For instance: cckm-emulator exec -- npm test'],
    [
      'an unknown flag',
      ['--scenari', 'slow', '--', 'true'],
      2,
      `unknown option '--scenari' (did you mean --scenario?)`,
    ],
    ['a command that does not exist', ['--', 'no-such-command'], 127, 'exec: there is no command "no-such-command"'],
    ['a command with an empty name', ['--', ''], 127, 'exec: there is no command ""'],
    ['a folder', ['--', '/'], 126, 'exec: / cannot be run (EACCES)'],
    ['an unknown scenario', ['--scenario', 'slwo', '--', 'true'], 2, expect.stringContaining('slow') as string],
  ])('prints one line for %s', async (_what, args, code, line) => {
    const { stderr, ...outcome } = await callMain(['exec', ...args])
    expect({ ...outcome, lines: stderr.split('\n') }).toEqual({
      code,
      stdout: '',
      lines: [typeof line === 'string' ? `cckm-emulator: ${line}` : line, ''],
    })
  })

  it('prints one line and runs no command if the port is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    const { code, stderr, told } = await execScript(['--port', String(port)], 'tell(1)')
    expect({ code, told }).toEqual({ code: 1, told: undefined })
    expect(stderr).toMatch(/^cckm-emulator: port \d+ on 127\.0\.0\.1 is in use: .*\n$/)
  })
})

describe('exec as a process', () => {
  it('leaves stdin, stdout and stderr to the command', async () => {
    const { child, ended } = launch(['exec', '--', 'sh', '-c', 'cat; echo complaint >&2'], {})
    child.stdin!.end('typed\n')
    expect(await ended).toMatchObject({ code: 0, stdout: 'typed\n', stderr: 'complaint\n' })
  })

  it('logs to stderr, by default warnings only', async () => {
    const call = `fetch(process.env.CCKM_EMULATOR_URL + '/api/v1/nothing')`
    const command = ['--', process.execPath, '-e', call]
    const [quiet, asked] = await Promise.all([
      runCli(['exec', ...command]),
      runCli(['exec', '--log-level', 'info', ...command]),
    ])
    expect(quiet).toMatchObject({ code: 0, stdout: '', stderr: '' })
    expect(asked).toMatchObject({ code: 0, stdout: '', stderr: expect.stringMatching(/"msg":"request"/) as string })
  })

  it.each(['SIGINT', 'SIGTERM'] as const)('passes %s on and waits for the command to end', async (signal) => {
    const script = `process.on('${signal}', async () => {
        const { status } = await fetch(process.env.CCKM_EMULATOR_URL + '/healthz')
        process.exit(status === 200 ? 42 : 1)
      })
      setInterval(() => undefined, 1000)
      console.log('waiting')`
    const { child, ended } = launch(['exec', '--', process.execPath, '-e', script], {})
    await once(child.stdout!, 'data')
    child.kill(signal)
    expect(await ended).toMatchObject({ code: 42, stderr: '' })
  })

  it('exits like a shell if a signal kills the command, and leaves no process or file', async () => {
    const tmp = join(temporaryFolder(), 'tmp')
    mkdirSync(tmp)
    const { child, ended } = launch(['exec', '--', 'sh', '-c', 'echo $CCKM_EMULATOR_CA_FILE; exec sleep 60'], {
      TMPDIR: tmp,
    })
    const [caFile] = (await once(child.stdout!, 'data')) as [string]
    expect(existsSync(caFile.trim())).toBe(true)
    child.kill('SIGTERM')
    expect(await ended).toMatchObject({ code: 143, stderr: '' })
    expect(existsSync(dirname(caFile.trim()))).toBe(false)
  })

  it('lets the command run client commands and a nested exec', async () => {
    const cli = `"${process.execPath}" "${new URL('../../src/cli.ts', import.meta.url).pathname}"`
    const script = `${cli} clock show && ${cli} exec -- sh -c '[ "$CCKM_EMULATOR_URL" != "'$CCKM_EMULATOR_URL'" ] && echo another'`
    const { code, stdout, stderr } = await runCli([
      'exec',
      '--clock',
      'frozen@2026-01-01T00:00:00Z',
      '--',
      'sh',
      '-c',
      script,
    ])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/frozen[^]*2026-01-01T00:00:00Z[^]*\nanother\n$/)
  })
})
