// HTTP details over real sockets: forms of the request line, Host, Expect, ALPN.

import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { describe, expect, it, onTestFinished } from 'vitest'
import { AWS, openWorld, type TestWorld } from '../support/world.ts'
import { exchange, open, type RawAnswer } from '../support/raw.ts'

interface Sent {
  readonly line: string
  readonly host?: string
  readonly headers?: readonly string[]
}

async function listening(options: Parameters<typeof openWorld>[0] = {}) {
  const world = await openWorld(options)
  const address = await world.emulator.listen()
  const bearer = `Authorization: Bearer ${world.access.jwt}`
  const send = ({ line, host = `localhost:${address.port}`, headers = [] }: Sent): Promise<RawAnswer> =>
    exchange(open(address), [`${line} HTTP/1.1`, `Host: ${host}`, bearer, ...headers])
  return { world, address, bearer, send }
}

/** Status, code and the `Allow` header. */
const gist = ({ status, headers, text }: RawAnswer): unknown[] => {
  const { code } = (text === '' ? {} : JSON.parse(text)) as { code?: number }
  return [status, code, headers.allow]
}

const journalOf = async ({ control }: TestWorld) =>
  ((await control.get('/requests')).json as { requests: { path: string; query: object; status: number }[] }).requests

describe('a request line with a whole URL', () => {
  it.each([
    ['GET', '/api/v1/cckm/aws/bulkjob'],
    ['GET', '/v1/cckm/aws/bulkjob'],
    ['GET', '/api/v1/cckm/aws/bulkjob?limit=1'],
    ['GET', '//api//v1/cckm/aws/bulkjob/'],
    ['GET', '/api/v1/vault/keys2'],
    ['GET', '/api/v1/cckm/aws/bulkjob/x%20y'],
    ['PUT', '/api/v1/cckm/aws/bulkjob'],
    ['OPTIONS', '/v1/cckm/aws/bulkjob'],
    ['GET', '/nothing'],
    ['GET', '/healthz'],
    ['GET', '/%zz'],
    ['GET', '/?x=1'],
  ])('answers it like its path: %s %s', async (method, path) => {
    const { send } = await listening()
    const plain = gist(await send({ line: `${method} ${path}` }))
    for (const origin of ['http://h', 'https://h:7443', 'HTTP://H', 'http://user:pass@h:1', 'http://[::1]:80'])
      expect([origin, ...gist(await send({ line: `${method} ${origin}${path}` }))]).toEqual([origin, ...plain])
  })

  it('records only its path in the journal', async () => {
    const { send, world } = await listening()
    await send({ line: `GET http://eve:secret@cm.example/v1${AWS}?limit=1` })
    const text = JSON.stringify(await journalOf(world))
    expect((await journalOf(world))[0]).toMatchObject({ path: `/v1${AWS}`, query: { limit: '1' }, status: 200 })
    expect(text).not.toContain('secret')
    expect(text).not.toContain('cm.example')
  })

  it('reads a URL without a path as /, and for OPTIONS as the server', async () => {
    const { send } = await listening()
    expect((await send({ line: 'GET http://localhost', headers: ['Accept: text/html'] })).text).toContain(
      'cckm-emulator',
    )
    expect((await send({ line: 'GET http://localhost?x=1', headers: ['Accept: text/html'] })).status).toBe(200)
    for (const line of ['OPTIONS *', 'OPTIONS http://h'])
      expect(gist(await send({ line }))).toEqual([204, undefined, 'GET, HEAD, OPTIONS, POST, DELETE, PATCH'])
    expect(gist(await send({ line: 'GET *' }))).toEqual([404, 16, undefined])
  })

  it('refuses it without a host, and answers 404 for another scheme', async () => {
    const { send } = await listening()
    for (const url of ['http:///healthz', 'http://:80/healthz', 'http://user@/healthz'])
      expect([url, ...gist(await send({ line: `GET ${url}` }))]).toEqual([url, 400, 15, undefined])
    expect(gist(await send({ line: 'GET ftp://h/healthz' }))).toEqual([404, 16, undefined])
  })

  it('opens the control API and the dashboard in every form', async () => {
    const { send, world } = await listening()
    const origin = 'http://localhost:7443'
    for (const path of [
      '/__admin/info',
      '/__admin/clock',
      '/__admin/domains/t-1/clock',
      '//__admin//clock',
      '/__dashboard',
    ])
      expect([path, (await send({ line: `GET ${origin}${path}` })).status]).toEqual([path, 200])
    expect(await journalOf(world)).toEqual([])
  })

  it.each([
    ['a foreign host in the URL', 'http://evil.example', undefined],
    ['a foreign host after user information', 'http://localhost@evil.example', undefined],
    ['a foreign host beside the right one', 'http://localhost:7443', 'evil.example'],
    ['a foreign host in upper case', 'HTTP://EVIL.EXAMPLE:80', undefined],
  ])('is stopped by the guard with %s', async (_what, origin, host) => {
    const { send } = await listening()
    for (const path of ['/__admin/info', '/__admin/clock', '/__dashboard'])
      expect((await send({ line: `GET ${origin}${path}`, ...(host !== undefined && { host }) })).status).toBe(403)
  })
})

