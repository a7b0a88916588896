// On a locked emulator the administrator of one domain tries every call of the control API, from its document, and
// every call that its users can make to the vendor's API: no other domain changes, and no response contains a secret of
// another user.

import { fc } from '../support/fast-check.ts'
import { describe, expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../../src/index.ts'
import { claimsOf, NOW } from '../support/world.ts'
import { fromSchema, type Vocabulary } from '../support/from-schema.ts'
import { AWS, AZURE, callerOf, enable, TOKENS, type Caller, type Headers } from '../support/world.ts'

const RUNS = { numRuns: 30, seed: 20_260_101, endOnFailure: true }

const ROOT_ID = '00000000-0000-0000-0000-000000000000'
const ADMIN_TOKEN = 'the-admin-token'
const OWN = 'ci-a'
const OTHER = 'ci-b'
/** Secrets of the configuration's administrator and of users of other domains. */
const SECRETS = [ADMIN_TOKEN, 'boss-secret', 'b-secret', 'other-secret']

interface Row {
  readonly method: string
  readonly path: string
  readonly queries: readonly string[]
  readonly body: Readonly<Record<string, unknown>> | undefined
}

interface OpenapiOperation {
  readonly parameters: readonly { readonly name: string; readonly in: string }[]
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: Row['body'] } } }
}

interface Site {
  readonly emulator: Emulator
  readonly server: Caller
  readonly rows: readonly Row[]
  /** The state of the other domains, as the bearer of the admin token sees it. */
  readonly others: () => Promise<unknown>
  readonly ids: readonly string[]
}

/** A locked emulator with `root`, `ci-b` and `ci-a`; the first two have data of every kind. */
async function openSite(): Promise<Site> {
  const emulator = await createEmulator({
    ...{ seed: 'none', clock: `frozen@${NOW}`, randomSeed: 42, adminToken: ADMIN_TOKEN },
    users: [
      { name: 'boss', password: 'boss-secret', groups: ['admin'] },
      { name: 'a', password: 'pa', domain: OWN, groups: ['admin'] },
      { name: 'b', password: 'b-secret', domain: OTHER, groups: ['admin'] },
    ],
  })
  const server = callerOf(emulator, '/__admin', { authorization: `Bearer ${ADMIN_TOKEN}` })
  const vendor = callerOf(emulator, '/api/v1')
  const { paths } = (await server.get('/openapi.json')).json as {
    paths: Record<string, Record<string, OpenapiOperation>>
  }
  const rows = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { parameters, requestBody }]) => ({
      method: method.toUpperCase(),
      path: path.replace(/^\/__admin/, ''),
      queries: parameters.filter((each) => each.in === 'query').map(({ name }) => name),
      body: requestBody?.content['application/json'].schema,
    })),
  )
  const kept: (() => Promise<string>)[] = []
  const ids: string[] = [ROOT_ID]
  for (const name of ['root', OTHER]) {
    const domain = `/domains/${name}`
    const { id, jwt } = (await server.put(domain)).json as { id: string; jwt: string }
    const user = { name: 'other', password: 'other-secret', groups: ['admin'] }
    await server.put(`${domain}/settings`, { users: [user], failureWord: 'failed' })
    await server.put(`${domain}/clock`, { mode: name === 'root' ? 'frozen' : 'step' })
    await server.put(`${domain}/scenarios/mine`, { extends: 'slow' })
    await server.post(`${domain}/rules`, { scenario: 'stuck', when: { item: 'never' } })
    await server.post(`${domain}/faults`, { on: { operation: 'azure.*' }, do: { respond: { status: 503 } } })
    await server.put(`${domain}/snapshots/before`)
    const bearer = { authorization: `Bearer ${jwt}` }
    const job = (await vendor.post(AWS, enable('k1', 'k2'), bearer)).job
    ids.push(id, job.id)
    // A token that works shows that it was not revoked.
    kept.push(async () => (await vendor.get('/auth/self/user', bearer)).text)
  }
  const looks = ['', '/settings', '/clock', '/jobs?limit=-1&timeline=true', '/scenarios', '/scenarios/mine'].concat([
    '/rules',
    '/faults',
    '/snapshots',
  ])
  return {
    ...{ emulator, server, rows, ids },
    others: async () => {
      const { domains } = (await server.get('/domains')).json as { domains: { name: string }[] }
      const seen = [domains.filter(({ name }) => name !== OWN)] as unknown[]
      for (const name of ['root', OTHER])
        for (const look of looks) seen.push((await server.get(`/domains/${name}${look}`)).text)
      for (const use of kept) seen.push(await use())
      return seen
    },
  }
}

