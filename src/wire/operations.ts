import Type, { type TSchema } from 'typebox'
import type { ErrorName } from '../errors.ts'
import type { CallOperation } from '../model/operations.ts'
import type { Settings } from '../model/settings.ts'
import type { Certainty, Example } from './certainty.ts'
import { FAMILIES } from './families/index.ts'
import type { Family, Verb } from './family.ts'
import { JOB_PARAMETERS, type Parameter } from './list-query.ts'
import { pageSchema } from './page.ts'
import { TOKEN_PARAMETERS, WireRefreshToken } from './refresh-token.ts'
import { Revocation, SIGN_IN_EXAMPLES, SignInRequest } from './sign-in.ts'
import { Cluster, DOMAIN_PARAMETERS, DomainPage, SelfUser, SystemInfo } from './system.ts'
import { KeySet, TOKEN_SAMPLE, TokenResponse } from './token.ts'

/**
 * An operation of the vendor's API by one method. Routes, refused methods, faults, journal, log and the OpenAPI document come
 * from the table of these. The ledger (fidelity.json) says how certain each is.
 */
export type Operation = OperationRow &
  // The jobs of a family that it concerns, and what it does to them.
  (
    | { readonly job: { readonly family: Family; readonly verb: Verb } }
    | { readonly job?: undefined; readonly name: ServerOperationName }
  )

interface OperationRow {
  /** The name in faults, journal, log, ledger and control API. */
  readonly name: string
  /** The id in OpenAPI and the ledger: the name, but with the verb if several methods share the name. */
  readonly id: string
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** Path below `/api/v1`; `:id` is a parameter. */
  readonly path: string
  /** `required`: the request carries a token. `issued`: the response does. Faults can invalidate both. */
  readonly token: 'required' | 'issued' | 'none'
  /** The ACL action that members of "CCKM Users" need. */
  readonly aclAction?: string
  /** The status of a success, or the switch that sets it. */
  readonly status: number | 'createStatus' | 'cancelStatus' | 'deleteStatus'
  /** Group, title and text in the OpenAPI document. */
  readonly tag: string
  readonly summary: string
  readonly description?: string
  readonly query?: readonly Parameter[]
  readonly body?: NamedSchema & { readonly examples?: Readonly<Record<string, Example>> }
  readonly answer: Answer
  /** Refusals beside those that every operation of its kind has. */
  readonly refusals?: readonly ErrorName[]
}

/** A schema with its name under `components` of the OpenAPI document. */
export interface NamedSchema {
  readonly name: string
  readonly schema: TSchema
}

/** The response of a success; without a schema it has no body. */
interface Answer extends Partial<NamedSchema> {
  readonly description: string
  /** An example body, with the certainty of the operation unless another is given. */
  readonly sample?: { readonly certainty?: Certainty; readonly value: unknown }
}

type Row = Omit<OperationRow, 'id'>

const GONE: Pick<Row, 'status' | 'answer'> = { status: 204, answer: { description: 'Done.' } }
const TOKENS = { tag: 'Tokens', token: 'required', status: 200 } as const
const SYSTEM = { tag: 'Self and system', method: 'GET', token: 'required', status: 200 } as const

