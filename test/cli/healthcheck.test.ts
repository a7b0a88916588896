import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { callMain } from './call-main.ts'
import { runCli, startCli } from './run-cli.ts'

async function serverThat(answers: RequestListener): Promise<string> {
  const server = createServer(answers).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return String((server.address() as AddressInfo).port)
}

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

it('reports no response within two seconds as unhealthy', async () => {
  const port = await serverThat(() => undefined)
  const { code, stderr } = await callMain(['healthcheck', '--port', port])
  expect(stderr).toBe(`cckm-emulator: no answer from http://127.0.0.1:${port}/healthz: nothing within 2 s\n`)
  expect(code).toBe(1)
})

it.each([
  [['--port', '0'], 'port 0 says nothing of where the emulator is: give its port with --port'],
  [['--port', 'x'], '--port: "x" is not a port: a whole number up to 65535'],
])('reports an invalid configuration as unhealthy: %j', async (args, line) => {
  expect(await callMain(['healthcheck', ...args])).toMatchObject({ code: 1, stderr: `cckm-emulator: ${line}\n` })
})
