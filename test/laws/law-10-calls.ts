// Every call that writes, each with a body that makes it write as much as possible, on a world with data of every kind.

import { AWS, AZURE, enable, NOW, type Answer, type Caller } from '../support/world.ts'

/** Ids that the calls use: created once, and part of the data that each call starts with. */
export interface Known {
  readonly jwt: string
  /** Another token of the same user, to be revoked. */
  readonly other: string
  readonly refresh: { readonly id: string; readonly value: string }
  /** Ids of a running job, one that waits for polls, one that waits for a signal, and a final one. */
  readonly running: string
  readonly polled: string
  readonly waiting: string
  readonly over: string
  readonly fault: string
}

/** Callers of one emulator: the vendor's API with the token and without one, the server and the domain `t-1`. */
export interface Callers {
  readonly vendor: Caller
  readonly anyone: Caller
  readonly server: Caller
  readonly control: Caller
}

export interface WritingCall {
  /** The name of the call in `CALL_OPERATIONS` or in the document of the control API, with its variant. */
  readonly name: string
  readonly special?: string
  readonly status: number
  /** Changes to the domain before the call, beside those of `prepareWorld`. */
  readonly prepare?: (to: Callers, known: Known) => Promise<Answer>
  readonly send: (to: Callers, known: Known) => Promise<Answer>
}

const SYNCHRONIZATIONS = '/cckm/aws/synchronization-jobs'
const USER = { username: 'admin@t-1', password: 'admin' }
const captured = (id: string): object => ({
  family: 'aws.bulkjob',
  job: { id, uri: id, createdAt: '2024-01-01T00:00:00Z', overall_status: 'completed', operation: 'enablekey' },
})
const requested = (...keys: string[]): object => ({ family: 'aws.bulkjob', request: enable(...keys) })
const seedOf = (count: number): object => ({
  resources: [{ kind: 'aws.key', count }],
  jobs: Array.from({ length: count }, (_, n) => (n % 2 === 0 ? captured(`late-${n}`) : requested(`late-${n}`, 'k'))),
})
const KEYS = ['key-1', 'key-2'].map((id) => ({ kind: 'aws.key', record: { id } }))
/** Several slices of 20 ms. */
const LARGE = 600

/** Creates the world; returns the ids that the calls use. */
export async function prepareWorld({ anyone, server, control }: Callers, as: (jwt: string) => Caller): Promise<Known> {
  await server.put('/domains/t-1', {
    clock: `step@${NOW}`,
    seed: { resources: KEYS, jobs: [captured('first'), requested('a', 'b')] },
  })
  await server.put('/domains/t-2', { clock: `frozen@${NOW}`, seed: { jobs: [requested('a', 'b')] } })
  const tokenOf = async (): Promise<string> => ((await control.post('/tokens', {})).json as { jwt: string }).jwt
  const [jwt, other] = [await tokenOf(), await tokenOf()]
  const vendor = as(jwt)
  const create = async (path: string, body: object, scenario: string): Promise<string> =>
    (await vendor.post(path, body, { 'x-emulator-scenario': scenario })).job.id
  const backups = { operation: 'delete-key-backups', delete_key_backups_param: { backups: ['a', 'b'] } }
  const running = await create(AWS, enable('k1', 'k2'), 'slow')
  const polled = await create(AZURE, backups, 'third-poll')
  const waiting = await create(AZURE, backups, 'manual')
  await control.put('/scenarios/mine', { after: '1m' })
  await control.put('/snapshots/old')
  const over = await create(AZURE, backups, 'instant')
  await vendor.get(`${AZURE}/${over}`)
  await control.post('/rules', { scenario: 'stuck', when: { operation: 'disablekey' }, times: 2 })
  const fault = await control.post('/faults', { on: { operation: 'cluster.get' }, do: { respond: { status: 503 } } })
  const { refresh_token: value, refresh_token_id } = (await anyone.post('/auth/tokens', USER)).token
  const refresh = { id: refresh_token_id, value }
  return { jwt, other, refresh, running, polled, waiting, over, fault: (fault.json as { id: string }).id }
}

