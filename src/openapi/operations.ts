import type { ErrorName } from '../errors.ts'
import type { Settings } from '../model/settings.ts'
import { FAMILIES, type Family } from '../wire/families.ts'
import type { Fidelity } from './fidelity.ts'
import { operationEntry } from './ledger.ts'
import {
  CREATE_EXAMPLES,
  DOMAIN_LIST_PARAMETERS,
  LIST_PARAMETERS,
  SIGN_IN_EXAMPLES,
  TOKEN_LIST_PARAMETERS,
  type Parameter,
  type RequestExample,
} from './requests.ts'
import { cancelledSample, createdSample, DOCUMENTED_JOBS, pageSample, TOKEN_SAMPLE } from './samples.ts'

/** One operation of the document. */
export interface Described {
  /** As the ledger, the log and the control API call it. */
  readonly operation: string
  /** Where another method of the same path is the same operation. */
  readonly alias?: string
  readonly method: 'get' | 'post' | 'delete'
  /** Below `/v1`. */
  readonly path: string
  readonly tag: string
  readonly summary: string
  readonly description?: string
  readonly isPublic?: boolean
  readonly parameters?: readonly Parameter[]
  readonly body?: { readonly schema: string; readonly examples?: Readonly<Record<string, RequestExample>> }
  readonly success: Success
  readonly refusals: readonly ErrorName[]
}

interface Success {
  readonly status: number
  readonly description: string
  /** A name under `components`; undefined: no body. */
  readonly schema?: string
  readonly sample?: { readonly fidelity: Fidelity; readonly value: unknown }
}

type Verb = 'list' | 'create' | 'get' | 'cancel' | 'delete'
/** Every operation, by the settings that an emulator starts its domains with. */
export function describeOperations(settings: Settings): readonly Described[] {
  return [...FAMILIES.flatMap((family) => familyOperations(family, settings)), ...TOKENS, ...SELF]
}

function familyOperations(family: Family, settings: Settings): Described[] {
  const { name, path, canDelete, canViewByPost } = family
  const get = getOperation(family)
  return [
    listOperation(family),
    createOperation(family, settings),
    get,
    ...(canViewByPost ? [{ ...get, method: 'post' as const, alias: `${name}.get-by-post`, ...BY_POST }] : []),
    {
      ...common(family, 'cancel'),
      method: 'post',
      path: `${path}/{id}/cancel`,
      summary: 'Cancel a bulk job',
      description:
        'Takes no body. Of a finished job only the flag changes. The status is assumed (switch `cancelStatus`).',
      success: {
        status: settings.cancelStatus,
        description: 'The job, with `abort: true`.',
        schema: `${name}.Job`,
        sample: { fidelity: operationEntry(`${name}.cancel`).certainty, value: cancelledSample(name) },
      },
      refusals: ['unauthorized', 'forbidden', 'notFound', 'conflict'],
    },
    ...(canDelete ? [deleteOperation(family, settings)] : []),
  ]
}

function common({ name, cloud }: Family, verb: Verb) {
  return { operation: `${name}.${verb}`, tag: `${cloud} bulk jobs` }
}

const BY_POST = { summary: 'View a bulk job, as the curl line of the page writes it' }

function listOperation(family: Family): Described {
  return {
    ...common(family, 'list'),
    method: 'get',
    path: family.path,
    summary: 'List bulk jobs',
    parameters: LIST_PARAMETERS,
    success: {
      status: 200,
      description: 'A page of jobs.',
      schema: `${family.name}.Page`,
      sample: { fidelity: 'assumed', value: pageSample(family.name) },
    },
    refusals: ['badRequest', 'unauthorized', 'forbidden'],
  }
}

function createOperation(family: Family, { createStatus }: Settings): Described {
  const { name, path } = family
  return {
    ...common(family, 'create'),
    method: 'post',
    path,
    summary: 'Create a bulk job',
    description: 'The pages say "2xx": the status is assumed (switch `createStatus`).',
    body: { schema: `${name}.CreateRequest`, examples: CREATE_EXAMPLES[name] },
    success: {
      status: createStatus,
      description: 'The job, not yet completed.',
      schema: `${name}.Job`,
      sample: { fidelity: 'assumed', value: createdSample(name) },
    },
    refusals: ['badRequest', 'unauthorized', 'forbidden'],
  }
}

function getOperation(family: Family): Described {
  const { name, path } = family
  return {
    ...common(family, 'get'),
    method: 'get',
    path: `${path}/{id}`,
    summary: 'View a bulk job',
    success: {
      status: 200,
      description: 'The job.',
      schema: `${name}.Job`,
      sample: { fidelity: 'documented', value: DOCUMENTED_JOBS[name] },
    },
    refusals: ['unauthorized', 'forbidden', 'notFound'],
  }
}

