// Responses of an emulator, and those of the vendor's pages and real clients, match the document.

import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { createEmulator, type Emulator } from '../../src/index.ts'
import { FAMILIES } from '../../src/wire/families/index.ts'
import { OPERATIONS } from '../../src/wire/operations.ts'
import { callInventory } from './inventory-calls.ts'
import {
  answerSchema,
  closed,
  createCheck,
  findOperation,
  operationsOf,
  readDocument,
  type Document,
} from './read-document.ts'

/** The document as served, and one whose schemas allow only the fields that they name. */
let document: Document
let check: ReturnType<typeof createCheck>
let checkOpen: ReturnType<typeof createCheck>
beforeAll(async () => {
  const open = await readDocument()
  document = closed(open)
  check = createCheck(document)
  checkOpen = createCheck(open)
})

interface Call {
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  path: string
  body?: object
  status?: number
  scenario?: string
}

/** Signs in; returns a function that calls, checks status and body against the document, and records the call. */
async function startClient() {
  const emulator: Emulator = await createEmulator({
    seed: 'none',
    clock: 'frozen',
    users: ['admin:admin:admin', 'nobody:nobody:none'],
  })
  onTestFinished(() => emulator.close())
  const called = new Set<string>()
  let token = ''
  const call = async ({ method = 'GET', path, body, status = 200, scenario }: Call) => {
    const answer = await emulator.inject({
      method,
      url: `/api/v1${path}`,
      headers: {
        ...(token !== '' && { authorization: `Bearer ${token}` }),
        ...(scenario !== undefined && { 'x-emulator-scenario': scenario }),
      },
      ...(body !== undefined && { payload: body }),
    })
    expect(answer.statusCode, `${method} ${path}: ${answer.body}`).toBe(status)
    const operation = findOperation(document, method, `/v1${path}`)!
    called.add(operation.operationId)
    const schema = answerSchema(document, operation, status)
    const value: unknown = answer.body === '' ? undefined : answer.json()
    expect({ path, value, errors: schema ? check(schema, value) : [] }).toEqual({ path, value, errors: [] })
    expect(schema === undefined).toBe(value === undefined)
    return value as Record<string, unknown>
  }
  const signIn = async (username: string) => {
    token = ''
    const answer = await call({ method: 'POST', path: '/auth/tokens', body: { username, password: username } })
    token = answer.jwt as string
    return answer
  }
  return { call, signIn, called, forget: () => (token = '') }
}

const azure = '/cckm/azure/bulkjobs'
const aws = '/cckm/aws/bulkjob'

