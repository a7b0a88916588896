import type { OperationRow } from './operations.ts'
import { pageSchema, referenceTo } from './page.ts'
import { TOKEN_PARAMETERS, WireRefreshToken } from './refresh-token.ts'
import { Revocation, SIGN_IN_EXAMPLES, SignInRequest } from './sign-in.ts'
import { Cluster, DOMAIN_PARAMETERS, DomainPage, SelfUser, SystemInfo } from './system.ts'
import { KeySet, TOKEN_SAMPLE, TokenResponse } from './token.ts'

type Row = Omit<OperationRow, 'id'>

const GONE: Pick<Row, 'status' | 'answer'> = { status: 204, answer: { description: 'Done.' } }
const TOKENS = { tag: 'Tokens', token: 'required', status: 200 } as const
const SYSTEM = { tag: 'Self and system', method: 'GET', token: 'required', status: 200 } as const

/** The operations that concern no family of jobs. */
export const SERVER_OPERATIONS = [
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
