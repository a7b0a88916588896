import Type from 'typebox'
import { checkOf } from '../model/validate.ts'

/** The claims of an API token, as the vendor's samples have them, in their order. */
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
/** Tokens that people sign themselves live to the year 3000, and beyond. */
const Seconds = Type.Optional(Type.Integer({ minimum: 0, maximum: 1e12 }))

/** The types of the claims that are read. Which of them must be there is for who checks the signature to say. */
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

/** Answer to a sign-in (thalesdocs, CDP interfaces; `refresh_token_id` is seen in a client). */
export interface WireTokenResponse {
  readonly jwt: string
  readonly duration: number
  readonly token_type: 'Bearer'
  readonly client_id: string
  readonly refresh_token_id?: string
  readonly refresh_token?: string
  readonly refresh_token_expires_in?: number
}
