// Proxy variables: requests to the own machine never use a proxy.

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createEmulator } from '../../src/index.ts'
import { runCli } from './run-cli.ts'

const HINT = '; the request went through an HTTP proxy: add the host to NO_PROXY to avoid it'
/** Nothing listens on the discard port. */
const NOBODY = 'http://127.0.0.1:9'

const proxied = (proxy: string): Record<string, string> => ({
  NODE_USE_ENV_PROXY: '1',
  HTTP_PROXY: proxy,
  http_proxy: proxy,
  HTTPS_PROXY: proxy,
  ALL_PROXY: proxy,
  NO_PROXY: '',
  no_proxy: '',
})

async function listening(): Promise<string> {
  const emulator = await createEmulator({ seed: 'none', port: 0 })
  onTestFinished(() => emulator.close())
  return (await emulator.listen()).url
}

describe('with proxy variables', () => {
  it.each(['127.0.0.1', 'localhost'])('sends client commands to %s directly', async (host) => {
    const url = (await listening()).replace('127.0.0.1', host)
    const { code, stderr } = await runCli(['token', '--url', url], proxied(NOBODY))
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })

  it('sends connect() to loopback directly', async () => {
    const door = fileURLToPath(new URL('../../src/index.ts', import.meta.url))
    const script = `import { connect } from ${JSON.stringify(door)}
      console.log(typeof (await connect(${JSON.stringify(await listening())}).info()).version)`
    const env = { ...process.env, ...proxied(NOBODY) }
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { env })
    expect(await Promise.all([text(child.stdout), text(child.stderr)])).toEqual(['string\n', ''])
  })

  it('names the proxy that refuses the connection', async () => {
    const { code, stderr } = await runCli(['token', '--url', 'http://192.0.2.1:7443'], proxied(NOBODY))
    const start =
      'cckm-emulator: no emulator answers at http://192.0.2.1:7443: start one, or give another address with --url'
    expect({ code, stderr }).toEqual({ code: 1, stderr: `${start} (ECONNREFUSED)${HINT}\n` })
  })

  it('names the proxy whose https tunnel fails', async () => {
    const { code, stderr } = await runCli(['token', '--url', 'https://192.0.2.1:7443'], proxied(NOBODY))
    expect(code).toBe(1)
    expect(stderr).toMatch(`(ECONNREFUSED)${HINT}\n`)
  })

  it('names the proxy that answers itself', async () => {
    const proxy = createServer((_request, response) => response.writeHead(502).end('bad gateway'))
    onTestFinished(() => void proxy.close())
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
    const { code, stderr } = await runCli(['token', '--url', 'http://192.0.2.1:7443'], proxied(address))
    expect(code).toBe(1)
    expect(stderr).toBe(
      'cckm-emulator: there is no control API at http://192.0.2.1:7443: it was started with --no-admin, or is not a ' +
        `cckm-emulator (status 502)${HINT}\n`,
    )
  })

  it('lets the command of exec reach the emulator directly', async () => {
    const script = 'console.log(JSON.stringify([process.env.NO_PROXY, process.env.no_proxy]))'
    const run = (env: Record<string, string>) => runCli(['exec', '--', process.execPath, '-e', script], env)
    const none = { NO_PROXY: '', no_proxy: '', HTTP_PROXY: '', HTTPS_PROXY: '', http_proxy: '', https_proxy: '' }
    expect((await run({ ...none, http_proxy: NOBODY })).stdout).toBe('["127.0.0.1","127.0.0.1"]\n')
    const listed = { HTTP_PROXY: NOBODY, NO_PROXY: 'a.example, .b.example' }
    expect((await run({ ...none, ...listed })).stdout).toBe(
      '["a.example,.b.example,127.0.0.1","a.example,.b.example,127.0.0.1"]\n',
    )
    expect((await run(none)).stdout).toBe('["",""]\n')
  })

  it('lets a client of the command of exec reach the emulator', async () => {
    const script = 'fetch(process.env.CCKM_EMULATOR_URL + "/healthz").then((answer) => console.log(answer.status))'
    const { stdout } = await runCli(['exec', '--', process.execPath, '-e', script], proxied(NOBODY))
    expect(stdout).toBe('200\n')
  })
})
