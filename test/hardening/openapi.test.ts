import { fc } from '../support/fast-check.ts'
import { expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../../src/index.ts'
import { AWS, AZURE } from './support.ts'
import {
  contentType,
  fitting,
  nearlyFitting,
  operationsOf,
  wildBody,
  wildQueryValue,
  wildSegment,
  type OpenApi,
  type Operation,
} from './requests.ts'

const CASES = 700

interface Sent {
  readonly method: string
  readonly url: string
  readonly payload: string | Buffer | undefined
  readonly type: string
}

interface Subject {
  readonly emulator: Emulator
  readonly document: OpenApi
  readonly send: (sent: Sent) => Promise<number>
}

/** Expects no server error except 501, which names what is not emulated; each error has the shape of its API. */
async function open(path: string): Promise<Subject> {
  const emulator = await createEmulator({ seed: 'none', randomSeed: 1, scenario: 'stuck' })
  const token = await emulator.token({ ttl: '12h' })
  const document = (await emulator.inject(path)).json<OpenApi>()
  const send = async ({ method, url, payload, type }: Sent): Promise<number> => {
    const answer = await emulator.inject({
      ...{ method: method, url, headers: { authorization: `Bearer ${token}`, 'content-type': type } },
      ...(payload !== undefined && { payload }),
    })
    const told = `${method} ${url.slice(0, 200)} ${payload?.slice(0, 200).toString()}: ${answer.statusCode} ${answer.body.slice(0, 300)}`
    expect(answer.statusCode < 500 || answer.statusCode === 501, told).toBe(true)
    if (answer.statusCode >= 400 && method !== 'HEAD') expect(answer.headers['content-type'], told).toMatch(/json/)
    return answer.statusCode
  }
  return { emulator, document, send }
}

const JOBS = ['azure-bulkjob', 'bulkjob'].map((kind, n) => ({
  ...{ id: 'ab'[n], uri: `kylo:kylo:cckm:${kind}:${'ab'[n]}`, createdAt: '2025-01-01T00:00:00Z' },
  ...{ overall_status: 'completed', operation: n === 0 ? 'delete-key-backups' : 'enablekey' },
}))

/** Ids that may exist, and names, of which the first exists. */
const known = (name: string): fc.Arbitrary<string> =>
  name === 'domain'
    ? fc.constantFrom('fuzz', 'other')
    : fc.constantFrom('a', 'b', '00000000-0000-0000-0000-000000000000')

/** An address of an operation: valid, or with arbitrary segments and queries. */
function address({ path, query }: Operation, isWild: boolean): fc.Arbitrary<string> {
  const parts = path.split(/(\{[^}]+\})/).map((part) => {
    if (!part.startsWith('{')) return fc.constant(part)
    const right = known(part.slice(1, -1))
    return isWild ? fc.oneof(right, wildSegment) : right
  })
  const names = isWild ? [...query, 'x', '__proto__'] : query
  // A wait that is never fulfilled would only take time.
  const pair = fc.tuple(fc.constantFrom(...names, 'skip'), wildQueryValue).filter(([name]) => name !== 'timeout')
  const queries = isWild ? fc.array(pair, { maxLength: 4 }) : fc.constant([])
  const waits = query.includes('timeout') ? ['timeout=1ms'] : []
  return fc
    .tuple(fc.tuple(...parts), queries)
    .map(([segments, pairs]) => `${segments.join('')}?${[...pairs.map((each) => each.join('=')), ...waits].join('&')}`)
}

function request(operation: Operation, document: OpenApi): fc.Arbitrary<Sent> {
  const { method, body: schema } = operation
  const json = (arbitrary: fc.Arbitrary<unknown>) => arbitrary.map((value) => JSON.stringify(value) as string | Buffer)
  const right = schema === undefined ? fc.constant(undefined) : json(fitting(schema, document))
  const nearly = schema === undefined ? json(fc.jsonValue()) : json(nearlyFitting(schema, document))
  const sent = (url: fc.Arbitrary<string>, payload: fc.Arbitrary<Sent['payload']>, type: fc.Arbitrary<string>) =>
    fc.record({ method: fc.constant(method), url, payload, type })
  const isJson = fc.constant('application/json')
  return fc.oneof(
    sent(address(operation, false), right, isJson),
    sent(address(operation, false), nearly, isJson),
    sent(address(operation, true), fc.oneof(wildBody, nearly), contentType),
  )
}

it.each([
  // The rest of it controls the emulator: its faults and clocks stay in separate domains.
  ['/openapi.json', ({ path }: Operation) => path !== '/v1/auth/logout' && path !== '/v1/auth/revoke'],
  [
    '/__admin/openapi.json',
    ({ path, method, body }: Operation) =>
      !path.endsWith('/events') &&
      // It waits for as long as it says.
      !path.endsWith('/clock/sleep') &&
      !(path.endsWith('/requests/wait') && body !== undefined) &&
      (path.includes('{domain}') || (method === 'GET' && !path.includes('wait'))),
  ],
] as const)('answers valid, nearly valid and arbitrary requests without a server error: %s', async (path, isMeant) => {
  const { emulator, document, send } = await open(path)
  const operations = operationsOf(document).filter(isMeant)
  expect(operations.length).toBeGreaterThan(15)
  const jobs = JOBS.map((job) => ({ job }))
  // Created again whenever a request has deleted it, or all requests would be about an unknown domain.
  const prepare = () => emulator.inject({ method: 'PUT', url: '/__admin/domains/fuzz', payload: { seed: { jobs } } })
  for (const job of JOBS) await emulator.inject({ method: 'POST', url: '/__admin/jobs', payload: { job } })
  const any = fc.constantFrom(...operations).chain((operation) => request(operation, document))
  const seen = new Map<number, number>()
  await fc.assert(
    fc.asyncProperty(any, async (sent) => {
      await prepare()
      const status = await send(sent)
      seen.set(status, (seen.get(status) ?? 0) + 1)
    }),
    { numRuns: CASES },
  )
  console.info(path, Object.fromEntries([...seen].sort(([a], [b]) => a - b)))
  // If all requests were refused, the test would show little.
  expect(seen.get(200) ?? 0).toBeGreaterThan(CASES / 20)
  expect((await emulator.inject('/healthz')).statusCode).toBe(200)
  await emulator.close()
})

it('accepts every create that is valid by the document', async () => {
  const { emulator, document, send } = await open('/openapi.json')
  const schemas = document.components!.schemas!
  const azure = fitting(schemas['azure.bulkjobs.CreateRequest']!, document).map((value) => {
    // The document describes in words: one of these, in one place; instants are RFC 3339.
    const { operation, key_id } = value as Record<string, unknown>
    return [AZURE, { operation, ...(key_id !== undefined && { key_id }) }] as const
  })
  const aws = fitting(schemas['aws.bulkjob.CreateRequest']!, document).map((value) => {
    const { keys, operation, days = 7, policy_template_id = 'p' } = value as Record<string, unknown>
    const own = { schedulekeydeletion: { days }, applypolicytemplate: { policy_template_id } }
    return [AWS, { keys, operation, ...own[operation as keyof typeof own] }] as const
  })
  await fc.assert(
    fc.asyncProperty(fc.oneof(azure, aws), async ([url, body]) => {
      const payload = JSON.stringify(body)
      expect(await send({ method: 'POST', url, payload, type: 'application/json' }), payload).toBe(201)
    }),
    { numRuns: 200 },
  )
  await emulator.close()
})
