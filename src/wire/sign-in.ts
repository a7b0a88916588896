import Type, { type Static } from 'typebox'
import { domainNameOf } from '../model/domain.ts'
import type { Issue } from '../model/issue.ts'
import { checkOf } from '../model/validate.ts'
import { documented, seen, type Example, type Note } from './certainty.ts'

const text = (note: Note) => Type.Optional(Type.String(note))
const flag = (note: Note) => Type.Optional(Type.Boolean(note))
const minutes = (note: Note) => Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 100_000_000, ...note }))

/**
 * Body of `POST /v1/auth/tokens` (thalesdocs, tokens; the fields of the API playground's module and of real clients).
 * The schema requires nothing, since each grant needs other fields. Fields beyond these are ignored.
 */
export const SignInRequest = Type.Object({
  grant_type: Type.Optional(
    Type.Enum(
      ['password', 'refresh_token', 'client_credential', 'user_certificate'],
      documented('`password` when absent. `user_certificate` is not emulated.'),
    ),
  ),
  username: text(documented('For the grant `password`.')),
  name: text(documented('An alternative to `username`.')),
  password: text(documented('For the grant `password`.')),
  connection: text(documented('The source of the user; only `local_account` is emulated.')),
  domain: text(documented('Name or id of the domain that the token is for; root when absent.')),
  auth_domain: text(documented('The domain of the user; `auth_domain_path` supersedes it.')),
  auth_domain_path: text(seen('Its path, such as `/t-42`; `/a/b` is the domain `a.b`.')),
  refresh_token: text(documented('For the grant `refresh_token`.')),
  renew_refresh_token: flag(documented('Issues another refresh token and revokes this one.')),
  refresh_token_lifetime: minutes(documented('Minutes; without it the refresh token does not expire.')),
  refresh_token_revoke_unused_in: minutes(documented('Minutes after which an unused refresh token expires.')),
  labels: Type.Optional(Type.Union([Type.String(), Type.Array(Type.String())], seen('Tags of the refresh token.'))),
  cookies: flag(documented('Tokens as cookies; not emulated: they are in the body.')),
  client_id: text(documented('The name of the client, for the grant `client_credential`.')),
  client_secret: text(seen('For the grant `client_credential`.')),
})

/** Bodies that clients are known to send. */
export const SIGN_IN_EXAMPLES: Readonly<Record<string, Example>> = {
  password: {
    summary: 'A user and a password',
    'x-fidelity': 'documented',
    value: { grant_type: 'password', username: 'admin', password: 'admin' },
  },
  short: {
    summary: 'The minimum that clients send',
    'x-fidelity': 'seen in a client',
    value: { username: 'admin', password: 'admin' },
  },
  domain: {
    summary: 'A sign-in to another domain',
    'x-fidelity': 'documented',
    value: { grant_type: 'password', username: 'admin', password: 'admin', domain: 't-42' },
  },
}

export type SignIn = Readonly<Static<typeof SignInRequest>>

const check = checkOf(SignInRequest)

/** Reads a sign-in. Empty strings and nulls count as absent: the Terraform provider sends its unset fields as "". */
export function readSignIn(body: unknown): { readonly signIn: SignIn } | { readonly issues: readonly Issue[] } {
  const checked = check(withoutEmpty(body ?? {}))
  return 'issues' in checked ? checked : { signIn: checked.value }
}

/**
 * The name or id of the domain that a sign-in asks for; each field may hold a path. `auth_domain_path` supersedes
 * `auth_domain`, as in the Terraform provider. A refresh token determines where its user signed in, so beside it only
 * `domain` counts.
 */
export function domainOf({ grant_type, domain, auth_domain_path, auth_domain }: SignIn): string | undefined {
  const written = grant_type === 'refresh_token' ? domain : (domain ?? auth_domain_path ?? auth_domain)
  return written === undefined ? undefined : domainNameOf(written)
}

/** Values that a Go service treats as an absent field. */
const ABSENT: readonly unknown[] = ['', null, 0]

function withoutEmpty(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body
  return Object.fromEntries(Object.entries(body).filter(([, value]) => !ABSENT.includes(value)))
}

export const Revocation = Type.Object({
  token: Type.String({ minLength: 1, ...seen('A refresh token, or an API token.') }),
})
const checkRevocation = checkOf(Revocation)

/** Reads the body of `POST /v1/auth/revoke`: the token to revoke. Anyone who has the token may revoke it. */
export function readRevocation(body: unknown): { readonly token: string } | { readonly issues: readonly Issue[] } {
  const checked = checkRevocation(body ?? {})
  return 'issues' in checked ? checked : { token: checked.value.token }
}
