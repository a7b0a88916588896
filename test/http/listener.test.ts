import fastify from 'fastify'
import type { FastifyInstance } from 'fastify'
import { once } from 'node:events'
import { Agent as HttpAgent, request as httpRequest } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { connect as connectHttp2, constants } from 'node:http2'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { loadOrCreateCertificates } from '../../src/http/certificates.ts'
import { createListener } from '../../src/http/listener.ts'
import type { Listener, ListenerOptions } from '../../src/http/listener.ts'
import { clientErrorStatus } from '../../src/http/raw-refusal.ts'

const kept = new Map<string, string>()
const certificates = await loadOrCreateCertificates({
  secrets: { get: (name) => kept.get(name), set: (name, value) => void kept.set(name, value) },
  names: [],
})
const { ca } = certificates
const VENDOR_BODY = /^HTTP\/1\.1 (\d{3}) [^]*\r\nConnection: close\r\n[^]*\r\n\r\n(\{"code":\d+.*\})$/

describe('a listener', () => {
  test('answers http and https', async () => {
    const { port } = await start()
    expect(await ask(port)).toMatchObject({ status: 200, body: 'hello' })
    expect(await ask(port, { tls: true })).toMatchObject({ status: 200, body: 'hello' })
  })

  test('offers http/1.1 and not h2 by ALPN', async () => {
    const { port } = await start()
    const socket = connectTls({ port, host: '127.0.0.1', ca, ALPNProtocols: ['h2', 'http/1.1'] })
    await once(socket, 'secureConnect')
    expect(socket.alpnProtocol).toBe('http/1.1')
    socket.destroy()
  })

  test('serves a TLS client without ALPN', async () => {
    const { port } = await start()
    const socket = connectTls({ port, host: '127.0.0.1', ca })
    socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    expect(await everything(socket)).toMatch(/^HTTP\/1\.1 200 OK[^]*hello$/)
  })

  test('loads the certificate once, when the first TLS client connects', async () => {
    const tls = vi.fn(() => Promise.resolve(certificates))
    const { port } = await start({ tls })
    await ask(port)
    expect(tls).not.toHaveBeenCalled()
    await Promise.all([ask(port, { tls: true }), ask(port, { tls: true })])
    expect(tls).toHaveBeenCalledTimes(1)
  })

  test('reports a certificate that cannot be loaded, and loads it again for the next client', async () => {
    const onError = vi.fn()
    const tls = vi.fn(() => Promise.resolve(certificates)).mockRejectedValueOnce(new Error('no entropy today'))
    const { port } = await start({ tls, onError })
    await expect(ask(port, { tls: true })).rejects.toThrow()
    expect(onError).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ message: 'no entropy today' }))
    expect(await ask(port, { tls: true })).toMatchObject({ status: 200 })
  })

  test('closes TLS connections when TLS is off, and serves http', async () => {
    const { port } = await start({ tls: 'off' })
    await expect(ask(port, { tls: true })).rejects.toThrow()
    expect(await ask(port)).toMatchObject({ status: 200 })
  })

  test('rejects listen() with EADDRINUSE if the port is taken', async () => {
    const { port } = await start()
    const second = build()
    await expect(second.app.listen({ port, host: '127.0.0.1' })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })

  test('refuses to serve a second app', () => {
    const { listener } = build()
    expect(() => fastify({ serverFactory: listener.serverFactory })).toThrow('one app')
  })
})

