// Every operation under every fault, for every kind of caller: no server errors except those that a fault orders.

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { FaultSource } from '../../src/index.ts'
import { OPERATIONS, type Operation } from '../../src/wire/operations.ts'
import { rowsWith, tablesOf } from '../support/tables.ts'
import { deleteBackups, enable, openWorld, TOKENS, type TestWorld } from '../support/world.ts'

const FAULTS: readonly FaultSource['do'][] = [
  { respond: { status: 503, retryAfter: '1s' } },
  { respond: { status: 200, body: '<html>' } },
  { delay: '1ms' },
  { virtualDelay: '1s' },
  { token: 'expire' },
  { token: 'revoke' },
]
const SOCKET_FAULTS: readonly FaultSource['do'][] = [
  { socket: 'reset' },
  { socket: 'close' },
  { socket: 'truncate' },
  { socket: 'garbage' },
  { lose: true },
]

/** Operations share their handlers by families, resources and empty collections: one of each shape stands for the others. */
function shapeOf({ name, method, status, job, resource, collection }: Operation): string {
  if (job !== undefined) return `job ${job.verb} ${job.family.name.includes('bulkjob') ? name : status}`
  if (resource === undefined) return collection === undefined ? name : `collection ${collection}`
  const { run, answer } = resource.operation
  return [method, status, run.type, typeof answer === 'string' ? answer : 'own'].join(' ')
}

const TRIED = [...new Set([...Map.groupBy(OPERATIONS, shapeOf).values()].flatMap(([first]) => first?.name ?? []))]

interface Request {
  readonly method: string
  readonly path: string
  readonly body?: object
}

const ADMIN = { username: 'admin', password: 'admin' }

/** The paths of the ledger, by operation and method. */
const ROUTES = rowsWith(tablesOf(readFileSync(new URL('../../docs/reference/fidelity.md', import.meta.url), 'utf8')), [
  'Method',
  'Path',
  'Operation',
]).map(({ cells: { Method = '', Path = '', Operation = '' } }) => ({
  operation: Operation,
  method: Method,
  path: Path.replace(/^\/(api\/)?v1/, ''),
}))

/** Valid and invalid requests of an operation, for an existing job and refresh token. */
function requestsOf(operation: string, ids: { azure: string; aws: string; token: string }): Request[] {
  const id = operation.startsWith('auth') ? ids.token : operation.startsWith('aws') ? ids.aws : ids.azure
  const routes = ROUTES.filter((route) => route.operation === operation)
  expect(routes.length, operation).toBeGreaterThan(0)
  return routes.flatMap(({ method, path: pattern }) => {
    const path = pattern.replace(/:\w+|\{\w+\}/g, id)
    if (method === 'GET') return ['GET', 'HEAD'].map((each) => ({ method: each, path }))
    const bodies = BODIES[operation]
    return bodies === undefined ? [{ method, path }] : bodies.map((body) => ({ method, path, body }))
  })
}

const BODIES: Readonly<Record<string, readonly object[]>> = {
  'azure.bulkjobs.create': [deleteBackups(), { operation: 7 }],
  'aws.bulkjob.create': [enable('k1'), { operation: 7 }],
  'connections.create': [{ name: 'c' }, { name: 7 }],
  'auth.tokens.create': [
    ADMIN,
    { ...ADMIN, domain: 't-1' },
    { ...ADMIN, password: 'wrong' },
    { grant_type: 'refresh_token' },
    {},
    { username: 7 },
  ],
  'auth.tokens.revoke': [{ token: 'of nobody' }, {}],
}

/** Authorization headers of all kinds of callers. */
async function callersOf({
  emulator,
  handle,
  enter,
}: TestWorld): Promise<Readonly<Record<string, string | undefined>>> {
  const bearer = (token: string) => `Bearer ${token}`
  const other = await enter('t-2')
  return {
    valid: bearer(await handle.token()),
    'no token': undefined,
    garbage: 'Bearer gar.ba.ge',
    expired: bearer(await handle.token({ kind: 'expired' })),
    revoked: bearer(await handle.token({ kind: 'revoked' })),
    'of another domain': bearer(await other.handle.token()),
    'of root': bearer(await emulator.token()),
  }
}

