import Type, { type Static } from 'typebox'
import { checkOf } from '../model/validate.ts'
import { assumed, documented, seen } from './certainty.ts'

/** The claims of an API token, in the order of the vendor's samples. */
export interface WireClaims {
  readonly aud: string
  readonly sub: string
  readonly iss: string
  readonly acc: string
  readonly preferred_username: string
  readonly cust: {
    readonly domain_id: string
    readonly groups?: readonly string[]
    readonly sid: string
    readonly zone_id: string
  }
  readonly jwtid: string
  readonly iat: number
  readonly exp: number
}

const Text = Type.Optional(Type.String())
/** Tokens that users sign themselves may expire in the year 3000 or later. */
const Seconds = Type.Optional(Type.Integer({ minimum: 0, maximum: 1e12 }))

/** The types of the claims that are read. The token verifier decides which are required. */
export const checkClaims = checkOf(
  Type.Object({
    preferred_username: Text,
    cust: Type.Optional(Type.Object({ domain_id: Text, groups: Type.Optional(Type.Array(Type.String())) })),
    jwtid: Text,
    iat: Seconds,
    exp: Seconds,
  }),
)

export const ISSUER = 'kylo'
export const ZONE_ID = '00000000-0000-0000-0000-000000000000'

/** Response to a sign-in (thalesdocs, CDP interfaces). */
export const TokenResponse = Type.Object({
  jwt: Type.String(documented('The API token, for `Authorization: Bearer`.')),
  duration: Type.Integer(documented('Seconds until it expires: 300 (switch `tokenTtl`).')),
  token_type: Type.Literal('Bearer', documented('Always `Bearer`.')),
  client_id: Type.String(documented('The client that signed in.')),
  refresh_token_id: Type.Optional(Type.String(seen('The refresh token; absent after `client_credential`.'))),
  refresh_token: Type.Optional(Type.String(documented('64 letters and digits; absent after `client_credential`.'))),
  refresh_token_expires_in: Type.Optional(
    Type.Integer(documented('Seconds. Its absence if the refresh token never expires is seen in a client.')),
  ),
})

export type TokenResponse = Static<typeof TokenResponse>

/** The fields of the sample in "CDP interfaces" and the id that a client needs; the token is shortened. */
export const TOKEN_SAMPLE: TokenResponse = {
  jwt: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJsb2NhbHwuLi4ifQ.c2lnbmF0dXJl',
  duration: 300,
  token_type: 'Bearer',
  client_id: '8181a3e4-082e-4aaa-b985-5c35db15ffcd',
  refresh_token_id: '5d0c2f0c-7a3c-4d5e-9f0e-2f4b1f6f8a11',
  refresh_token: 'r'.repeat(64),
  refresh_token_expires_in: 1799,
}

export const KeySet = Type.Object({
  keys: Type.Array(
    Type.Object({}, { additionalProperties: true }),
    assumed('Public keys as JWK; none if tokens are signed with a shared secret.'),
  ),
})

export type KeySet = Static<typeof KeySet>