const DOMAINS = [OWN, OWN.toUpperCase(), OTHER, 'root', 'ROOT', ROOT_ID, 'ci-c', '.snapshot', '..']

const VOCABULARY: Vocabulary = {
  texts: [
    ...DOMAINS,
    ...['admin', 'a', 'b', 'boss', 'other', 'evil', `evil@${OWN}`, 'admin@root', `boss@${OTHER}`, 'local_account|boss'],
    ...['*', 'aws.*', 'auth.tokens.create', 'aws.bulkjob.get', 'enablekey', 'slow', 'mine', 'before', 'x', NOW],
    `step@${NOW}`,
  ],
  // A delay waits for as long as it says.
  durations: ['0s', '1ms'],
}

/** Bodies that get further than random ones: users, seeds and faults that name another domain. */
const user = fc.record({
  name: fc.constantFrom('evil', 'admin', 'boss', 'b', 'other', 'evil@root', 'local_account|boss'),
  password: fc.constantFrom('x', 'pa'),
  groups: fc.constantFrom(['admin'], ['CCKM Users'], []),
  domain: fc.constantFrom(...DOMAINS),
})
const withUsers = fc.array(user, { maxLength: 3 }).map((users) => ({ users }))
const seed = fc.record({
  domain: fc.constantFrom(...DOMAINS, '*'),
  jobs: fc.constantFrom([], [{ family: 'aws.bulkjob', request: enable('k9'), scenario: 'stuck' }]),
})
const fault = fc.record({
  on: fc.constantFrom({}, { operation: '*' }, { path: '*' }, { operation: 'auth.*' }),
  do: fc.constantFrom<object>(
    ...[{ token: 'revoke' }, { token: 'expire' }, { virtualDelay: '1h' }, { lose: true }, { socket: 'truncate' }],
    ...[{ respond: { status: 200, body: 'x' } }, { delay: '1ms' }],
  ),
})
const fork = fc.record({ to: fc.oneof(fc.constantFrom('ci-c', 'prod', 'a-1'), fc.constantFrom(...DOMAINS)) })

/** By the last word of the path. */
const BODIES: Readonly<Record<string, fc.Arbitrary<unknown>>> = { settings: withUsers, seed, faults: fault, fork }

interface Step {
  readonly base: '/__admin' | '/api/v1'
  readonly method: string
  readonly path: string
  readonly body: unknown
  readonly headers: Headers
  /** Which of the tokens found so far is sent: the newest is 0; undefined sends none. */
  readonly bearer: number | undefined
}

/** The administrator of `ci-a` signs in, which creates that domain if necessary. */
const SIGN_IN: Step = {
  ...{ base: '/api/v1', method: 'POST', path: TOKENS, body: { username: 'a', password: 'pa' } },
  ...{ headers: {}, bearer: undefined },
}

type Call = Omit<Step, 'headers' | 'bearer'>

/** Calls of a row of the table for these domains, with parameters and bodies that name other domains. */
function callsOf(
  { method, path, queries, body }: Row,
  domain: fc.Arbitrary<string>,
  ids: readonly string[],
): fc.Arbitrary<Call> {
  const param = fc.constantFrom(...VOCABULARY.texts, ...ids)
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
  const values = fc.record(Object.fromEntries(names.map((name) => [name, name === 'domain' ? domain : param])))
  const drawn = body === undefined ? fc.constant(undefined) : fromSchema(body, VOCABULARY)
  const sent = BODIES[path.split('/').at(-1) ?? ''] ?? drawn
  const query = fc.record(Object.fromEntries(queries.map((name) => [name, param])), { requiredKeys: [] })
  return fc.record({
    base: fc.constant('/__admin' as const),
    method: fc.constant(method),
    path: fc.tuple(values, fc.oneof(fc.constant({}), fc.constant({}), query)).map(([filled, asked]) => {
      const full = path.replace(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent(String(filled[name])))
      const text = new URLSearchParams(asked as Record<string, string>).toString()
      return text === '' ? full : `${full}?${text}`
    }),
    body: method === 'GET' ? fc.constant(undefined) : fc.oneof(fc.constantFrom(undefined, {}), drawn, sent, sent),
  })
}