it('refuses two Host headers, even equal ones', async () => {
  const { send } = await listening()
  for (const path of ['/__admin/info', '/healthz'])
    for (const host of ['localhost', 'evil.example'])
      expect(gist(await send({ line: `GET ${path}`, host: 'localhost', headers: [`host: ${host}`] }))[0]).toBe(400)
})

describe('the header Expect', () => {
  it("refuses any other value than 100-continue with 417 in the API's shape", async () => {
    const { send, world } = await listening()
    const vendor = await send({ line: `GET /api/v1${AWS}`, headers: ['Expect: banana'] })
    const { requestID, ...error } = JSON.parse(vendor.text) as Record<string, unknown>
    expect([vendor.status, error]).toMatchObject([
      417,
      { code: 417, message: 'Expect: banana; the only one is 100-continue' },
    ])
    expect(vendor.headers['x-emulator-request-id']).toBe(requestID)
    expect((await journalOf(world))[0]).toMatchObject({ path: `/api/v1${AWS}`, status: 417 })
    const control = await send({ line: 'GET /__admin/info', headers: ['Expect: 100-continue, banana'] })
    expect([control.status, JSON.parse(control.text)]).toMatchObject([417, { error: { code: 'expectation-failed' } }])
  })

  it('ignores Expect in HTTP/1.0', async () => {
    const { address } = await listening()
    expect((await exchange(open(address), ['GET /healthz HTTP/1.0', 'Expect: banana'])).status).toBe(200)
  })

  it('sends 100 before it reads the body, then the response', async () => {
    const { address, bearer } = await listening()
    const body = JSON.stringify({ operation: 'enablekey', keys: ['k'] })
    const socket = begin(address.port, [
      `POST /api/v1${AWS}`,
      bearer,
      'EXPECT: 100-Continue',
      `Content-Length: ${body.length}`,
    ])
    expect(await nextOf(socket)).toBe('HTTP/1.1 100 Continue\r\n\r\n')
    socket.write(body)
    expect(await nextOf(socket)).toMatch(/^HTTP\/1\.1 201 /)
  })

  it.each([
    ['that is too large', 413, `POST /api/v1${AWS}`, ['Content-Length: 1048577']],
    ['that is compressed', 415, `POST /api/v1${AWS}`, ['Content-Length: 10', 'Content-Encoding: gzip']],
    ['of a path that is not emulated', 501, 'POST /api/v1/vault/keys2', ['Content-Length: 10']],
    ['of a method that is not supported', 405, `PUT /api/v1${AWS}`, ['Content-Length: 10']],
  ])('refuses a request before its body %s, and closes the connection', async (_what, status, line, headers) => {
    const { address, bearer } = await listening()
    const socket = begin(address.port, [line, bearer, 'Expect: 100-continue', ...headers])
    const ended = once(socket, 'end')
    expect(await nextOf(socket)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    await ended
  })

  it('answers 401 without a token before the body', async () => {
    const { address } = await listening()
    const socket = begin(address.port, [`POST /api/v1${AWS}`, 'Expect: 100-continue', 'Content-Length: 10'])
    expect(await nextOf(socket)).toMatch(/^HTTP\/1\.1 401 /)
  })
})

/** Sends a header and leaves the connection open. */
function begin(port: number, [line = '', ...headers]: readonly string[]): Socket {
  const socket = connect(port, '127.0.0.1').setEncoding('latin1')
  onTestFinished(() => void socket.destroy())
  socket.write(`${[`${line} HTTP/1.1`, 'Host: localhost', ...headers].join('\r\n')}\r\n\r\n`)
  return socket
}

async function nextOf(socket: Socket): Promise<string> {
  const [text] = (await once(socket, 'data')) as [string]
  return text
}

it.each(['http/1.0', 'http/1.1'])('speaks %s with a client that offers only that by ALPN', async (protocol) => {
  const { address } = await listening()
  const socket = connectTls({
    port: address.port,
    host: '127.0.0.1',
    rejectUnauthorized: false,
    ALPNProtocols: [protocol],
  })
  onTestFinished(() => void socket.destroy())
  await once(socket, 'secureConnect')
  expect(socket.alpnProtocol).toBe(protocol)
  const answer = await exchange(socket, ['GET /healthz HTTP/1.0'])
  expect([answer.status, answer.text]).toEqual([200, '{"status":"ok"}'])
})