/** The operations that concern no family of jobs. */
const SERVER_OPERATIONS = [
  {
    ...TOKENS,
    name: 'auth.tokens.create',
    method: 'POST',
    path: '/auth/tokens',
    token: 'issued',
    summary: 'Sign in, or renew',
    description:
      'Its Authorization header is ignored. Empty strings and nulls count as absent, other fields are ignored.',
    body: { name: 'SignInRequest', schema: SignInRequest, examples: SIGN_IN_EXAMPLES },
    answer: {
      description: 'Tokens.',
      name: 'TokenResponse',
      schema: TokenResponse,
      sample: { value: TOKEN_SAMPLE },
    },
    refusals: ['unauthorized', 'tooManyRequests', 'notEmulated'],
  },
  {
    ...TOKENS,
    name: 'auth.tokens.list',
    method: 'GET',
    path: '/auth/tokens',
    summary: 'List refresh tokens',
    query: TOKEN_PARAMETERS,
    answer: {
      description: 'A page of refresh tokens.',
      name: 'RefreshTokenPage',
      schema: pageSchema(referenceTo('RefreshToken')),
    },
  },
  {
    ...TOKENS,
    name: 'auth.tokens.get',
    method: 'GET',
    path: '/auth/tokens/:id',
    summary: 'View a refresh token, without its value',
    answer: { description: 'The refresh token.', name: 'RefreshToken', schema: WireRefreshToken },
  },
  {
    ...TOKENS,
    name: 'auth.tokens.delete',
    method: 'DELETE',
    path: '/auth/tokens/:id',
    summary: 'Revoke a refresh token by its id',
    ...GONE,
  },
  {
    ...TOKENS,
    name: 'auth.tokens.revoke',
    method: 'POST',
    path: '/auth/revoke',
    token: 'none',
    summary: 'Revoke a token by its value',
    body: { name: 'RevokeRequest', schema: Revocation },
    ...GONE,
  },
  {
    ...TOKENS,
    name: 'auth.logout',
    method: 'POST',
    path: '/auth/logout',
    summary: 'Revoke the token of the request',
    ...GONE,
  },
  {
    ...TOKENS,
    name: 'auth.jwks',
    method: 'GET',
    path: '/auth/jwks.json',
    token: 'none',
    summary: 'Public keys of tokens',
    answer: { description: 'A JWK set.', name: 'KeySet', schema: KeySet },
  },
  {
    ...SYSTEM,
    name: 'auth.self.user',
    path: '/auth/self/user',
    summary: 'The user of the token',
    answer: { description: 'The user.', name: 'SelfUser', schema: SelfUser },
  },
  {
    ...SYSTEM,
    name: 'auth.self.domains',
    path: '/auth/self/domains',
    summary: 'The domains of the token',
    query: DOMAIN_PARAMETERS,
    answer: { description: 'The domain of the token.', name: 'DomainPage', schema: DomainPage },
  },
  {
    ...SYSTEM,
    name: 'system.info',
    path: '/system/info',
    summary: 'Name and version',
    answer: { description: 'Name and version.', name: 'SystemInfo', schema: SystemInfo },
  },
  {
    ...SYSTEM,
    name: 'cluster.get',
    path: '/cluster',
    summary: 'Cluster status: never clustered',
    answer: { description: 'No cluster.', name: 'Cluster', schema: Cluster },
  },
] as const satisfies readonly Row[]

export type ServerOperationName = (typeof SERVER_OPERATIONS)[number]['name']

/** What the verbs of all families have in common. */
interface VerbRow extends Pick<Row, 'method' | 'status' | 'description' | 'query' | 'refusals'> {
  /** The last part of the operation's name, where it is not the verb. */
  readonly name?: Verb
  readonly path: string
  readonly acl: keyof Family['acl']
  readonly summary: (noun: string) => string
  readonly body?: (family: Family) => OperationRow['body']
  readonly answer: (family: Family) => Answer
}

