// How a browser may interpret responses: faults execute nothing, content types are not guessed, the emulator's own
// pages answer to known host names only, and requests of other sites are refused in any spelling.

import { describe, expect, it, onTestFinished } from 'vitest'
import { createEmulator, type EmulatorOptions } from '../../src/index.ts'
import { exchange, open } from '../support/raw.ts'
import { AWS, AZURE, callerOf, openWorld, TOKENS } from '../support/world.ts'

const HTML = '<script>alert(document.domain)</script>'

describe('a response of a fault', () => {
  it.each([
    ['HTML', HTML],
    ['HTML after white space', `\n ${HTML}`],
    ['SVG', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
    ['XML with a style sheet', '<?xml version="1.0"?><?xml-stylesheet href="x.xsl" type="text/xsl"?><a/>'],
    ['a text', `plain ${HTML}`],
    ['JSON', { html: HTML }],
    ['no body', undefined],
  ])('runs and loads nothing in a browser: %s', async (_what, body) => {
    const { control, vendor } = await openWorld()
    for (const status of [200, 302, 404, 503]) {
      await control.delete('/faults')
      await control.post('/faults', { do: { respond: { status, ...(body !== undefined && { body }) } } })
      for (const path of [AWS, `${AZURE}/x`]) {
        const { headers, ...answer } = await vendor.get(path)
        expect([answer.status, headers['content-security-policy'], headers['x-content-type-options']]).toEqual([
          status,
          "sandbox; default-src 'none'",
          'nosniff',
        ])
      }
    }
  })

  it('runs nothing on a sign-in either, which a form of another site can send', async () => {
    const { control, anyone } = await openWorld()
    await control.post('/faults', {
      on: { operation: 'auth.tokens.create' },
      do: { respond: { status: 200, body: HTML } },
    })
    const body = JSON.stringify({ username: 'admin', password: 'admin', domain: 't-1', x: '=' })
    const { headers, text } = await anyone.post(TOKENS, body, { 'content-type': 'text/plain' })
    expect([text, headers['content-security-policy']]).toEqual([HTML, "sandbox; default-src 'none'"])
  })

  it.each([{ headers: { 'content-type': 'text/html' } }, { type: 'text/html' }, { contentType: 'text/html' }])(
    'cannot set a header: %j',
    async (more) => {
      const { control } = await openWorld()
      const answer = await control.post('/faults', { do: { respond: { status: 200, body: HTML, ...more } } })
      expect(answer.status).toBe(400)
    },
  )
})

describe('every response', () => {
  it('forbids content sniffing', async () => {
    const { emulator, access } = await openWorld()
    const any = callerOf(emulator)
    const bearer = { authorization: `Bearer ${access.jwt}` }
    const asked: [string, string, Record<string, string>?][] = [
      ['GET', '/'],
      ['GET', '/', { accept: 'text/html' }],
      ['GET', `/${HTML}`],
      ['GET', '/%ff'],
      ['GET', `/api/v1/${encodeURIComponent(HTML)}`],
      ['PUT', `/api/v1${AWS}`],
      ['OPTIONS', `/api/v1${AWS}`],
      ['GET', `/api/v1${AWS}`],
      ['GET', `/api/v1${AWS}`, bearer],
      ['GET', `/api/v1${AWS}/${encodeURIComponent(HTML)}`, bearer],
      ['POST', `/api/v1${TOKENS}`],
      ['GET', '/api/v1/auth/jwks.json'],
      ['GET', '/healthz'],
      ['GET', '/docs'],
      ['GET', '/docs/swagger-ui-bundle.js'],
      ['GET', '/openapi.json'],
      ['GET', '/__dashboard/'],
      ['GET', `/__dashboard/${HTML}`],
      ['GET', '/__admin/domains'],
      ['GET', '/__admin/metrics'],
      ['GET', '/__admin/trace'],
      ['GET', `/__admin/${HTML}`],
      ['GET', '/__admin/info', { host: 'evil.example' }],
    ]
    for (const [method, path, headers = {}] of asked) {
      const answer = await any.send(method, path, { headers })
      expect(answer.headers['x-content-type-options'], `${method} ${path}`).toBe('nosniff')
    }
  })

  it('has a content security policy if it is a page: no external resources, no frames', async () => {
    const { emulator } = await openWorld()
    const any = callerOf(emulator)
    for (const path of ['/', '/docs', '/__dashboard/', '/__admin/trace', '/__admin/domains/t-1/trace']) {
      const { status, headers } = await any.get(path, { accept: 'text/html' })
      expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
      const policy = String(headers['content-security-policy'])
      expect(policy).toMatch(/^default-src 'none'/)
      expect(policy).toContain("frame-ancestors 'none'")
    }
    const { headers } = await any.get('/__admin/trace')
    expect(headers['content-security-policy']).not.toContain('script-src')
  })
})

describe('a foreign host name that resolves to this machine', () => {
  const PAGES = [
    '/',
    '/docs',
    '/docs/',
    '/docs/start.js',
    '/docs/swagger-ui-bundle.js',
    '/openapi.json',
    '/__dashboard/',
  ]

  it.each(PAGES)('does not serve %s', async (path) => {
    const { emulator } = await openWorld({ host: '0.0.0.0', allowHost: 'cm.example.com' })
    const any = callerOf(emulator)
    const under = (host: string) => any.get(path, { host, accept: 'text/html' })
    const refused = await under('evil.example:7443')
    expect([refused.status, refused.hint]).toEqual([403, 'start with --allow-host evil.example'])
    for (const host of ['cm.example.com', '10.0.0.7:7443', 'emulator', 'localhost:7443'])
      expect((await under(host)).status, host).toBe(200)
  })

  it('serves the vendor’s API and health, like CM', async () => {
    const { emulator, access } = await openWorld()
    const any = callerOf(emulator)
    const headers = { host: 'cm.example', authorization: `Bearer ${access.jwt}` }
    expect((await any.get(`/api/v1${AWS}`, headers)).status).toBe(200)
    expect((await any.get('/healthz', headers)).status).toBe(200)
    expect((await any.get('/', headers)).status).toBe(404)
  })
})

describe('a request to the control API or the dashboard', () => {
  async function serve(options: EmulatorOptions = {}) {
    const emulator = await createEmulator(options)
    onTestFinished(() => emulator.close())
    const address = await emulator.listen()
    return {
      host: `127.0.0.1:${address.port}`,
      get: async (path: string, headers: string[]) =>
        (await exchange(open(address), [`GET ${path} HTTP/1.1`, ...headers])).status,
    }
  }

  it.each([
    ['none', 200],
    ['same-origin', 200],
    ['cross-site', 403],
    ['same-site', 403],
    ['Cross-Site', 403],
    ['None', 403],
    ['weird', 403],
    ['', 403],
    ['none, cross-site', 403],
    ['none, none', 403],
    ['same-origin;none', 403],
  ])(
    "is allowed with Sec-Fetch-Site: %j only where a browser sends that for the emulator's pages (%i)",
    async (site, status) => {
      const { host, get } = await serve()
      const headers = [`Host: ${host}`, `Sec-Fetch-Site: ${site}`]
      for (const path of ['/__admin/info', '/__dashboard/']) expect(await get(path, headers)).toBe(status)
    },
  )

  it.each([
    ['Sec-Fetch-Site', ['Sec-Fetch-Site: none', 'Sec-Fetch-Site: cross-site']],
    ['the same Sec-Fetch-Site', ['Sec-Fetch-Site: none', 'Sec-Fetch-Site: none']],
    ['Origin', ['Origin: http://HOST', 'Origin: https://evil.example']],
    ['the same Origin', ['Origin: http://HOST', 'Origin: http://HOST']],
    ['an empty Origin', ['Origin: ']],
  ])('is refused with a second %s', async (_what, more) => {
    const { host, get } = await serve()
    const headers = [`Host: ${host}`, ...more.map((line) => line.replace('HOST', host))]
    for (const path of ['/__admin/info', '/__dashboard/']) expect(await get(path, headers)).toBe(403)
    expect(await get('/__admin/info', [`Host: ${host}`, `Origin: http://${host}`])).toBe(200)
  })

  it('is refused with a second Host, as a malformed request', async () => {
    const { host, get } = await serve()
    for (const path of ['/__admin/info', '/__dashboard/', '/docs'])
      expect(await get(path, [`Host: ${host}`, 'Host: evil.example'])).toBe(400)
  })

  it('is refused without a Host if the emulator listens on every address', async () => {
    const { get } = await serve({ host: '0.0.0.0' })
    expect(await get('/__admin/info', ['Host: '])).toBe(403)
  })

  it('is allowed if it follows a link to the dashboard, under a known name only', async () => {
    const { host, get } = await serve()
    const link = ['Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: document']
    expect(await get('/__dashboard/', [`Host: ${host}`, ...link])).toBe(200)
    expect(await get('/__dashboard/', ['Host: evil.example', ...link])).toBe(403)
    expect(await get('/__dashboard/', [`Host: ${host}`, ...link, 'Sec-Fetch-Mode: navigate'])).toBe(403)
    expect(await get('/__admin/info', [`Host: ${host}`, ...link])).toBe(403)
  })
})