const spoil = (token: 'expire' | 'revoke', operation: string) => ({
  special: `with a fault that lets its token ${token}`,
  prepare: ({ control }: Callers) => control.post('/faults', { on: { operation }, do: { token } }),
})

const VENDORS: readonly WritingCall[] = [
  ...[AWS, AZURE].map((path): WritingCall => {
    const name = path === AWS ? 'aws.bulkjob.create' : 'azure.bulkjobs.create'
    return {
      name,
      special: 'by the default',
      status: 201,
      send: ({ vendor }) =>
        vendor.post(path, path === AWS ? enable('x', 'y') : { operation: 'delete-key-backups', key_id: 'k' }),
    }
  }),
  {
    name: 'aws.bulkjob.create',
    special: 'by a header',
    status: 201,
    send: ({ vendor }) => vendor.post(AWS, enable('x', 'y'), { 'x-emulator-scenario': 'partial-failure' }),
  },
  {
    name: 'aws.bulkjob.create',
    special: 'by a rule',
    status: 201,
    send: ({ vendor }) => vendor.post(AWS, { keys: ['x', 'y'], operation: 'disablekey' }),
  },
  {
    name: 'aws.bulkjob.create',
    special: 'that acts on keys',
    status: 201,
    send: ({ vendor }) => vendor.post(AWS, { keys: ['key-1', 'key-2'], operation: 'schedulekeydeletion', days: 7 }),
  },
  {
    name: 'aws.keys.disable',
    status: 200,
    send: ({ vendor }) => vendor.post('/cckm/aws/keys/key-1/disable'),
  },
  {
    name: 'aws.synchronization-jobs.create',
    status: 201,
    send: ({ vendor }) => vendor.post(SYNCHRONIZATIONS, { kms: ['kms-1'], regions: ['us-east-1', 'us-west-1'] }),
  },
  {
    name: 'aws.synchronization-jobs.cancel',
    status: 200,
    prepare: ({ vendor }) => vendor.post(SYNCHRONIZATIONS, { kms: ['kms-1'], regions: ['us-east-1', 'us-west-1'] }),
    send: async ({ vendor }) => {
      const { resources } = (await vendor.get(SYNCHRONIZATIONS)).json as { resources: { id: string }[] }
      return vendor.post(`${SYNCHRONIZATIONS}/${resources[0]?.id}/cancel`)
    },
  },
  { name: 'aws.bulkjob.get', special: 'on a step clock', status: 200, send: get(AWS, 'running') },
  { name: 'azure.bulkjobs.get', special: 'that counts', status: 200, send: get(AZURE, 'polled') },
  {
    name: 'aws.bulkjob.cancel',
    status: 200,
    send: ({ vendor }, { running }) => vendor.post(`${AWS}/${running}/cancel`),
  },
  {
    name: 'azure.bulkjobs.cancel',
    status: 200,
    send: ({ vendor }, { waiting }) => vendor.post(`${AZURE}/${waiting}/cancel`),
  },
  { name: 'azure.bulkjobs.delete', status: 204, send: ({ vendor }, { over }) => vendor.delete(`${AZURE}/${over}`) },
  { name: 'auth.tokens.create', status: 200, send: signIn(USER) },
  {
    name: 'auth.tokens.create',
    special: 'that makes a domain',
    status: 200,
    send: signIn({ ...USER, username: 'admin', domain: 'new' }),
  },
  ...(['expire', 'revoke'] as const).flatMap((token): WritingCall[] => [
    { name: 'auth.tokens.create', status: 200, send: signIn(USER), ...spoil(token, 'auth.tokens.create') },
    {
      name: 'system.info',
      status: 401,
      send: ({ anyone }, { other }) => anyone.get('/system/info', { authorization: `Bearer ${other}` }),
      ...spoil(token, 'system.info'),
    },
  ]),
  { name: 'auth.tokens.create', special: 'that refreshes', status: 200, send: renew({}) },
  { name: 'auth.tokens.create', special: 'that renews', status: 200, send: renew({ renew_refresh_token: true }) },
  {
    name: 'auth.tokens.create',
    special: 'that renews, with a fault that revokes its token',
    status: 200,
    send: renew({ renew_refresh_token: true }),
    prepare: spoil('revoke', 'auth.tokens.create').prepare,
  },
  {
    name: 'auth.tokens.create',
    special: "with another domain's refresh token, which ends it",
    status: 401,
    send: renew({ domain: 't-2' }),
  },
  {
    name: 'auth.tokens.delete',
    status: 204,
    send: ({ vendor }, { refresh }) => vendor.delete(`/auth/tokens/${refresh.id}`),
  },
  {
    name: 'auth.tokens.revoke',
    special: 'of a refresh token',
    status: 204,
    send: ({ anyone }, { refresh }) => anyone.post('/auth/revoke', { token: refresh.value }),
  },
  {
    name: 'auth.tokens.revoke',
    special: 'of an API token',
    status: 204,
    send: ({ anyone }, { other }) => anyone.post('/auth/revoke', { token: other }),
  },
  {
    name: 'auth.logout',
    status: 204,
    send: ({ anyone }, { other }) => anyone.post('/auth/logout', undefined, { authorization: `Bearer ${other}` }),
  },
]