describe('stop()', () => {
  test('closes idle http and https connections at once', async () => {
    const { app, listener, port } = await start({ graceMs: 60_000 })
    const agents = { http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) }
    await Promise.all([ask(port, { agent: agents.http }), ask(port, { tls: true, agent: agents.https })])
    const silent = connect(port, '127.0.0.1')
    await once(app.server, 'connection')
    expect(listener.connections()).toBe(3)
    const closed = once(silent.resume(), 'close')
    await app.close()
    await Promise.all([closed, listener.stop()])
    expect(listener.connections()).toBe(0)
    await expect(ask(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  test.each([false, true])('lets a running request finish and closes its connection (TLS: %s)', async (tls) => {
    const { gate, listener, port } = await start({ graceMs: 60_000 })
    const agent = tls ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true })
    const answer = ask(port, { tls, agent, path: '/gate' })
    await gate.entered
    const stopped = listener.stop()
    gate.open()
    expect(await answer).toMatchObject({ status: 200, body: 'through', connection: 'close' })
    await stopped
  })

  test('cuts a request that takes longer than the grace period', async () => {
    const { app, gate, port } = await start({ graceMs: 20 })
    const answer = expect(ask(port, { path: '/gate' })).rejects.toMatchObject({ code: 'ECONNRESET' })
    await gate.entered
    await app.close()
    await answer
  })

  test('resolves at once if the server never listened', async () => {
    const { app, listener } = build()
    await app.ready()
    await app.close()
    await listener.stop()
  })
})

describe('timeouts', () => {
  test('answers 408 to a request with an incomplete header', async () => {
    // Long enough for the bytes to be read: a connection that has sent nothing by then gets no response.
    const { port } = await start({ headersTimeoutMs: 1000 })
    const socket = connect(port, '127.0.0.1')
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n')
    expectVendor(await everything(socket), 408)
  })

  test('answers 408 to a request with an incomplete body', async () => {
    const { port } = await start({ bodyTimeoutMs: 40 })
    const socket = connect(port, '127.0.0.1')
    socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n{"a":')
    expectVendor(await everything(socket), 408)
  })

  test('does not cut a request that waits for the server', async () => {
    // Only the header has to arrive in time.
    const { app, gate, port } = await start({ headersTimeoutMs: 1000, bodyTimeoutMs: 20, idleTimeoutMs: 20 })
    const answer = ask(port, { path: '/gate' })
    await gate.entered
    const silent = connect(port, '127.0.0.1')
    await once(silent.resume(), 'close') // by now the sweep has checked both
    gate.open()
    expect(await answer).toMatchObject({ status: 200, body: 'through' })
    await app.close()
  })

  test('closes an idle keep-alive connection without a response', async () => {
    const { port } = await start({ idleTimeoutMs: 40 })
    const socket = connect(port, '127.0.0.1')
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    expect(await everything(socket)).toMatch(/^HTTP\/1\.1 200 OK[^]*hello$/)
  })

  test.each([
    ['silence', ''],
    ['half a TLS handshake', '\x16\x03\x01\x02\x00\x01'],
    ['half an HTTP/2 preface', 'PRI * HT'],
  ])('closes a connection without a response after %s', async (_what, text) => {
    const { port } = await start({ headersTimeoutMs: 40 })
    const socket = connect(port, '127.0.0.1')
    socket.write(text, 'latin1')
    expect(await everything(socket)).toBe('')
  })
})

describe('a slow client', () => {
  test.each([false, true])('disconnects a client that reads nothing for a while (TLS: %s)', async (tls) => {
    const { app, port } = await start({ unreadTimeoutMs: 100 })
    const socket = tls ? connectTls({ port, host: '127.0.0.1', ca }) : connect(port, '127.0.0.1')
    socket.on('error', () => undefined)
    socket.pause().write('GET /large HTTP/1.1\r\nHost: a\r\n\r\n')
    const [request] = (await once(app.server, 'request')) as [IncomingMessage]
    await new Promise((resolve) => request.socket.once('close', resolve))
    expect((await everything(socket.resume())).length).toBeLessThan(LARGE)
  })

  test.each([false, true])('keeps a client connected that reads slowly (TLS: %s)', async (tls) => {
    const { port } = await start({ unreadTimeoutMs: 700 })
    const socket = tls ? connectTls({ port, host: '127.0.0.1', ca }) : connect(port, '127.0.0.1')
    socket.write('GET /large HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    let [length, pauseAt] = [0, 0]
    const begun = performance.now()
    socket.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length < pauseAt) return
      pauseAt = length + LARGE / 100
      socket.pause()
      setTimeout(() => socket.resume(), 20)
    })
    await once(socket, 'close')
    expect(length).toBeGreaterThan(LARGE)
    expect(performance.now() - begun).toBeGreaterThan(1400)
  })

  test('handles pipelined requests one at a time', async () => {
    const { gate, port, greeted } = await start()
    const socket = connect(port, '127.0.0.1')
    socket.write(`GET /gate HTTP/1.1\r\nHost: a\r\n\r\n${'GET / HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(3)}garbage\r\n\r\n`)
    await gate.entered
    await ask(port)
    expect(greeted()).toBe(1)
    gate.open()
    expect(await statusesOf(socket)).toEqual(['200 through', '200 hello', '200 hello', '200 hello', '400'])
  })

  test('handles no pipelined requests of a client that has disconnected', async () => {
    const { app, gate, port, greeted } = await start()
    const socket = connect(port, '127.0.0.1')
    socket.write('GET /gate HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n')
    const [request] = (await once(app.server, 'request')) as [IncomingMessage]
    await gate.entered
    const closed = new Promise((resolve) => request.socket.once('close', resolve))
    socket.resetAndDestroy()
    gate.open()
    await closed
    await ask(port)
    expect(greeted()).toBe(1)
  })

  test('answers 500 pipelined requests in order', async () => {
    const { port } = await start()
    const socket = connect(port, '127.0.0.1')
    const body = 'x'.repeat(1000)
    const post = `POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 1005\r\n\r\n`
    const numbers = Array.from({ length: 500 }, (_, index) => String(index).padStart(5, '0'))
    socket.write(`${numbers.map((number) => post + number + body).join('')}garbage\r\n\r\n`)
    const answers = [...(await everything(socket)).matchAll(/(\d{5})x{1000}/g)].map(([, number]) => number)
    expect(answers).toEqual(numbers)
  })
})

