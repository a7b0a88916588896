// Pages of other sites, over a real socket, as a browser sends their requests: reading, writing, listening, signing in
// under a foreign host name. The cases of the guard itself are in test/control/guard.test.ts.

import { describe, expect, it, onTestFinished } from 'vitest'
import { createEmulator, type EmulatorOptions } from '../../src/index.ts'
import { exchange, open } from '../support/raw.ts'

async function serve(options: EmulatorOptions = {}) {
  const emulator = await createEmulator(options)
  onTestFinished(() => emulator.close())
  const address = await emulator.listen()
  const send = (line: string, headers: string[] = [], body = '') =>
    exchange(open(address), [`${line} HTTP/1.1`, `Content-Length: ${body.length}`, ...headers], body)
  return { emulator, port: address.port, send }
}

const CROSS_SITE = ['Origin: https://evil.example', 'Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: no-cors']

describe('a page of another site', () => {
  // The types that a browser sends without a preflight request.
  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'cannot post to the control API with a body of %s, although bodies of any type are read as JSON',
    async (type) => {
      const { send, port, emulator } = await serve({ clock: 'frozen' })
      const before = await emulator.domain('root').clock.read()
      const headers = [`Host: 127.0.0.1:${port}`, `Content-Type: ${type}`, ...CROSS_SITE]
      const calls = [
        ['POST /__admin/clock/advance', '{"by":"1h"}'],
        ['POST /__admin/reset', '{}'],
        ['POST /__admin/faults', '{"on":{"operation":"azure.*"},"do":{"respond":{"status":503}}}'],
      ] as const
      for (const [line, body] of calls) expect((await send(line, headers, body)).status).toBe(403)
      expect(await emulator.domain('root').clock.read()).toEqual(before)
    },
  )

  it('gets no permission by a preflight request: no response allows another origin', async () => {
    const { send, port } = await serve()
    const ask = ['Access-Control-Request-Method: PUT', 'Access-Control-Request-Headers: authorization']
    for (const path of ['/__admin/clock', '/api/v1/auth/tokens', '/api/v1/cckm/azure/bulkjobs', '/openapi.json']) {
      const { headers } = await send(`OPTIONS ${path}`, [`Host: 127.0.0.1:${port}`, ...CROSS_SITE, ...ask])
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([])
    }
  })

  it.each([
    ['another site', CROSS_SITE],
    ['another port of this machine', ['Sec-Fetch-Site: same-site', 'Sec-Fetch-Mode: no-cors']],
    ['a file, or a frame in a sandbox', ['Origin: null']],
  ])('cannot listen to the events of a domain: %s', async (_what, headers) => {
    const { send, port } = await serve()
    const answer = await send('GET /__admin/events', [
      `Host: 127.0.0.1:${port}`,
      'Accept: text/event-stream',
      ...headers,
    ])
    expect([answer.status, answer.headers['content-type']]).toEqual([403, 'application/json; charset=utf-8'])
  })
})

describe('the page at /__dashboard', () => {
  it('cannot be used by another page: no script, no image, no frame', async () => {
    const { send, port } = await serve()
    const get = (path: string, mode: string, destination: string) =>
      send(`GET ${path}`, [
        `Host: 127.0.0.1:${port}`,
        'Sec-Fetch-Site: cross-site',
        `Sec-Fetch-Mode: ${mode}`,
        `Sec-Fetch-Dest: ${destination}`,
      ])
    for (const [mode, destination] of [
      ['no-cors', 'script'],
      ['no-cors', 'image'],
      ['cors', 'empty'],
      ['navigate', 'iframe'],
    ] as const)
      expect((await get('/__dashboard/', mode, destination)).status).toBe(403)
    // A link to it may be followed, but the page is never shown in a frame.
    const { status, headers } = await get('/__dashboard/none', 'navigate', 'document')
    expect([status, headers['content-security-policy']]).toEqual([
      404,
      expect.stringContaining("frame-ancestors 'none'") as string,
    ])
  })
})

describe('a host name that resolves to this machine', () => {
  const BORROWED = [
    'evil.example',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    'evil.example:7443',
    '127.0.0.1:7443@evil.example',
    '127.0.0.1.',
    'localhost.',
    '0.0.0.0',
    '[::ffff:7f00:1].evil.example',
    '',
  ]

  it.each(BORROWED)('cannot use any call under /__admin or /__dashboard: %j', async (host) => {
    const { send } = await serve()
    // Same-origin for the browser, which takes the name for this server's.
    const headers = [`Host: ${host}`, `Origin: http://${host}`, 'Sec-Fetch-Site: same-origin']
    for (const line of [
      'GET /__admin/domains',
      'POST /__admin/reset',
      'GET /__admin/events',
      'GET /__admin/tls/ca.pem',
      'GET /__dashboard/',
    ])
      expect((await send(line, headers)).status).toBe(403)
  })

  it.each(['evil.example', 'localhost.evil.example', '127.0.0.1.nip.example', 'local', 'evil.local.example'])(
    'cannot use it on every address either, unless the name has no dot: %s',
    async (host) => {
      const { send } = await serve({ host: '0.0.0.0' })
      expect((await send('GET /__admin/domains', [`Host: ${host}`])).status).toBe(host.includes('.') ? 403 : 200)
    },
  )

  it('is taken from the Host header, not from the request line', async () => {
    const { send } = await serve()
    expect((await send('GET http://127.0.0.1/__admin/domains', ['Host: evil.example'])).status).toBe(403)
  })
})