function get(path: string, job: 'running' | 'polled'): WritingCall['send'] {
  return ({ vendor }, known) => vendor.get(`${path}/${known[job]}`)
}

function signIn(body: object): WritingCall['send'] {
  return ({ anyone }) => anyone.post('/auth/tokens', body)
}

function renew(more: object): WritingCall['send'] {
  return ({ anyone }, { refresh }) =>
    anyone.post('/auth/tokens', { grant_type: 'refresh_token', refresh_token: refresh.value, ...more })
}

const DOMAIN = '/__admin/domains/{domain}'

/** A call of the domain's part of the control API, by its name there. */
function control(method: 'PUT' | 'POST' | 'DELETE', path: string, call: Omit<WritingCall, 'name'>): WritingCall {
  return { name: `${method} ${DOMAIN}${path}`, ...call }
}

const CONTROLS: readonly WritingCall[] = [
  control('PUT', '', {
    special: 'new',
    status: 201,
    send: ({ server }) =>
      server.put('/domains/new', {
        ...{ clock: `frozen@${NOW}`, seed: seedOf(4), scenario: 'slow' },
        settings: { failureWord: 'failed', users: [{ name: 'u', password: 'p' }] },
      }),
  }),
  control('PUT', '', {
    special: 'new, with a large seed',
    status: 201,
    send: ({ server }) => server.put('/domains/new', { clock: `frozen@${NOW}`, seed: seedOf(LARGE) }),
  }),
  control('POST', '/end', { status: 200, send: (to) => to.control.post('/end?trace=false') }),
  control('DELETE', '', { status: 204, send: ({ server }) => server.delete('/domains/t-1') }),
  control('POST', '/fork', { status: 201, send: (to) => to.control.post('/fork', { to: 'forked' }) }),
  control('POST', '/reset', { status: 200, send: (to) => to.control.post('/reset') }),
  control('PUT', '/settings', {
    status: 200,
    send: (to) =>
      to.control.put('/settings', { failureWord: 'failed', randomSeed: 7, users: [{ name: 'u', password: 'p' }] }),
  }),
  ...['valid', 'expired', 'wrong-key', 'revoked'].map((kind) =>
    control('POST', '/tokens', {
      special: `${kind}, for a new domain`,
      status: 200,
      send: ({ server }) => server.post('/domains/new/tokens', { kind }),
    }),
  ),
  control('POST', '/tokens', {
    special: 'revoked',
    status: 200,
    send: (to) => to.control.post('/tokens', { kind: 'revoked' }),
  }),
  control('PUT', '/clock', {
    status: 200,
    send: (to) => to.control.put('/clock', { mode: 'frozen', now: '2026-02-01T00:00:00Z', rate: 2 }),
  }),
  control('PUT', '/clock', {
    special: 'back, which seeds again',
    status: 200,
    send: ({ server }) => server.put('/domains/t-2/clock', { now: '2025-01-01T00:00:00Z' }),
  }),
  control('POST', '/clock/advance', { status: 200, send: (to) => to.control.post('/clock/advance', { by: '20m' }) }),
  control('POST', '/jobs', {
    special: 'from a request',
    status: 201,
    send: (to) => to.control.post('/jobs', { ...requested('x', 'y'), scenario: 'slow' }),
  }),
  control('POST', '/jobs', {
    special: 'from a document',
    status: 201,
    send: (to) => to.control.post('/jobs', captured('late')),
  }),
  control('POST', '/resources', {
    status: 201,
    send: (to) => to.control.post('/resources', { kind: 'aws.kms', record: { name: 'kms' } }),
  }),
  control('DELETE', '/resources/{id}', { status: 204, send: (to) => to.control.delete('/resources/key-1') }),
  control('POST', '/jobs/{id}/signal', {
    status: 200,
    send: (to, { waiting }) => to.control.post(`/jobs/${waiting}/signal`, { name: 'finish' }),
  }),
  control('POST', '/jobs/{id}/cancel', {
    status: 200,
    send: (to, { running }) => to.control.post(`/jobs/${running}/cancel`),
  }),
  control('PUT', '/scenarios', { status: 200, send: (to) => to.control.put('/scenarios', { default: 'mine' }) }),
  control('PUT', '/scenarios/{name}', {
    status: 200,
    send: (to) => to.control.put('/scenarios/mine', { after: '2m' }),
  }),
  control('POST', '/rules', { status: 201, send: (to) => to.control.post('/rules', { scenario: 'slow', times: 3 }) }),
  control('DELETE', '/rules', { status: 204, send: (to) => to.control.delete('/rules') }),
  control('POST', '/faults', {
    status: 201,
    send: (to) => to.control.post('/faults', { on: { operation: 'cluster.get' }, do: { respond: { status: 500 } } }),
  }),
  control('DELETE', '/faults', { status: 204, send: (to) => to.control.delete('/faults') }),
  control('DELETE', '/faults/{id}', { status: 204, send: (to, { fault }) => to.control.delete(`/faults/${fault}`) }),
  control('PUT', '/snapshots/{name}', { special: 'new', status: 200, send: (to) => to.control.put('/snapshots/new') }),
  control('PUT', '/snapshots/{name}', {
    special: 'over an old one',
    status: 200,
    send: (to) => to.control.put('/snapshots/old'),
  }),
  control('POST', '/snapshots/{name}/load', {
    status: 200,
    send: (to) => to.control.post('/snapshots/old/load'),
  }),
  control('DELETE', '/snapshots/{name}', { status: 204, send: (to) => to.control.delete('/snapshots/old') }),
  control('POST', '/seed', { status: 201, send: (to) => to.control.post('/seed', seedOf(3)) }),
  ...(
    [
      ['PUT', '/snapshots/{name}', 200, (to: Callers) => to.control.put('/snapshots/new')],
      ['POST', '/snapshots/{name}/load', 200, (to: Callers) => to.control.post('/snapshots/old/load')],
      ['POST', '/fork', 201, (to: Callers) => to.control.post('/fork', { to: 'forked' })],
      ['POST', '/reset', 200, (to: Callers) => to.control.post('/reset')],
    ] as const
  ).map(([method, path, status, send]) =>
    control(method, path, {
      special: 'of a large domain',
      status,
      send,
      prepare: ({ control: below }) => below.post('/seed', seedOf(LARGE)),
    }),
  ),
  control('POST', '/seed', { special: 'large', status: 201, send: (to) => to.control.post('/seed', seedOf(LARGE)) }),
]

export const WRITING_CALLS: readonly WritingCall[] = [...VENDORS, ...CONTROLS]

/** Changes something that is not stored, or nothing: the journal, sleepers; it only reads. */
export const UNKEPT = [
  `POST ${DOMAIN}/clock/sleep`,
  `DELETE ${DOMAIN}/clock/sleepers/{name}`,
  `POST ${DOMAIN}/resources/match`,
  `POST ${DOMAIN}/requests/wait`,
  `DELETE ${DOMAIN}/requests`,
  `POST ${DOMAIN}/sweep/plan`,
] as const
