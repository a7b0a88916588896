// How the dashboard is served: to which requests, with which headers, and when its code is loaded.

import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { start } from './enter.ts'

const html = { accept: 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.8' }

/** The files that the document names. */
const filesOf = (body: string) => [...body.matchAll(/(?:href|src)="(\/[^"]+)"/g)].map(([, url]) => url!)

describe('the dashboard', () => {
  it('consists of one document, one script and one style sheet, all from the emulator', async () => {
    const { call } = await start()
    const { status, body, headers } = await call('GET', '/__dashboard')
    expect([status, headers['content-type'], headers['cache-control']]).toEqual([
      200,
      'text/html; charset=utf-8',
      'no-cache',
    ])
    expect(body.replaceAll("xmlns='http://www.w3.org/2000/svg'", '')).not.toMatch(/https?:|<style|<script>| on\w+=/)
    const [style, script] = filesOf(body)
    const types = await Promise.all([style!, script!].map(async (url) => (await call('GET', url)).headers))
    expect(types.map((each) => [each['content-type'], each['cache-control']])).toEqual([
      ['text/css; charset=utf-8', 'public, max-age=31536000, immutable'],
      ['text/javascript; charset=utf-8', 'public, max-age=31536000, immutable'],
    ])
    expect([style, script]).toEqual([
      expect.stringMatching(/^\/__dashboard\/page-[A-Z0-9]{8}\.css$/),
      expect.stringMatching(/^\/__dashboard\/main-[A-Z0-9]{8}\.js$/),
    ])
    expect((await call('GET', '/__dashboard/')).body).toBe(body)
    expect((await call('GET', '/__dashboard/other.js')).status).toBe(404)
  })

  it('allows no content from other sites and no frames', async () => {
    const { call } = await start()
    const { headers } = await call('GET', '/__dashboard')
    const policy = String(headers['content-security-policy']).split('; ')
    expect(policy).toEqual(
      expect.arrayContaining(["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"]),
    )
    expect(policy.join()).not.toMatch(/unsafe|\*|https?:/)
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' })
    expect(headers).not.toHaveProperty('access-control-allow-origin')
  })

  it('answers 304 to a client that has it', async () => {
    const { call } = await start()
    const { headers } = await call('GET', '/__dashboard')
    const again = await call('GET', '/__dashboard', undefined, { 'if-none-match': headers.etag })
    expect([again.status, again.body]).toEqual([304, ''])
  })

  it.each([
    ['a rebound name', { host: 'evil.example:7443' }],
    ['a script of another site', { origin: 'https://evil.example' }],
    [
      'a frame of another site',
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'iframe', 'sec-fetch-mode': 'navigate' },
    ],
  ])('refuses %s', async (_case, headers) => {
    const { call } = await start()
    expect((await call('GET', '/__dashboard', undefined, headers)).status).toBe(403)
  })

  it('allows a link from another site', async () => {
    const { call } = await start()
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
    expect((await call('GET', '/__dashboard', undefined, headers)).status).toBe(200)
  })

  it('is served without the admin token, but its calls require it', async () => {
    const { call } = await start({ adminToken: 'secret' })
    expect((await call('GET', '/__dashboard')).status).toBe(200)
    expect((await call('GET', '/__admin/info')).status).toBe(401)
  })

  it('is absent with --no-admin, and the response says so', async () => {
    const { call } = await start({ admin: false })
    const { status, body } = await call('GET', '/__dashboard')
    expect([status, body]).toEqual([404, 'There is no dashboard: this emulator was started with --no-admin.\n'])
    expect((await call('GET', '/', undefined, html)).body).not.toContain('__dashboard')
  })

  it('is not recorded as a request of a client', async () => {
    const { call, emulator } = await start()
    await call('GET', '/__dashboard')
    await call('GET', '/', undefined, html)
    expect(await emulator.domain('root').requests()).toEqual([])
  })

  it('loads its code at the first request for it', () => {
    const program = `
      import { registerHooks } from 'node:module'
      const seen = []
      registerHooks({ load: (url, context, next) => (seen.push(url), next(url, context)) })
      const { createEmulator } = await import('./src/emulator.ts')
      const emulator = await createEmulator({ seed: 'none' })
      const parts = () => seen.filter((url) => /esbuild|preact|bundle-dashboard/.test(url)).length
      const before = parts()
      const { statusCode } = await emulator.inject('/__dashboard')
      console.log(JSON.stringify({ before, statusCode, isLoaded: parts() > 0 }))
      await emulator.close()`
    const cwd = fileURLToPath(new URL('../..', import.meta.url))
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { cwd, encoding: 'utf8' })
    expect(JSON.parse(stdout)).toEqual({ before: 0, statusCode: 200, isLoaded: true })
  })
})

describe('the path /', () => {
  it('shows a page to a browser, and 404 to other clients', async () => {
    const { call } = await start()
    const page = await call('GET', '/', undefined, html)
    expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
    expect(filesOf(page.body)).toEqual([
      '/__dashboard',
      '/docs',
      '/openapi.json',
      '/docs/fidelity',
      '/__admin/openapi.json',
    ])
    expect(page.body).toContain('touches no real keys')
    for (const headers of [{}, { accept: '*/*' }, { accept: 'application/json' }]) {
      const { status, json } = await call('GET', '/', undefined, headers)
      expect([status, json.codeDesc]).toEqual([404, 'NCERRResourceNotFound: Resource not found'])
    }
    expect((await call('POST', '/', {}, html)).status).toBe(404)
  })
})