function stepsOf({ rows, ids }: Site): fc.Arbitrary<Step[]> {
  // Mostly calls below a domain and of the server; the short paths of root are a smaller part.
  const ending = rows.filter(doesNotWait)
  const [long, short] = [ending.filter(isLong), ending.filter((row) => !isLong(row))]
  const row = fc.oneof({ arbitrary: fc.constantFrom(...long), weight: 4 }, fc.constantFrom(...short))
  const domain = fc.oneof({ arbitrary: fc.constant(OWN), weight: 3 }, fc.constantFrom(...DOMAINS, ...ids))
  const control = row.chain((each) => callsOf(each, domain, ids))
  const names = ['a', 'boss', 'evil', `evil@${OWN}`, `evil@${OTHER}`, 'admin@root', `boss@${OWN}`, 'local_account|evil']
  const signIn = fc.record({
    base: fc.constant('/api/v1' as const),
    method: fc.constant('POST'),
    path: fc.constant(TOKENS),
    body: fc.record(
      {
        username: fc.constantFrom(...names),
        password: fc.constantFrom('pa', 'x', 'admin'),
        domain: fc.constantFrom(...DOMAINS),
        auth_domain: fc.constantFrom(...DOMAINS),
      },
      { requiredKeys: ['username', 'password'] },
    ),
  })
  const jobs = [AWS, AZURE].flatMap((path) => [path, ...ids.flatMap((id) => [`${path}/${id}`, `${path}/${id}/cancel`])])
  const vendor = fc.record({
    base: fc.constant('/api/v1' as const),
    method: fc.constantFrom('GET', 'POST', 'DELETE'),
    path: fc.constantFrom(...jobs, TOKENS, '/auth/self/user', '/auth/self/domains', '/auth/logout'),
    body: fc.constantFrom(undefined, enable('k1')),
  })
  const headers = fc.record(
    {
      'x-emulator-domain': fc.constantFrom(...DOMAINS),
      'x-emulator-scenario': fc.constantFrom('mine', 'stuck', '{"extends":"mine"}'),
    },
    { requiredKeys: [] },
  )
  const step = fc.tuple(
    fc.oneof({ arbitrary: control, weight: 5 }, signIn, vendor),
    headers,
    fc.option(fc.constantFrom(0, 0, 0, 1, 2), { nil: undefined, freq: 19 }),
  )
  return fc.array(
    step.map(([call, more, bearer]): Step => ({ ...call, headers: more, bearer })),
    { minLength: 10, maxLength: 25 },
  )
}

/** A sleep on a clock that stands waits for four minutes. */
const doesNotWait = ({ path }: Row): boolean => !path.endsWith('/clock/sleep')

const isLong = ({ path }: Row): boolean => path.includes('{domain}')

const JWT = /eyJ[\w-]+\.[\w-]+\.[\w-]*/g

interface Read {
  readonly status: number
  /** Headers and body. */
  readonly text: string
}

/**
 * A time limit in many short steps: while the machine stands still, or the emulator computes, no more than one of them
 * passes.
 */
function shortWait(): AbortSignal {
  const ending = new AbortController()
  const step = (left: number): void => {
    if (left === 0) ending.abort()
    else setTimeout(step, 2, left - 1)
  }
  step(12)
  return ending.signal
}