type Send = (request: Request, authorization: string | undefined) => Promise<number | 'broken'>

/**
 * Sends every request to an emulator whose domains have that fault; returns the server errors that no fault ordered.
 */
async function unordered(world: TestWorld, fault: FaultSource, send: Send): Promise<unknown[]> {
  const found: unknown[] = []
  const domains = ['root', 't-1', 't-2'].map((each) => world.emulator.domain(each))
  for (const name of TRIED) {
    const callers = await callersOf(world)
    const job = {
      azure: (await world.handle.jobs.create({ family: 'azure.bulkjobs', request: deleteBackups() })).id,
      aws: (await world.handle.jobs.create({ family: 'aws.bulkjob', request: enable('k') })).id,
    }
    const signedIn = await world.anyone.post(TOKENS, { ...ADMIN, domain: 't-1' })
    const { refresh_token_id: token } = signedIn.json as { refresh_token_id: string }
    const requests = requestsOf(name, { ...job, token })
    for (const domain of domains) await domain.fault(fault)
    for (const [caller, authorization] of Object.entries(callers))
      for (const request of requests) {
        const status = await send(request, authorization)
        const isOrdered = fault.do.respond?.status === status
        if (typeof status === 'number' && status >= 500 && !isOrdered) found.push({ name, caller, ...request, status })
      }
    for (const domain of domains) await domain.clearFaults()
  }
  return found
}

const injecting =
  ({ emulator }: TestWorld): Send =>
  async ({ method, path, body }, authorization) => {
    const headers = { ...(authorization !== undefined && { authorization }) }
    const sent = {
      method: method as 'GET',
      url: `/api/v1${path}`,
      headers,
      ...(body !== undefined && { payload: body }),
    }
    return emulator.inject(sent).then(
      ({ statusCode }) => statusCode,
      () => 'broken' as const,
    )
  }

function fetching(port: number): Send {
  return async ({ method, path, body }, authorization) => {
    const headers = { ...(authorization !== undefined && { authorization }), 'content-type': 'application/json' }
    const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) }
    try {
      const response = await fetch(`http://127.0.0.1:${port}/api/v1${path}`, init)
      await response.arrayBuffer()
      return response.status
    } catch {
      return 'broken'
    }
  }
}

describe.each(['strict', 'any', 'off'] as const)('with --auth %s', (mode) => {
  it.each([...FAULTS, ...SOCKET_FAULTS])(
    'answers no call with an unexpected server error under the fault %j',
    async (action) => {
      const world = await openWorld({ auth: { mode } })
      expect(await unordered(world, { do: action }, injecting(world))).toEqual([])
    },
  )
})

it.each(SOCKET_FAULTS)(
  'answers no call over a socket with an unexpected server error under the fault %j',
  async (action) => {
    const world = await openWorld()
    const { port } = await world.emulator.listen()
    expect(await unordered(world, { do: action }, fetching(port))).toEqual([])
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200)
  },
)

describe('a token fault without an operation', () => {
  it('neither matches nor counts calls that need no token', async () => {
    const { emulator, anyone } = await openWorld()
    await emulator.domain('root').fault({ do: { token: 'expire' } })
    expect((await anyone.get('/auth/jwks.json')).status).toBe(200)
    expect((await anyone.post('/auth/revoke', { token: 'x' })).status).toBe(204)
    expect(await emulator.domain('root').faults()).toMatchObject([{ seen: 0, hits: 0 }])
  })

  it('lets a sign-in with a wrong password fail for its password', async () => {
    const { emulator, anyone } = await openWorld()
    await emulator.domain('root').fault({ do: { token: 'revoke' } })
    const { status, text } = await anyone.post(TOKENS, { username: 'admin', password: 'wrong' })
    expect([status, text]).toEqual([401, expect.stringContaining('Wrong username or password')])
  })
})
