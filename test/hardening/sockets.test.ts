import { once } from 'node:events'
import { execSync } from 'node:child_process'
import type { Socket } from 'node:net'
import { describe, expect, it, vi } from 'vitest'
import { startCli, type Running } from '../cli/run-cli.ts'
import { AZURE, callerOf, CREATE, openSocket, stop, tokenOf } from './support.ts'

vi.setConfig({ testTimeout: 600_000 })

const SCHEMES = ['http', 'https'] as const
const BODY = JSON.stringify(CREATE)
const CHUNK = BODY.length.toString(16)
const GET = 'GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n'

const post = (headers: string, body: string): string =>
  `POST ${AZURE} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer $TOKEN\r\n${headers}\r\n${body}`
const chunked = (body: string): string => post('Transfer-Encoding: chunked\r\n', body)
const sized = (length: number | string, body = BODY): string => post(`Content-Length: ${length}\r\n`, body)

/** The bytes to send, and the statuses of the responses until the server closes the connection. */
const ABUSES: readonly (readonly [string, string, readonly number[]])[] = [
  [
    'both lengths',
    post(`Transfer-Encoding: chunked\r\nContent-Length: ${BODY.length}\r\n`, `${CHUNK}\r\n${BODY}\r\n0\r\n\r\n`),
    [400],
  ],
  ['two lengths', post(`Content-Length: ${BODY.length}\r\nContent-Length: 3\r\n`, BODY), [400]],
  ['a negative length', sized(-1), [400]],
  ['a length that is too large for a number', sized('9'.repeat(30)), [400]],
  ['a length that is too short: the rest is no request', sized(10), [400]],
  ['a body past 1 MiB', sized(2_000_000), [413]],
  ['a chunk whose size is garbage', chunked('zz\r\n'), [400]],
  ['a chunk that is longer than its size', chunked(`5\r\n${BODY}\r\n0\r\n\r\n`), [400]],
  ['endless extensions of a chunk', chunked(`${CHUNK};x=${'y'.repeat(20_000)}\r\n`), [413]],
  ['an unknown transfer coding', post('Transfer-Encoding: xchunked\r\n', BODY), [400]],
  ['a header of 64 KiB', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(65_536)}\r\n\r\n`, [431]],
  ['3,000 headers of 16 bytes', `GET / HTTP/1.1\r\nHost: a\r\n${'xxxxxx: yyyyyy\r\n'.repeat(3000)}\r\n`, [431]],
  ['a NUL in a header', 'GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n', [400]],
  ['lines that end with LF only', GET.replaceAll('\r\n', '\n'), [400]],
  ['no Host', 'GET / HTTP/1.1\r\n\r\n', [400]],
  ['CONNECT', 'CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n', [400]],
  ['garbage', '\x00\xff\x01 nothing\r\n\r\n', [400]],
  ['three requests at once, then garbage', `${GET}${sized(BODY.length)}${GET}garbage\r\n\r\n`, [200, 201, 200, 400]],
  ['a request, then half of a chunk', `${GET}${chunked('zz\r\n')}`, [200, 400]],
]

async function start(): Promise<{ running: Running; token: string }> {
  const running = await startCli(['--seed', 'none', '--log-level', 'error', '--log-format', 'json'])
  return { running, token: await tokenOf(running) }
}

async function statusesOf(socket: Socket): Promise<number[]> {
  let text = ''
  socket.setEncoding('latin1').on('data', (chunk: string) => (text += chunk))
  await once(socket, 'close')
  return [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status))
}

/** Expects no error in the log, and a clean exit. */
async function expectUnharmed(running: Running): Promise<void> {
  expect(await callerOf(running.ready.url, '').ask('GET', '/healthz')).toEqual({ status: 'ok' })
  expect(await stop(running)).toEqual({ code: 0, complaints: [] })
  expect(running.output.stdout.split('\n').filter((line) => line.includes('"level":"error"'))).toEqual([])
}

describe.each(SCHEMES)('abuse over %s', (scheme) => {
  it('refuses each kind of abuse in its place and closes the connection', async () => {
    const { running, token } = await start()
    const answers = await Promise.all(
      ABUSES.map(async ([what, text]) => {
        const socket = openSocket(running.ready.port, scheme)
        socket.write(text.replace('$TOKEN', token), 'latin1')
        return [what, await statusesOf(socket)]
      }),
    )
    expect(answers).toEqual(ABUSES.map(([what, , statuses]) => [what, statuses]))
    await expectUnharmed(running)
  })

  it('leaves nothing of a client that disconnects in the middle', async () => {
    const { running, token } = await start()
    const { ask } = callerOf(running.ready.url, token)
    const ends = ABUSES.flatMap(([, text]) => [0.3, 0.7].map((share) => text.slice(0, Math.floor(text.length * share))))
    for (const how of ['end', 'reset'] as const)
      await Promise.all(
        ends.map(async (text) => {
          const socket = openSocket(running.ready.port, scheme)
          if (scheme === 'https') await once(socket, 'secureConnect')
          const closed = once(socket.resume(), 'close')
          socket.write(text.replace('$TOKEN', token), 'latin1', () => {
            if (how === 'end') socket.end()
            else socket.destroy()
          })
          await closed
        }),
      )
    await ask('GET', AZURE)
    await expectUnharmed(running)
  })
})

it('closes only the connection that sends TLS garbage', async () => {
  const { running } = await start()
  const hello = Buffer.from('1603010200010001fc0303', 'hex')
  const garbage = [
    Buffer.from('160301000501000001ff', 'hex'),
    Buffer.concat([hello, Buffer.alloc(600, 0xff)]),
    Buffer.from('15030100020200', 'hex'),
    Buffer.from('1603ffffff', 'hex'),
    Buffer.concat([Buffer.from('160301', 'hex'), Buffer.alloc(20_000, 0x16)]),
  ]
  await Promise.all(
    garbage.map(async (bytes) => {
      const socket = openSocket(running.ready.port, 'http')
      const closed = once(socket.resume(), 'close')
      socket.end(bytes)
      await closed
    }),
  )
  const socket = openSocket(running.ready.port, 'https')
  socket.write(GET.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'))
  expect(await statusesOf(socket)).toEqual([200])
  await expectUnharmed(running)
})

/** Each end of a connection needs a file descriptor of its process, and some are needed for other things. */
const descriptors = Number(execSync('ulimit -n').toString()) || Infinity
const IDLE = Math.min(5000, descriptors - 300)

it(`answers during ${IDLE} idle connections, and closes all of them at a stop`, async () => {
  const { running, token } = await start()
  const { ask } = callerOf(running.ready.url, token)
  const idle: Promise<unknown>[] = []
  for (let n = 0; n < IDLE; n += 1) {
    const socket = openSocket(running.ready.port, 'http')
    // Closed or reset: a connection that the server had not accepted when it stopped is reset.
    idle.push(new Promise((resolve) => socket.resume().once('close', resolve)))
    await once(socket, 'connect')
    // One third sends nothing, one third half of a header, and one third was served once.
    if (n % 3 === 1) socket.write('GET / HTTP/1.1\r\nHo')
    if (n % 3 === 2) socket.write(GET)
  }
  for (let n = 0; n < 20; n += 1) await ask('POST', AZURE, CREATE, 201)
  const closed = Promise.all(idle)
  await expectUnharmed(running)
  await closed
})