/** Sends a request and reads its response to the end, or for the time limit of streams and waits. */
async function exchange(emulator: Emulator, { base, method, path, body }: Step, headers: Headers): Promise<Read> {
  const signal = shortWait()
  let [status, text] = [0, '']
  try {
    const answer = await emulator.inject({
      ...{ method: method, url: base + path, headers, signal, payloadAsStream: true },
      ...(body !== undefined && { payload: JSON.stringify(body) }),
    })
    status = answer.statusCode
    text = JSON.stringify(answer.headers)
    for await (const chunk of answer.stream()) text += String(chunk)
    expect(status, text).not.toBe(500)
  } catch (error) {
    // A stream, a wait, or a response that a fault delays or drops.
    if (!signal.aborted && !/socket|aborted|destroyed/i.test(String(error))) throw error
  }
  return { status, text }
}

function refuseSecrets(text: string, others: readonly string[]): readonly string[] {
  for (const secret of SECRETS) expect(text).not.toContain(secret)
  const tokens = text.match(JWT) ?? []
  for (const token of tokens) expect(others).not.toContain(claimsOf(token).cust.domain_id)
  return tokens
}

/** Sends requests, with the tokens that it finds in their responses. */
function actorOf({ emulator, ids }: Site): { readonly take: (step: Step) => Promise<number> } {
  const tokens: string[] = []
  return {
    take: async (step) => {
      const jwt = step.bearer === undefined ? undefined : (tokens[step.bearer] ?? tokens[0])
      const headers = { ...step.headers, ...(jwt !== undefined && { authorization: `Bearer ${jwt}` }) }
      const { status, text } = await exchange(emulator, step, headers)
      tokens.unshift(...refuseSecrets(text, ids))
      return status
    },
  }
}

describe('the administrator of one domain on a locked emulator', () => {
  it('is refused every call of the route table for another domain and for the server', async () => {
    const site = await openSite()
    await using emulator = site.emulator
    const before = await site.others()
    const { text } = await exchange(emulator, SIGN_IN, {})
    const own = { authorization: `Bearer ${refuseSecrets(text, site.ids)[0] ?? ''}` }
    const control = callerOf(emulator, '/__admin', own)
    const filled = (path: string, domain: string): string =>
      path.replace('{domain}', domain).replaceAll(/\{\w+\}/g, 'before')
    for (const { method, path } of site.rows)
      for (const domain of [OTHER, OTHER.toUpperCase(), 'root', ROOT_ID, ...site.ids, 'ci-c']) {
        const { status } = await control.request(method, filled(path, domain), { body: {} })
        expect([401, 403], `${method} ${filled(path, domain)}`).toContain(status)
        if (!path.includes('{domain}')) break
      }
    expect(await site.others()).toEqual(before)
  })

  it('cannot change another domain or see its secrets by any call for its own domain', async () => {
    const site = await openSite()
    await using _emulator = site.emulator
    const before = await site.others()
    const actor = actorOf(site)
    for (const row of site.rows.filter(isLong).filter(doesNotWait)) {
      const drawn = fc.sample(callsOf(row, fc.constant(OWN), site.ids), { ...RUNS, numRuns: 8 })
      const bare = drawn.slice(0, 1).map((call) => ({ ...call, body: undefined }))
      for (const call of [...bare, ...drawn]) {
        await actor.take(SIGN_IN)
        await actor.take({ ...call, headers: {}, bearer: 0 })
      }
    }
    expect(await site.others()).toEqual(before)
  })

  it('cannot change another domain or see its secrets by any sequence of calls, even with its users', async () => {
    let [ran, served] = [0, 0]
    const site = await openSite()
    await using _emulator = site.emulator
    const before = await site.others()
    const property = fc.asyncProperty(stepsOf(site), async (steps) => {
      const actor = actorOf(site)
      await actor.take(SIGN_IN)
      for (const step of steps) {
        const status = await actor.take(step)
        ran += 1
        if (status >= 200 && status < 300) served += 1
        // Its domain may be deleted, or its token revoked.
        if (status === 401) await actor.take(SIGN_IN)
      }
      expect(await site.others()).toEqual(before)
      await site.server.delete(`/domains/${OWN}`)
    })
    await fc.assert(property, RUNS)
    // If most calls were refused, the test would prove nothing.
    expect(served).toBeGreaterThan(ran / 10)
  })
})