const VERBS: Readonly<Record<Verb, VerbRow>> = {
  list: {
    method: 'GET',
    path: '',
    acl: 'view',
    status: 200,
    summary: (noun) => `List ${noun}s`,
    query: JOB_PARAMETERS,
    answer: ({ name, sample }) => ({
      description: 'A page of jobs.',
      name: `${name}.Page`,
      schema: pageSchema(referenceTo(`${name}.Job`)),
      sample: { certainty: 'assumed', value: { skip: 0, limit: 10, total: 1, resources: [sample] } },
    }),
  },
  create: {
    method: 'POST',
    path: '',
    acl: 'create',
    status: 'createStatus',
    summary: (noun) => `Create a ${noun}`,
    description: 'The pages say "2xx": the status is assumed (switch `createStatus`).',
    body: ({ name, request: { schema, examples } }) => ({ name: `${name}.CreateRequest`, schema, examples }),
    answer: (family) =>
      jobAnswer(family, 'The job, not yet completed.', { certainty: 'assumed', value: created(family) }),
  },
  get: {
    method: 'GET',
    path: '/:id',
    acl: 'view',
    status: 200,
    summary: (noun) => `View a ${noun}`,
    answer: (family) => jobAnswer(family, 'The job.', { value: family.sample }),
  },
  'get-by-post': {
    name: 'get',
    method: 'POST',
    path: '/:id',
    acl: 'view',
    status: 200,
    summary: (noun) => `View a ${noun}, as the curl line of the page writes it`,
    answer: (family) => jobAnswer(family, 'The job.', { value: family.sample }),
  },
  cancel: {
    method: 'POST',
    path: '/:id/cancel',
    acl: 'cancel',
    status: 'cancelStatus',
    summary: (noun) => `Cancel a ${noun}`,
    description:
      'Takes no body. For a finished job only the flag changes. The status is assumed (switch `cancelStatus`).',
    // As in the sample of "Cancel AWS Bulk Job": a finished job of which only the flag changed.
    answer: (family) => jobAnswer(family, 'The job, with `abort: true`.', { value: { ...family.sample, abort: true } }),
    refusals: ['conflict'],
  },
  delete: {
    method: 'DELETE',
    path: '/:id',
    acl: 'cancel',
    status: 'deleteStatus',
    summary: (noun) => `Delete a ${noun}`,
    description:
      'A running job is refused (switch `deleteRunning`). Both that and the status are assumed (switch `deleteStatus`).',
    answer: () => ({ description: 'Deleted.', name: 'Empty', schema: Empty }),
    refusals: ['conflict'],
  },
}

const Empty = Type.Object({}, { description: 'Nothing.', 'x-fidelity': 'assumed' satisfies Certainty })

function jobAnswer({ name, document }: Family, description: string, sample: Answer['sample']): Answer {
  return { description, name: `${name}.Job`, schema: document, ...(sample && { sample }) }
}

/** The documented job while it runs, for which the vendor has no readable sample. */
function created({ sample: { completed_at: _completedAt, ...job } }: Family): object {
  return { ...job, updatedAt: job.createdAt, overall_status: 'in_progress', detailed_status: {} }
}

function referenceTo(name: string): TSchema {
  return Type.Unsafe({ $ref: `#/components/schemas/${name}` })
}

function jobOperations(family: Family): Operation[] {
  const verbs = Object.entries(VERBS) as [Verb, VerbRow][]
  return verbs.flatMap(([verb, { name = verb, path, acl, summary, body, answer, ...row }]): Operation[] => {
    if (!family.verbs.includes(verb)) return []
    const asked = body?.(family)
    return [
      {
        ...row,
        name: `${family.name}.${name}`,
        id: `${family.name}.${verb}`,
        path: `${family.path}${path}`,
        token: 'required',
        job: { family, verb },
        aclAction: family.acl[acl],
        tag: `${family.cloud} ${family.noun}s`,
        summary: summary(family.noun),
        ...(asked && { body: asked }),
        answer: answer(family),
      },
    ]
  })
}

/** Every operation of the vendor's API that is emulated. */
export const OPERATIONS: readonly Operation[] = [
  ...FAMILIES.flatMap(jobOperations),
  ...SERVER_OPERATIONS.map((row): Operation => ({ ...row, id: row.name })),
]

/** True if requests of the operation name a job in their path. */
export function namesJob({ job, path }: Operation): boolean {
  return job !== undefined && path.includes(':id')
}

/** The status of a success. */
export function statusOf({ status }: Operation, settings: Settings): number {
  return typeof status === 'number' ? status : settings[status]
}

/** The operations that a fault can match: each name once, with all its methods. */
export const CALL_OPERATIONS: readonly CallOperation[] = [...new Set(OPERATIONS.map(({ name }) => name))].map(
  (name) => {
    const rows = OPERATIONS.filter((operation) => operation.name === name)
    return {
      name,
      methods: rows.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method])),
      namesJob: rows.some(namesJob),
      readsJob: rows.some(({ job }) => job?.verb === 'get' || job?.verb === 'get-by-post'),
      hasToken: rows.some(({ token }) => token !== 'none'),
      issuesToken: rows.some(({ token }) => token === 'issued'),
    }
  },
)