function deleteOperation(family: Family, { deleteStatus }: Settings): Described {
  return {
    ...common(family, 'delete'),
    method: 'delete',
    path: `${family.path}/{id}`,
    summary: 'Delete a bulk job',
    description:
      'A running job is refused (switch `deleteRunning`). Both that and the status are assumed (switch `deleteStatus`).',
    success: {
      status: deleteStatus,
      description: 'It is gone.',
      ...(deleteStatus !== 204 && { schema: 'Empty' }),
    },
    refusals: ['unauthorized', 'forbidden', 'notFound', 'conflict'],
  }
}

const TOKEN_PAGE: Success = { status: 200, description: 'A page of refresh tokens.', schema: 'RefreshTokenPage' }
const GONE: Success = { status: 204, description: 'Done.' }

const TAG = { tag: 'Tokens' } as const

const TOKENS: readonly Described[] = [
  {
    operation: 'auth.tokens.create',
    method: 'post',
    path: '/auth/tokens',
    tag: 'Tokens',
    summary: 'Sign in, or renew',
    description:
      'Whatever Authorization header comes with it does not matter. Empty strings and nulls count as absent, other fields are ignored.',
    isPublic: true,
    body: { schema: 'SignInRequest', examples: SIGN_IN_EXAMPLES },
    success: {
      status: 200,
      description: 'Tokens.',
      schema: 'TokenResponse',
      sample: { fidelity: 'documented', value: TOKEN_SAMPLE },
    },
    refusals: ['badRequest', 'unauthorized', 'tooManyRequests', 'notEmulated'],
  },
  {
    ...TAG,
    operation: 'auth.tokens.list',
    method: 'get',
    path: '/auth/tokens',
    summary: 'List refresh tokens',
    parameters: TOKEN_LIST_PARAMETERS,
    success: TOKEN_PAGE,
    refusals: ['badRequest', 'unauthorized'],
  },
  {
    ...TAG,
    operation: 'auth.tokens.get',
    method: 'get',
    path: '/auth/tokens/{id}',
    summary: 'View a refresh token, without its value',
    success: { status: 200, description: 'The refresh token.', schema: 'RefreshToken' },
    refusals: ['unauthorized', 'notFound'],
  },
  {
    ...TAG,
    operation: 'auth.tokens.delete',
    method: 'delete',
    path: '/auth/tokens/{id}',
    summary: 'Revoke a refresh token by its id',
    success: GONE,
    refusals: ['unauthorized', 'notFound'],
  },
  {
    ...TAG,
    operation: 'auth.tokens.revoke',
    method: 'post',
    path: '/auth/revoke',
    summary: 'Revoke a token by its value',
    isPublic: true,
    body: { schema: 'RevokeRequest' },
    success: GONE,
    refusals: ['badRequest'],
  },
  {
    ...TAG,
    operation: 'auth.logout',
    method: 'post',
    path: '/auth/logout',
    summary: 'Revoke the token of the request',
    success: GONE,
    refusals: ['unauthorized'],
  },
  {
    ...TAG,
    operation: 'auth.jwks',
    method: 'get',
    path: '/auth/jwks.json',
    summary: 'Public keys of tokens',
    isPublic: true,
    success: { status: 200, description: 'A JWK set.', schema: 'KeySet' },
    refusals: [],
  },
]

const ABOUT = { tag: 'Self and system', method: 'get' } as const

const SELF: readonly Described[] = [
  {
    ...ABOUT,
    operation: 'auth.self.user',
    path: '/auth/self/user',
    summary: 'Who the token is',
    success: { status: 200, description: 'The user.', schema: 'SelfUser' },
    refusals: ['unauthorized'],
  },
  {
    ...ABOUT,
    operation: 'auth.self.domains',
    path: '/auth/self/domains',
    summary: 'Which domains the token is for',
    parameters: DOMAIN_LIST_PARAMETERS,
    success: { status: 200, description: 'The domain of the token.', schema: 'DomainPage' },
    refusals: ['badRequest', 'unauthorized'],
  },
  {
    ...ABOUT,
    operation: 'system.info',
    path: '/system/info',
    summary: 'Name and version',
    success: { status: 200, description: 'Name and version.', schema: 'SystemInfo' },
    refusals: ['unauthorized'],
  },
  {
    ...ABOUT,
    operation: 'cluster.get',
    path: '/cluster',
    summary: 'Whether the server is part of a cluster: it never is',
    success: { status: 200, description: 'No cluster.', schema: 'Cluster' },
    refusals: ['unauthorized'],
  },
]
