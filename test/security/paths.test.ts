// Names that could be paths, and text that could be a header: names from clients and tests never become a file, and an
// echoed value never becomes a second header.

import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createEmulator } from '../../src/index.ts'
import { folderOf } from '../files/folder.ts'
import { AWS, AZURE, refusal, start } from '../support/world.ts'

const EVIL = ['../x', '..', '.', '/etc/passwd', 'a/../../x', '..\\x', '\u0000', 'a\u0000.json', 'C:x', 'a\r\nb', '💥']

describe('a name with path segments', () => {
  it.each(EVIL)('is refused as a domain: %j', async (name) => {
    const data = folderOf({})
    const { signIn, emulator } = await start({ data })
    const before = readdirSync(data).sort()
    // A sign-in accepts a path of domains: if each segment is a valid name, it is a domain, and not a file either.
    const signedIn = await signIn({ username: 'admin', password: 'admin', domain: name })
    if (name === '/etc/passwd') expect([signedIn.status, signedIn.domain]).toEqual([200, 'etc.passwd; new'])
    else refusal(signedIn, 400)
    const url = `/__admin/domains/${encodeURIComponent(name)}`
    expect((await emulator.inject({ method: 'PUT', url })).statusCode).toBeGreaterThanOrEqual(400)
    const fork = await emulator.inject({ method: 'POST', url: '/__admin/fork', payload: JSON.stringify({ to: name }) })
    expect(fork.statusCode).toBe(400)
    expect(readdirSync(data).sort()).toEqual(before)
  })

  it.each(EVIL)('is refused as a snapshot: %j', async (name) => {
    const data = folderOf({})
    const { emulator } = await start({ data })
    const before = readdirSync(data).sort()
    const url = `/__admin/snapshots/${encodeURIComponent(name)}`
    for (const [method, path] of [
      ['PUT', ''],
      ['POST', '/load'],
      ['DELETE', ''],
    ] as const)
      // prettier-ignore
      expect((await emulator.inject({ method, url: url + path })).statusCode).toBeGreaterThanOrEqual(400)
    expect((await emulator.inject({ method: 'GET', url: '/__admin/snapshots' })).json()).toEqual({ snapshots: [] })
    expect(readdirSync(data).sort()).toEqual(before)
  })

  it.each([...EVIL, '../seeds/documented', '../../package', 'default.json'])(
    'is refused as a scenario: %j',
    async (name) => {
      const { admin, emulator } = await start()
      const create = { operation: 'enablekey', keys: ['k'] }
      const put = (payload: object, path: string) =>
        emulator.inject({ method: 'PUT', url: `/__admin/${path}`, payload: JSON.stringify(payload) })
      expect((await put({ extends: name }, 'scenarios/mine')).statusCode).toBe(400)
      expect((await put({ default: name }, 'scenarios')).statusCode).toBe(400)
      if (!/[^\x20-\x7e]/.test(name))
        expect((await admin.post(AWS, create, { 'x-emulator-scenario': name })).status).toBe(400)
    },
  )

  it.each(['..%2f..%2fpackage.json', '%2e%2e/package.json', '..\\..\\package.json', '%00', 'swagger-ui-bundle.js%00'])(
    'is not served at /docs: %s',
    async (path) => {
      const { emulator } = await start()
      const answer = await emulator.inject({ method: 'GET', url: `/docs/${path}` })
      expect([answer.statusCode, answer.body.includes('devDependencies')]).toEqual([404, false])
    },
  )
})

describe('seeds and their folders', () => {
  const job =
    '{"id":"a","uri":"kylo:kylo:cckm:bulkjob:a","createdAt":"2025-03-18T14:02:11Z","overall_status":"completed","operation":"enablekey"}'

  it('read no other file by scenario, extends or domain', async () => {
    const requested = (more: object) => ({
      family: 'aws.bulkjob',
      request: { keys: ['k'], operation: 'enablekey' },
      ...more,
    })
    for (const name of ['../x', '/etc/passwd', 'x/../default'])
      for (const seed of [
        { jobs: [requested({ scenario: name })] },
        { jobs: [requested({ scenario: { extends: name } })] },
        { domain: name, jobs: [] },
      ]) {
        const folder = folderOf({ 'a.json': JSON.stringify(seed) })
        await expect(createEmulator({ seed: folder })).rejects.toThrow(/a\.json/)
      }
  })

  it('read only files directly in the folder: no subfolders, hidden files or linked folders', async () => {
    const elsewhere = folderOf({ 'b.json': job.replaceAll('"a"', '"b"') })
    const folder = folderOf({ 'a.json': job, '.hidden.json': 'no JSON', 'below/c.json': 'no JSON' })
    symlinkSync(elsewhere, join(folder, 'linked.json'))
    const { emulator } = await start({ seed: folder })
    expect((await emulator.domain('root').jobs.list()).total).toBe(1)
  })

  it('report a link to itself and a name with a NUL in one line', async () => {
    const folder = folderOf({})
    symlinkSync(join(folder, 'loop.json'), join(folder, 'loop.json'))
    const refusalOf = (name: string) => createEmulator({ seed: join(folder, name) }).then(String, String)
    expect(await refusalOf('loop.json')).toMatch(/^[^\n]*link to itself[^\n]*$/)
    expect(await refusalOf('a\u0000.json')).toMatch(/^[^\n]*has a control character[^\n]*$/)
  })

  it('write data to the given folder only', async () => {
    const root = folderOf({})
    mkdirSync(join(root, 'a'))
    const { emulator } = await start({ data: join(root, 'a/../b') })
    await emulator.domain('x').access()
    expect([existsSync(join(root, 'b/emulator.db')), readdirSync(join(root, 'a')), readdirSync(root).sort()]).toEqual([
      true,
      [],
      ['a', 'b'],
    ])
  })
})

describe('values that a response repeats', () => {
  const LINES = 'x\r\nset-cookie: a=b\r\n\r\n<script>'

  it('add no header line: an ignored query or field, a domain, a host', async () => {
    const { admin, emulator, signIn } = await start()
    const answers = [
      await admin.get(`${AZURE}?${encodeURIComponent(LINES)}=1`),
      await admin.get(`${AZURE}?sort=${encodeURIComponent(LINES)}`),
      await admin.post(AWS, { operation: 'enablekey', keys: ['k'], [LINES]: 1, ключ: 2, '\u0000': 3 }),
      await signIn({ username: 'admin', password: 'admin', domain: LINES }),
      await admin.get(`${AZURE}/${encodeURIComponent(LINES)}`),
    ]
    for (const { headers, status } of answers) {
      expect(headers).not.toHaveProperty('set-cookie')
      for (const value of Object.values(headers)) expect(String(value)).toMatch(/^[\x20-\x7e]*$/)
      expect(status).toBeLessThan(500)
    }
    for (const host of ['evil\t.example', 'evil\u00e9.example']) {
      const { statusCode, headers } = await emulator.inject({ method: 'GET', url: '/__admin/info', headers: { host } })
      expect([statusCode, headers['x-emulator-hint']]).toEqual([403, 'start with --allow-host evil?.example'])
    }
  })

  it('are sent as JSON with content sniffing forbidden', async () => {
    const { admin } = await start()
    const { headers } = await admin.get(`${AZURE}/${encodeURIComponent('<script>alert(1)</script>')}`)
    expect(headers['content-type']).toBe('application/json; charset=utf-8')
  })
})
