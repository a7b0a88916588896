import Type, { type Static } from 'typebox'
import { domainNameOf } from '../model/domain.ts'
import type { Issue } from '../model/issue.ts'
import { checkOf } from '../model/validate.ts'

const Text = Type.Optional(Type.String())
const Minutes = Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 100_000_000 }))

/**
 * Body of `POST /v1/auth/tokens` (thalesdocs, tokens; the fields of the API playground's module and of real clients).
 * Nothing is required by the schema, since each grant needs others; fields beyond these are taken and ignored.
 */
export const SignInRequest = Type.Object({
  grant_type: Type.Optional(Type.Enum(['password', 'refresh_token', 'client_credential', 'user_certificate'])),
  username: Text,
  name: Text,
  password: Text,
  connection: Text,
  domain: Text,
  auth_domain: Text,
  auth_domain_path: Text,
  refresh_token: Text,
  renew_refresh_token: Type.Optional(Type.Boolean()),
  refresh_token_lifetime: Minutes,
  refresh_token_revoke_unused_in: Minutes,
  labels: Type.Optional(Type.Union([Type.String(), Type.Array(Type.String())])),
  cookies: Type.Optional(Type.Boolean()),
  client_id: Text,
  client_secret: Text,
})

export type SignIn = Readonly<Static<typeof SignInRequest>>

const check = checkOf(SignInRequest)

/** Reads a sign-in. Empty strings and nulls count as absent: the Terraform provider sends its unset fields as "". */
export function readSignIn(body: unknown): { readonly signIn: SignIn } | { readonly issues: readonly Issue[] } {
  const checked = check(withoutEmpty(body ?? {}))
  return 'issues' in checked ? checked : { signIn: checked.value }
}

/**
 * The name or id of the domain that a sign-in asks for; each field may hold a path. `auth_domain_path` supersedes
 * `auth_domain`, as the Terraform provider says of CM. A refresh token knows where its user signed in, so only `domain`
 * counts beside it.
 */
export function domainOf({ grant_type, domain, auth_domain_path, auth_domain }: SignIn): string | undefined {
  const written = grant_type === 'refresh_token' ? domain : (domain ?? auth_domain_path ?? auth_domain)
  return written === undefined ? undefined : domainNameOf(written)
}

/** What a Go service takes for a field that was not sent. */
const ABSENT: readonly unknown[] = ['', null, 0]

function withoutEmpty(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body
  return Object.fromEntries(Object.entries(body).filter(([, value]) => !ABSENT.includes(value)))
}

export const Revocation = Type.Object({ token: Type.String({ minLength: 1 }) })
const checkRevocation = checkOf(Revocation)

/** Reads the body of `POST /v1/auth/revoke`: the token to end; who asks does not matter, since holding it is enough. */
export function readRevocation(body: unknown): { readonly token: string } | { readonly issues: readonly Issue[] } {
  const checked = checkRevocation(body ?? {})
  return 'issues' in checked ? checked : { token: checked.value.token }
}