describe('input that is not HTTP/1.1', () => {
  test.each(['garbage\r\n\r\n', '\0\xff\x01\x02', 'GET / HTTP/9.9\r\n\r\n', 'GET / HTTP/1.1\r\n\r\n'])(
    'answers 400 in the given shape, once: %j',
    async (text) => {
      const { port } = await start()
      const socket = connect(port, '127.0.0.1')
      socket.write(text, 'latin1')
      socket.write(text, 'latin1')
      expectVendor(await everything(socket), 400)
    },
  )

  test.each([false, true])('answers invalid input after the requests before it (TLS: %s)', async (tls) => {
    const { gate, port } = await start()
    const socket = tls ? connectTls({ port, host: '127.0.0.1', ca }) : connect(port, '127.0.0.1')
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /gate HTTP/1.1\r\nHost: a\r\n\r\ngarbage\r\n\r\n')
    await gate.entered
    gate.open()
    expect(await statusesOf(socket)).toEqual(['200 hello', '200 through', '400'])
  })

  test('answers an invalid body after the requests before it', async () => {
    const { gate, port } = await start()
    const socket = connect(port, '127.0.0.1')
    const post = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'
    socket.write(`GET /gate HTTP/1.1\r\nHost: a\r\n\r\n${post}`)
    await gate.entered
    gate.open()
    expect(await statusesOf(socket)).toEqual(['200 through', '400'])
  })

  test('answers a request without a host after those before it', async () => {
    const { gate, port } = await start()
    const socket = connect(port, '127.0.0.1')
    socket.write('GET /gate HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\n\r\n')
    await gate.entered
    gate.open()
    expect(await statusesOf(socket)).toEqual(['200 through', '400'])
  })

  test('does not answer invalid input in the middle of another response', async () => {
    const { port } = await start()
    const socket = connect(port, '127.0.0.1')
    socket.write('GET /begun HTTP/1.1\r\nHost: a\r\n\r\n')
    socket.once('data', () => socket.write('garbage\r\n\r\n'))
    expect(await everything(socket)).toMatch(/^HTTP\/1\.1 200 OK[^]*begun$/)
  })

  test('serves a path of 10 kB', async () => {
    const { port } = await start()
    expect(await ask(port, { path: `/${'x'.repeat(10_240)}` })).toMatchObject({ status: 404 })
  })

  test.each([false, true])('answers 431 to a header of 100 kB in the given shape (TLS: %s)', async (tls) => {
    const { port } = await start()
    const socket = tls ? connectTls({ port, host: '127.0.0.1', ca }) : connect(port, '127.0.0.1')
    socket.write(`GET /${'x'.repeat(100_000)} HTTP/1.1\r\nHost: a\r\n\r\n`)
    expectVendor(await everything(socket), 431)
  })

  test('answers 400 to CONNECT and ignores Upgrade', async () => {
    const { port } = await start()
    const tunnel = connect(port, '127.0.0.1')
    tunnel.write('CONNECT example.test:443 HTTP/1.1\r\nHost: example.test:443\r\n\r\n')
    expectVendor(await everything(tunnel), 400)
    const upgrade = connect(port, '127.0.0.1')
    upgrade.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade, close\r\nUpgrade: websocket\r\n\r\n')
    expect(await everything(upgrade)).toMatch(/^HTTP\/1\.1 200 OK[^]*hello$/)
  })

  test('closes connections that send TLS garbage, or TLS within TLS, and serves others', async () => {
    const { port } = await start()
    const garbage = connect(port, '127.0.0.1')
    garbage.write(Buffer.from('160301000501000001ff', 'hex'))
    await everything(garbage)
    const outer = connectTls({ port, host: '127.0.0.1', ca })
    outer.write(Buffer.from('1603010005', 'hex'))
    expect(await everything(outer)).toBe('')
    expect(await ask(port, { tls: true })).toMatchObject({ status: 200 })
  })

  test('tells a cleartext HTTP/2 client to speak HTTP/1.1', async () => {
    const { port } = await start()
    const session = connectHttp2(`http://127.0.0.1:${port}`).on('error', () => undefined)
    const request = session.request({ ':path': '/' }).on('error', () => undefined)
    const closed = Promise.all([session, request].map((end) => new Promise((resolve) => end.once('close', resolve))))
    const [code] = (await once(session, 'goaway')) as [number]
    expect(code).toBe(constants.NGHTTP2_HTTP_1_1_REQUIRED)
    await closed
    expect(await ask(port)).toMatchObject({ status: 200 })
  })

  test('serves other clients after one resets in the middle of a request', async () => {
    const { app, port } = await start()
    const socket = connect(port, '127.0.0.1')
    socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 20\r\n\r\n{"a":')
    const [request] = (await once(app.server, 'request')) as [IncomingMessage]
    const closed = new Promise((resolve) => request.socket.once('close', resolve))
    socket.resetAndDestroy()
    await closed
    expect(await ask(port)).toMatchObject({ status: 200 })
  })
})

describe('rawSocketOf()', () => {
  test.each([false, true])('returns a socket that can reset the connection (TLS: %s)', async (tls) => {
    const { port } = await start()
    await expect(ask(port, { tls, path: '/reset' })).rejects.toMatchObject({ code: 'ECONNRESET' })
  })

  test('returns undefined for a socket of another server', () => {
    expect(
      build().listener.rawSocketOf(connect({ port: 1, autoSelectFamily: false }).on('error', () => undefined)),
    ).toBeUndefined()
  })
})

describe('clientErrorStatus()', () => {
  test.each([
    ['ERR_HTTP_REQUEST_TIMEOUT', 408],
    ['HPE_HEADER_OVERFLOW', 431],
    ['HPE_CHUNK_EXTENSIONS_OVERFLOW', 413],
    ['HPE_INVALID_METHOD', 400],
  ])('maps %s to %i', (code, status) => {
    expect(clientErrorStatus(Object.assign(new Error('x'), { code }))).toBe(status)
  })
})

interface Gate {
  entered: Promise<void>
  open: () => void
}

function createGate(): { passed: Promise<void>; open: () => void } {
  let open = (): void => undefined
  const passed = new Promise<void>((resolve) => (open = resolve))
  return { passed, open: () => open() }
}

interface Built {
  app: FastifyInstance
  listener: Listener
  gate: Gate
  /** Number of calls of the greeting. */
  greeted: () => number
}

/** Bytes of a response that exceeds the buffers of a connection. */
const LARGE = 30_000_000

/**
 * An app with a greeting, a route that waits at a gate, one that stops in the middle of a response and one that resets.
 */
function build(options: Partial<ListenerOptions> = {}): Built {
  const listener = createListener({
    tls: () => Promise.resolve(certificates),
    renderClientError: (error) => ({ status: clientErrorStatus(error), body: '{"code":1,"message":"ü"}' }),
    ...options,
  })
  const { serverFactory, clientErrorHandler } = listener
  const app = fastify({ serverFactory, clientErrorHandler, routerOptions: { maxParamLength: 20_000 } })
  const [entered, opened] = [createGate(), createGate()]
  let greeted = 0
  app.get('/', () => {
    greeted += 1
    return 'hello'
  })
  app.get('/large', () => 'x'.repeat(LARGE))
  app.post('/echo', ({ body }) => body)
  app.post('/', () => 'thanks')
  app.get('/gate', async () => {
    entered.open()
    await opened.passed
    return 'through'
  })
  app.get('/begun', async (_request, reply) => {
    reply.hijack()
    reply.raw.writeHead(200, { 'Content-Length': 100 }).write('begun')
  })
  app.get('/reset', async (request, reply) => {
    listener.rawSocketOf(request.raw.socket)?.resetAndDestroy()
    reply.hijack()
  })
  onTestFinished(() => app.close())
  return { app, listener, gate: { entered: entered.passed, open: opened.open }, greeted: () => greeted }
}

async function start(options?: Partial<ListenerOptions>): Promise<ReturnType<typeof build> & { port: number }> {
  const built = build(options)
  const url = await built.app.listen({ port: 0, host: '127.0.0.1' })
  return { ...built, port: Number(new URL(url).port) }
}

interface Question {
  tls?: boolean
  path?: string
  agent?: HttpAgent | HttpsAgent
}

interface Answer {
  status: number | undefined
  connection: string | undefined
  body: string
}

async function ask(port: number, { tls = false, path = '/', agent }: Question = {}): Promise<Answer> {
  const request = (tls ? httpsRequest : httpRequest)({ port, host: '127.0.0.1', path, ca, agent: agent ?? false })
  const [response] = (await once(request.end(), 'response')) as [IncomingMessage]
  const body = (await response.setEncoding('utf8').toArray()).join('')
  return { status: response.statusCode, connection: response.headers.connection, body }
}

/** All bytes that the server sends until the connection is closed, by an error or otherwise. */
async function everything(socket: Socket): Promise<string> {
  let text = ''
  socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  socket.on('error', () => undefined)
  await new Promise((resolve) => socket.once('close', resolve))
  return text
}

/** The statuses of a connection's responses, each with its plain text, in order. */
async function statusesOf(socket: Socket): Promise<string[]> {
  const answers = (await everything(socket)).matchAll(/HTTP\/1\.1 (\d{3}) [^]*?\r\n\r\n(hello|through)?/g)
  return [...answers].map(([, status, text]) => [status, text].filter(Boolean).join(' '))
}

function expectVendor(answer: string, status: number): void {
  const [, got, body = ''] = VENDOR_BODY.exec(answer) ?? []
  expect({ answer, status: got }).toEqual({ answer, status: String(status) })
  expect(JSON.parse(body)).toEqual({ code: 1, message: 'ü' })
}
