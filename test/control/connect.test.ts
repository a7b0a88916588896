// How `connect` reads an address, and its timeout.

import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { connect } from '../../src/index.ts'
import { AWS, enable, openWorld } from '../support/world.ts'

/** The URL of a plain server that stops with the test. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/**
 * Limits the time for which Node's fetch, and all other users of its dispatcher, wait for a response (default: 300 s).
 */
function limitHeadersOfFetch(headersTimeout: number): void {
  const key = Symbol.for('undici.globalDispatcher.1')
  const holder = globalThis as unknown as Record<symbol, object>
  const before = holder[key]!
  const Agent = before.constructor as new (options: object) => object
  holder[key] = new Agent({ headersTimeout })
  onTestFinished(() => {
    holder[key] = before
  })
}

it('waits longer for a response than fetch does', async () => {
  const { emulator, vendor } = await openWorld({ port: 0 })
  const { id } = (await vendor.post(AWS, enable('k1'))).json as { id: string }
  const { url } = await emulator.listen()
  await fetch(url)
  limitHeadersOfFetch(100)
  const world = connect(url).domain('t-1')
  // Its timers tick once a second.
  const timeout = '2500ms'
  await Promise.all([
    expect(fetch(`${url}/__admin/domains/t-1/jobs/${id}/wait?timeout=${timeout}`)).rejects.toThrow('fetch failed'),
    expect(world.jobs.wait(id, { timeout })).rejects.toMatchObject({ status: 408 }),
    expect(world.waitForRequest({ operation: 'auth.tokens.create', timeout })).rejects.toMatchObject({ status: 408 }),
  ])
})

it.each(['/prefix', '/prefix/', '/prefix//', '/a/b'])('keeps the path %s of an address', async (path) => {
  const paths: (string | undefined)[] = []
  const url = await serve((request, response) => {
    paths.push(request.url)
    response.end('{}')
  })
  await connect(url + path).info()
  await connect(url + path)
    .domain('t 1')
    .jobs.list({ family: 'a&b' })
  const prefix = path.replace(/\/+$/, '')
  expect(paths).toEqual([
    `${prefix}/__admin/info`,
    `${prefix}/__admin/domains/t%201`,
    `${prefix}/__admin/domains/t%201/jobs?family=a%26b`,
  ])
})

it.each([
  [
    '127.0.0.1:7443',
    '"127.0.0.1:7443" is not an address such as http://127.0.0.1:7443 (did you mean http://127.0.0.1:7443?)',
  ],
  [
    'localhost:7443/cm/',
    '"localhost:7443/cm/" is not an address such as http://127.0.0.1:7443 (did you mean http://localhost:7443/cm?)',
  ],
  ['[::1]:7443', '"[::1]:7443" is not an address such as http://127.0.0.1:7443 (did you mean http://[::1]:7443?)'],
  ['ws://h:1', '"ws://h:1" is not an address such as http://127.0.0.1:7443'],
  ['/run/cckm.sock', '"/run/cckm.sock" is not an address such as http://127.0.0.1:7443'],
  ['', '"" is not an address such as http://127.0.0.1:7443'],
  ['http://h/cm?x=1', 'an address holds no query and no fragment: write http://h/cm'],
  ['http://h/#x', 'an address holds no query and no fragment: write http://h'],
  ['http://u:s3cret@h:1', 'an address holds no user name and no password: write http://h:1'],
  ['u:s3cret@h:1', 'this is not an address such as http://127.0.0.1:7443'],
])('refuses the address %j', (url, message) => {
  expect(() => connect(url)).toThrow(new TypeError(message))
})

it('names the address that refuses a connection', async () => {
  const url = await serve((request) => request.socket.destroy())
  await expect(connect(url).info()).rejects.toThrow(`no emulator answers at ${url} (ECONNRESET: socket hang up)`)
  await expect(connect('http://127.0.0.1:1').info()).rejects.toThrow(
    'no emulator answers at http://127.0.0.1:1 (ECONNREFUSED)',
  )
})

it('reports a truncated response', async () => {
  const url = await serve((_request, response) => {
    response.writeHead(200, { 'content-length': 100 })
    response.write('{"version"', () => response.destroy())
  })
  await expect(connect(url).info()).rejects.toThrow(`no emulator answers at ${url} (ECONNRESET`)
})
