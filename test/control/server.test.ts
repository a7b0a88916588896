// Calls that concern the server: its document, metrics, the certificate, limits and headers.

import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { connect as connectTls } from 'node:tls'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { enable, JOBS, seeded, start } from './enter.ts'

/** The calls of the control API, as its page names them. */
const CALLS = [
  ...['GET /domains', 'GET /info', 'GET /tls/ca.pem', 'GET /openapi.json', 'GET /metrics'],
  ...['GET /domains/{domain}', 'PUT /domains/{domain}', 'DELETE /domains/{domain}'],
  ...[
    ...['GET clock', 'PUT clock', 'POST clock/advance', 'GET jobs', 'POST jobs', 'GET jobs/{id}'],
    ...['POST jobs/{id}/signal', 'GET jobs/{id}/explain', 'GET jobs/{id}/wait'],
    ...['GET scenarios', 'PUT scenarios', 'GET scenarios/{name}', 'PUT scenarios/{name}'],
    ...['GET settings', 'PUT settings', 'GET rules', 'POST rules', 'DELETE rules'],
    ...['GET snapshots', 'PUT snapshots/{name}', 'POST snapshots/{name}/load', 'DELETE snapshots/{name}'],
    ...['POST fork', 'POST reset', 'POST seed', 'POST tokens', 'GET events', 'GET trace'],
    ...['GET requests/in-flight', 'POST sweep/plan'],
  ].flatMap((call) => [call.replace(' ', ' /'), call.replace(' ', ' /domains/{domain}/')]),
]

interface Document {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, { summary: string }>>>>
}

describe('the server', () => {
  it('serves every documented call', async () => {
    const { admin } = await start()
    const document = (await admin('GET', '/openapi.json')).json as unknown as Document
    const documented = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path.replace('/__admin', '')}`),
    )
    expect(document.openapi).toBe('3.1.0')
    expect(documented).toEqual(expect.arrayContaining(CALLS))
    const answers = await Promise.all(
      documented
        .filter((call) => call.startsWith('GET') && !call.endsWith('/events'))
        .map((call) =>
          admin(
            'GET',
            call
              .slice(4)
              .replace('{domain}', 'root')
              .replace(/\{\w+\}/, 'x'),
          ),
        ),
    )
    expect(answers.filter(({ status, body }) => status >= 500 || body.includes('Resource not found'))).toEqual([])
  })

  it("refuses unknown calls in the control API's shape", async () => {
    const { admin } = await start()
    const answers = [
      await admin('GET', '/nothing'),
      await admin('POST', '/clock'),
      await admin('GET', '/domains/x/clock'),
    ]
    for (const { status, json } of answers) expect([status, json.error]).toMatchObject([404, { code: 'not-found' }])
    expect(answers[2]?.headers['x-emulator-hint']).toBe('create it with PUT /__admin/domains/NAME')
  })

  it('sends its version, and the domain of each response', async () => {
    const { admin, enter } = await start()
    expect((await admin('GET', '/info')).json).toMatchObject({
      version: expect.stringMatching(/^\d+\.\d+\.\d+/) as string,
      cmVersion: '2.18',
    })
    await enter('t-1')
    const paths = ['/clock', '/domains/T-1/clock', '/domains']
    const answers = await Promise.all(paths.map((path) => admin('GET', path)))
    expect(answers.map(({ headers }) => headers['x-emulator-domain'])).toEqual(['root', 't-1', 'root'])
    expect((await admin('PUT', '/domains/t-2')).headers['x-emulator-domain']).toBe('t-2')
  })

  it('serves metrics for Prometheus', async () => {
    const { admin, enter } = await start()
    await (await enter('t-1')).world.jobs.create(seeded('default', 'k1'))
    const { body, headers } = await admin('GET', '/metrics')
    expect(headers['content-type']).toContain('text/plain')
    const sample = /^[a-zA-Z_:][\w:]*(\{(\w+="([^"\\]|\\.)*",?)*\})? [-+\w.]+$/
    const lines = body.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
    expect(lines.filter((line) => !sample.test(line))).toEqual([])
    expect(lines).toEqual(expect.arrayContaining(['cckm_emulator_domains 2', 'cckm_emulator_jobs 1']))
  })

  it('returns the CA of its https certificate', async () => {
    const { admin, emulator } = await start({ port: 0 })
    const { port } = await emulator.listen()
    const { body, headers } = await admin('GET', '/tls/ca.pem')
    expect([headers['content-type'], new X509Certificate(body).ca]).toEqual(['application/x-pem-file', true])
    const socket = connectTls({ port, host: '127.0.0.1', ca: body, servername: 'localhost' })
    await once(socket, 'secureConnect')
    expect(socket.authorized).toBe(true)
    socket.destroy()
    const off = await start({ tls: 'off' })
    expect((await off.admin('GET', '/tls/ca.pem')).status).toBe(404)
  })

  it("accepts bodies larger than the vendor's limit, up to 64 MiB", async () => {
    const { admin } = await start()
    const large = { after: '5s', description: 'x'.repeat(3_000_000) }
    const { status, json } = await admin('POST', '/seed?dryRun=true', { jobs: [seeded(large, 'k1')] })
    expect([status, json]).toEqual([200, { added: 1, dryRun: true }])
    const refused = await admin('POST', '/seed', {}, { 'content-length': String(64 * 1024 * 1024 + 1) })
    expect([refused.status, refused.json.error]).toMatchObject([413, { code: 'too-large' }])
    const garbage = await admin('POST', '/seed', undefined, {})
    expect(garbage.status).toBe(400)
  })

  it('stays healthy after a reset', async () => {
    const { admin, call, client, emulator } = await start()
    await admin('POST', '/reset')
    expect((await call('GET', '/readyz')).json).toEqual({ status: 'ok' })
    expect((await client(await emulator.token())('POST', JOBS, enable('k1'))).status).toBe(201)
  })
})

describe('calls that the control API does not have', () => {
  it('refuses any unknown method and path in its own shape, for the server and for a domain', async () => {
    const { emulator } = await start()
    for (const url of ['/__admin/nothing', '/__admin/domains/root/nothing', '/__admin/clock/nothing', '/__admin/'])
      for (const method of ['GET', 'PUT', 'POST', 'PATCH', 'DELETE'] as const) {
        const answer = await emulator.inject({ method, url })
        expect(answer.statusCode).toBe(404)
        expect(answer.json()).toMatchObject({ error: { message: expect.stringContaining('no such call') as string } })
      }
  })

  it('refuses HEAD everywhere', async () => {
    const { emulator } = await start()
    for (const url of ['/__admin/info', '/__admin/clock', '/__admin/events'])
      expect((await emulator.inject({ method: 'HEAD', url })).statusCode).toBe(404)
  })
})

describe('the page about the control API', () => {
  it('names every call', () => {
    const page = readFileSync(new URL('../../docs/reference/control-api.md', import.meta.url), 'utf8')
    const words = CALLS.flatMap((call) => call.split('/').slice(1)).filter((word) => !word.startsWith('{'))
    expect([...new Set(words)].filter((word) => !page.includes(`/${word}`))).toEqual([])
  })
})
