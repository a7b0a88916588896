// Responses of the control API match its OpenAPI document, and the public types match the document's schemas.

import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import type { Static, TSchema } from 'typebox'
import { expect, expectTypeOf, it } from 'vitest'
import type * as schemas from '../../src/client/answers/domain-schemas.ts'
import type * as jobs from '../../src/client/answers/job-schemas.ts'
import type * as journal from '../../src/client/answers/request-schemas.ts'
import type * as types from '../../src/index.ts'
import { enable, JOBS, seeded, start, type Method } from './enter.ts'

interface Operation {
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { schema?: object }>> }>>
}

type Paths = Readonly<Record<string, Readonly<Record<string, Operation>>>>

interface Request {
  readonly params?: Readonly<Record<string, string>>
  readonly query?: string
  readonly body?: unknown
  readonly headers?: object
}

/**
 * Closes a schema: schemas are open, so that later versions may add fields, but this version sends only documented
 * ones.
 */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed)
  if (typeof schema !== 'object' || schema === null) return schema
  const parts = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]))
  return 'properties' in parts ? { additionalProperties: false, ...parts } : parts
}

async function startChecked(options: Parameters<typeof start>[0] = {}) {
  const world = await start(options)
  const headers = options.adminToken === undefined ? {} : { authorization: `Bearer ${options.adminToken}` }
  const document = await world.admin('GET', '/openapi.json', undefined, headers)
  const { paths } = document.json as unknown as { readonly paths: Paths }
  const ajv = new Ajv2020({ strict: false })
  const called = new Set<string>()

  /** Calls an operation by its path in the document, in the short form of a domain, and checks the response. */
  async function call(name: string, { params = {}, query = '', body, headers: sent = headers }: Request = {}) {
    const [method = '', template = ''] = name.split(' ')
    const path = template.replace(/\{(\w+)\}/g, (_match, key: string) => params[key] ?? 'root')
    const answer = await world.admin(method as Method, path + query, body, sent)
    const operation = paths[`/__admin${template}`]?.[method.toLowerCase()]
    const response = operation?.responses[answer.status]
    expect(response, `${name} answers ${answer.status}: ${answer.body}`).toBeDefined()
    called.add(name)
    const type = ((answer.headers['content-type'] as string | undefined) ?? '').replace(/;.*/, '')
    expect(type === '' ? undefined : [type], name).toEqual(response?.content && Object.keys(response.content))
    const schema = response?.content?.['application/json']?.schema
    if (schema !== undefined) {
      const validate: ValidateFunction = ajv.compile(closed(schema) as object)
      expect(validate(JSON.parse(answer.body)), `${name}: ${ajv.errorsText(validate.errors)}`).toBe(true)
    }
    return answer.json
  }

  /** The operations that were not called, except those of the long path that have a short one. */
  const uncalled = () =>
    Object.entries(paths)
      .map(([path, methods]) => [path.replace('/__admin', ''), methods] as const)
      .filter(([path]) => !(`/__admin${path.replace('/domains/{domain}', '')}` in paths && path.includes('}/')))
      .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`))
      .filter((name) => !called.has(name) && name !== 'GET /events')

  return { ...world, checked: call, uncalled }
}

it('answers every call as documented', async () => {
  const { checked, uncalled, client, emulator } = await startChecked()
  await checked('PUT /domains/{domain}', { params: { domain: 't-1' } })
  await checked('PUT /domains/{domain}', { params: { domain: 't-1' } })
  for (const name of ['GET /domains', 'GET /domains/{domain}', 'GET /info', 'GET /openapi.json', 'GET /metrics'])
    await checked(name)
  await checked('GET /tls/ca.pem')

  const vendor = client(await emulator.token())
  await checked('POST /rules', { body: { when: { operation: 'enablekey' }, scenario: { extends: 'stuck' }, times: 2 } })
  await checked('GET /rules')
  await checked('POST /faults', { body: { on: { operation: 'aws.*', nth: [7, 8] }, do: { respond: { status: 503 } } } })
  const fault = await checked('POST /faults', { body: { times: 1, do: { delay: '0s' } } })
  await checked('GET /faults')
  const created = await vendor('POST', JOBS, enable('k1', 'k2'))
  const { id } = created.json as { id: string }
  for (let poll = 0; poll < 3; poll += 1) await vendor('GET', `${JOBS}/${id}?x=1&x=2`)
  await vendor('GET', '/nothing')

  const manual = (await checked('POST /jobs', { body: seeded('manual', 'k1', 'k2') })) as { id: string }
  const failing = (await checked('POST /jobs', { body: seeded('partial-failure', 'k1', 'k2', 'k3') })) as { id: string }
  const key = (await checked('POST /resources', { body: { kind: 'aws.key', record: { id: 'k7' } } })) as { id: string }
  await checked('POST /resources', { body: { kind: 'aws.key', record: { id: 'k8' }, appears: 'on-sync' } })
  await vendor('POST', JOBS, { ...enable('k7'), operation: 'schedulekeydeletion' })
  await checked('GET /resources')
  await checked('GET /resources', { query: '?hidden=true' })
  await checked('GET /resources/{id}', { params: { id: key.id } })
  await checked('GET /jobs')
  await checked('GET /jobs', { query: '?timeline=true' })
  await checked('GET /jobs', { query: '?timeline=true&id=nobody' })
  for (const each of [id, manual.id, failing.id]) {
    await checked('GET /jobs/{id}', { params: { id: each }, query: '?timeline=true' })
    await checked('GET /jobs/{id}/explain', { params: { id: each } })
    await checked('GET /jobs/{id}/wait', { params: { id: each }, query: '?timeout=1ms' })
  }
  await checked('POST /clock/advance', { body: { by: '1h' } })
  await checked('POST /clock/advance', { body: { by: '365d' } })
  await checked('GET /resources/{id}', { params: { id: key.id } })
  await checked('DELETE /resources/{id}', { params: { id: key.id } })
  await checked('GET /jobs/{id}/wait', { params: { id: failing.id } })
  await checked('POST /jobs/{id}/signal', { params: { id: manual.id }, body: { name: 'finish' } })
  await checked('POST /jobs/{id}/cancel', { params: { id } })
  await checked('GET /jobs/{id}', { params: { id }, query: '?timeline=true' })
  await vendor('DELETE', `${JOBS}/${id}`)

  for (const name of ['GET /requests', 'GET /requests/count', 'GET /requests/in-flight', 'GET /reports/polling'])
    await checked(name)
  await checked('GET /requests', { query: '?jobStatus=true' })
  await checked('GET /requests/count', { query: '?operation=azure.bulkjobs.get&expect=3' })
  await checked('GET /requests/count', { query: '?since=2030-01-01T00:00:00Z&method=PUT&expect=3' })
  await checked('POST /resources/match', { body: { names: [key.id, 'no-such'] } })
  await checked('POST /requests/wait', { body: { operation: 'aws.*' } })
  await checked('POST /requests/wait', { body: { operation: 'azure.*', timeout: '1ms' } })
  await checked('POST /sweep/plan', { body: { faults: ['503', 'reset', '401'] } })
  await checked('GET /trace')
  await checked('GET /report.txt')
  await checked('POST /end', { query: '?trace=problems', body: { keep: true, failOn: ['4xx', 'unused'] } })
  await checked('DELETE /requests')

  await checked('GET /clock')
  await checked('PUT /clock', { body: { mode: 'auto', lease: '30s', sleepers: 1 } })
  await checked('POST /clock/sleep', { body: { for: '1s', sleeper: 'a' } })
  await checked('GET /clock')
  await checked('DELETE /clock/sleepers/{name}', { params: { name: 'a' } })
  await checked('PUT /clock', { body: { mode: 'step' } })
  await checked('PUT /scenarios/{name}', { params: { name: 'mine' }, body: { extends: 'default', after: '3s' } })
  await checked('PUT /scenarios/{name}', { params: { name: 'mine' }, body: { extends: 'default', after: '3s' } })
  for (const name of ['mine', 'demo']) await checked('GET /scenarios/{name}', { params: { name } })
  await checked('PUT /scenarios', { body: { default: { extends: 'mine' } } })
  await checked('GET /scenarios')
  await checked('PUT /settings', { body: { users: [{ name: 'ci', password: 'ci', groups: ['CCKM Users'] }] } })
  await checked('GET /settings')
  await checked('POST /tokens', { body: { kind: 'expired' } })

  for (const name of ['PUT /snapshots/{name}', 'POST /snapshots/{name}/load'])
    await checked(name, { params: { name: 's' } })
  await checked('GET /snapshots')
  await checked('DELETE /snapshots/{name}', { params: { name: 's' } })
  await checked('POST /seed', { query: '?dryRun=true', body: { jobs: [seeded('default', 'k1')] } })
  await checked('POST /seed', { body: { jobs: [seeded('default', 'k1')] } })
  await checked('POST /fork', { body: { to: 't-2' } })
  await checked('DELETE /faults/{id}', { params: { id: (fault as { id: string }).id } })
  for (const name of ['DELETE /faults', 'DELETE /rules', 'POST /reset']) await checked(name)
  await checked('DELETE /domains/{domain}', { params: { domain: 't-2' } })
  expect(uncalled()).toEqual([])
})

it('answers requests in flight and an administrator of a locked domain as documented', async () => {
  const { checked, emulator, client, admin } = await startChecked({ adminToken: 'secret' })
  const jwt = await emulator.token()
  const own = { authorization: `Bearer ${jwt}` }
  await checked('PUT /domains/{domain}', { headers: own })
  await checked('POST /faults', { body: { do: { delay: '300ms' } } })
  const slow = client(jwt)('GET', JOBS)
  await expect
    .poll(async () => (await admin('GET', '/requests/in-flight', undefined, own)).json.count, { interval: 5 })
    .toBe(1)
  await checked('GET /requests/in-flight', { query: '?timeout=1ms' })
  await slow
})

type Immutable<T> = T extends object
  ? { readonly [Key in keyof T]: Immutable<T[Key]> | (object extends Pick<T, Key> ? undefined : never) }
  : T

/** True if a public type and the values of a schema are assignable to each other. */
type Fits<S extends TSchema, T> =
  Immutable<Static<S>> extends Immutable<T> ? (Immutable<T> extends Immutable<Static<S>> ? true : false) : false

it('declares public types that match the schemas', () => {
  expectTypeOf<Fits<typeof schemas.ClockAnswerSchema, types.ClockAnswer>>().toEqualTypeOf<true>()
  expectTypeOf<Fits<typeof schemas.DomainAnswerSchema, types.DomainAnswer>>().toEqualTypeOf<true>()
  expectTypeOf<Fits<typeof schemas.DomainAccessSchema, types.DomainAccess>>().toEqualTypeOf<true>()
  expectTypeOf<Fits<typeof jobs.AdvanceAnswerSchema, types.AdvanceAnswer>>().toEqualTypeOf<true>()
  expectTypeOf<Fits<typeof jobs.JobAnswerSchema, types.JobAnswer>>().toEqualTypeOf<true>()
  expectTypeOf<Fits<typeof jobs.JobHistoryAnswerSchema, types.JobHistoryAnswer>>().toEqualTypeOf<true>()
  expectTypeOf<Fits<typeof jobs.JobListAnswerSchema, types.JobListAnswer>>().toEqualTypeOf<true>()
  expectTypeOf<Fits<typeof jobs.ExplanationAnswerSchema, types.ExplanationAnswer>>().toEqualTypeOf<true>()
  expectTypeOf<Fits<typeof schemas.ErrorAnswerSchema, types.ErrorAnswer>>().toEqualTypeOf<true>()
  expectTypeOf<Fits<typeof schemas.InfoAnswerSchema, types.InfoAnswer>>().toEqualTypeOf<true>()
  expectTypeOf<Fits<typeof schemas.FaultAnswerSchema, types.FaultAnswer>>().toEqualTypeOf<true>()
  expectTypeOf<Fits<typeof journal.RequestAnswerSchema, types.RequestAnswer>>().toEqualTypeOf<true>()
  expectTypeOf<Fits<typeof journal.RequestListAnswerSchema, types.RequestListAnswer>>().toEqualTypeOf<true>()
  expectTypeOf<Fits<typeof journal.RequestCountAnswerSchema, types.RequestCountAnswer>>().toEqualTypeOf<true>()
  expectTypeOf<Fits<typeof journal.PollingReportAnswerSchema, types.PollingReportAnswer>>().toEqualTypeOf<true>()
})
