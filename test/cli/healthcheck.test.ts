import { expect, it } from 'vitest'
import { serverThat } from '../support/stub-server.ts'
import { callMain } from './call-main.ts'
import { runCli, startCli } from './run-cli.ts'

it('reports a running emulator as healthy at any address', async () => {
  const { ready } = await startCli(['--host', '0.0.0.0'])
  const port = String(ready.port)
  expect(await runCli(['healthcheck', '--port', port])).toEqual({ code: 0, signal: null, stdout: '', stderr: '' })
  const quiet = { code: 0, stdout: '', stderr: '' }
  const env = { CCKM_EMULATOR_PORT: port, CCKM_EMULATOR_HOST: '0.0.0.0', CCKM_EMULATOR_RATE: '60' }
  expect(await callMain(['healthcheck'], env)).toEqual(quiet)
  // Other flags of start are accepted, so that its command line can be reused.
  expect(await callMain(['healthcheck', '--seed', 'none', '--port', port, '--print-token'])).toEqual(quiet)
})

it('takes the address of another emulator as every client command does', async () => {
  const { ready, readyFile } = await startCli(['--host', '0.0.0.0', '--seed', 'none'])
  const healthy = { code: 0, stdout: '', stderr: '' }
  const nowhere = { CCKM_EMULATOR_URL: 'http://127.0.0.1:1', CCKM_EMULATOR_PORT: '1' }
  expect(await callMain(['healthcheck', '--url', ready.url], nowhere)).toEqual(healthy)
  expect(await callMain(['healthcheck', '--url', `${ready.httpsUrl}/`], nowhere)).toEqual(healthy)
  expect(await callMain(['healthcheck'], { ...nowhere, CCKM_EMULATOR_URL: ready.url })).toEqual(healthy)
  expect(await callMain(['healthcheck', '--port', String(ready.port)], nowhere)).toEqual(healthy)
  expect(await callMain(['healthcheck'], { ...nowhere, CCKM_EMULATOR_URL: '' })).toMatchObject({ code: 1 })
  // What the server left in its ready file names a port that no setting does.
  const env = { CCKM_EMULATOR_READY_FILE: readyFile, CCKM_EMULATOR_PORT: '0' }
  expect(await callMain(['healthcheck'], env)).toEqual(healthy)
  expect(await callMain(['jobs', 'ls'], env)).toMatchObject({ code: 0, stderr: '' })
  expect(await callMain(['healthcheck', '--port', '1'], env)).toMatchObject({ code: 1 })
})

it.each([
  [['--url', 'x'], '--url: "x" is not an address such as http://127.0.0.1:7443 (did you mean http://x?)'],
  [['--url', 'http://a:b@h'], '--url: an address holds no user name and no password: write http://h'],
])('reports a bad address as unhealthy: %j', async (args, line) => {
  expect(await callMain(['healthcheck', ...args])).toMatchObject({ code: 1, stderr: `cckm-emulator: ${line}\n` })
})

it('refuses a URL beside a port', async () => {
  const { code, stderr } = await callMain(['healthcheck', '--url', 'http://h', '--port', '1'])
  expect([code, stderr]).toEqual([2, expect.stringContaining("'--url <url>' cannot be used with")])
})

it('reports a missing emulator as unhealthy in one line', async () => {
  const { code, stderr } = await callMain(['healthcheck', '--port', '1'])
  expect(stderr).toBe('cckm-emulator: no answer from http://127.0.0.1:1/healthz: ECONNREFUSED\n')
  expect(code).toBe(1)
})

it('reports any other response as unhealthy', async () => {
  const port = await serverThat((_request, response) => response.writeHead(503).end())
  const { code, stderr } = await callMain(['healthcheck', '--port', port])
  expect(stderr).toBe(`cckm-emulator: http://127.0.0.1:${port}/healthz answered 503, not 200\n`)
  expect(code).toBe(1)
})

it('reports no response within five seconds as unhealthy', async () => {
  const port = await serverThat(() => undefined)
  const { code, stderr } = await callMain(['healthcheck', '--port', port])
  expect(stderr).toBe(`cckm-emulator: no answer from http://127.0.0.1:${port}/healthz: nothing within 5 s\n`)
  expect(code).toBe(1)
})

it.each([
  [['--port', '0'], 'port 0 is not the port of a running emulator: give its port with --port'],
  [['--port', 'x'], '--port: "x" is not a port: a whole number up to 65535'],
])('reports an invalid configuration as unhealthy: %j', async (args, line) => {
  expect(await callMain(['healthcheck', ...args])).toMatchObject({ code: 1, stderr: `cckm-emulator: ${line}\n` })
})