describe('responses of an emulator', () => {
  it('match the document for every operation, with every documented error', async () => {
    const { call, signIn, called, forget } = await startClient()
    const { refresh_token_id: id, refresh_token: refresh } = await signIn('admin')
    await call({ method: 'POST', path: '/auth/tokens', body: { grant_type: 'refresh_token', refresh_token: refresh } })
    await call({ method: 'POST', path: '/auth/tokens', body: { username: 1 }, status: 400 })
    await call({ method: 'POST', path: '/auth/tokens', body: { username: 'a', password: 'b' }, status: 401 })
    await call({ method: 'POST', path: '/auth/tokens', body: { grant_type: 'user_certificate' }, status: 501 })
    await call({ path: '/auth/tokens?limit=2' })
    await call({ path: '/auth/tokens?limit=x', status: 400 })
    await call({ path: `/auth/tokens/${String(id)}` })
    await call({ path: '/auth/tokens/unknown', status: 404 })
    for (const path of ['/auth/jwks.json', '/auth/self/user', '/auth/self/domains', '/system/info', '/cluster'])
      await call({ path })

    for (const { path, verbs, request } of FAMILIES) {
      const [body = {}] = Object.values(request.examples).map(({ value }) => value as object)
      const { id: done } = await call({ method: 'POST', path, body, status: 201, scenario: 'instant' })
      await call({ path: `${path}/${String(done)}` })
      const { id: running } = await call({ method: 'POST', path, body, status: 201, scenario: 'stuck' })
      await call({ method: 'POST', path, body: { operation: 1 }, status: 400 })
      await call({ path: `${path}/unknown`, status: 404 })
      if (verbs.includes('list')) {
        await call({ path: `${path}?sort=-createdAt&overall_status=in_progress` })
        await call({ path: `${path}?sort=nothing`, status: 400 })
      }
      if (verbs.includes('get-by-post')) await call({ method: 'POST', path: `${path}/${String(done)}` })
      if (verbs.includes('delete')) {
        await call({ method: 'DELETE', path: `${path}/${String(running)}`, status: 409 })
        await call({ method: 'DELETE', path: `${path}/${String(done)}`, status: 204 })
      }
      if (verbs.includes('cancel')) {
        await call({ method: 'POST', path: `${path}/${String(running)}/cancel` })
        await call({ method: 'POST', path: `${path}/unknown/cancel`, status: 404 })
      }
      await call({ path: `${path}/${String(running)}` })
    }

    await callInventory(
      call,
      OPERATIONS.flatMap(({ collection, path }) => (collection === 'list' ? path : [])),
    )

    await call({ method: 'POST', path: '/auth/revoke', body: { token: refresh }, status: 204 })
    await call({ method: 'POST', path: '/auth/revoke', body: {}, status: 400 })
    await call({ method: 'DELETE', path: `/auth/tokens/${String(id)}`, status: 204 })
    await call({ method: 'POST', path: '/auth/logout', status: 204 })
    await call({ path: azure, status: 401 })
    await signIn('nobody')
    await call({ path: aws, status: 403 })
    forget()
    for (const path of [aws, '/system/info', '/cluster', '/auth/tokens']) await call({ path, status: 401 })

    const missed = operationsOf(document).filter(({ operationId }) => !called.has(operationId))
    expect(missed.map(({ operationId }) => operationId)).toEqual([])
  })

  it('match the document for every query parameter; unknown ones are ignored', async () => {
    await using emulator = await createEmulator({ seed: 'none', auth: { mode: 'off' } })
    const values: Record<string, string> = { skip: '0', limit: '1', sort: 'id', expired: 'true', revoked: 'false' }
    for (const path of FAMILIES.filter(({ verbs }) => verbs.includes('list')).map((family) => family.path)) {
      const { parameters = [] } = document.paths[`/v1${path}`]!.get!
      const query = new URLSearchParams(parameters.map(({ name }): [string, string] => [name, values[name] ?? 'x']))
      const known = await emulator.inject(`/v1${path}?${query.toString()}`)
      const unknown = await emulator.inject(`/v1${path}?surplus=1`)
      expect([known.statusCode, known.headers['x-emulator-hint']]).toEqual([200, undefined])
      expect(unknown.headers['x-emulator-hint']).toContain('surplus')
    }
  })
})

interface Exchange {
  request: { method: string; path: string; body?: unknown }
  response: { status: number; body?: unknown }
}

/** Placeholders in the recordings for values that differ between responses, with an example of each. */
const FILLINGS: [string, string][] = [
  ['"<seconds>"', '1799'],
  ['<uuid>', 'ee4482eb-0b97-4702-8ef6-7e86df66eaa5'],
  ['<time>', '2024-02-06T09:22:54.517569Z'],
  ['<jwt>', 'a.b.c'],
]

const wire = fileURLToPath(new URL('../../fixtures/wire/', import.meta.url))
const files = globSync('*.json', { cwd: wire }).sort()

describe('recorded exchanges', () => {
  it.each(files)('match the document: %s', (file) => {
    const filled = FILLINGS.reduce(
      (text, [hole, value]) => text.replaceAll(hole, value),
      readFileSync(wire + file, 'utf8'),
    )
    const { request, response } = JSON.parse(filled) as Exchange
    const operation = findOperation(document, request.method, request.path)
    expect(operation === undefined).toBe(response.status === 405)
    if (operation === undefined) return
    const asked = operation.requestBody?.content['application/json']?.schema
    // The document is closed here: for requests, the form that also accepts other fields applies.
    if (asked && response.status < 300) expect(checkOpen(asked, request.body)).toEqual([])
    const schema = answerSchema(document, operation, response.status)
    if (schema) expect(check(schema, response.body)).toEqual([])
  })
})
