// Removes secrets wherever a request or its response is shown: secrets are recognized by the name of their field, tokens by
// their form.

import { isRecord } from '../model/is-record.ts'
import { parseJson } from '../model/parse-json.ts'

/** Names of headers, query parameters and fields whose values are secrets; `keys` and `auth_domain` of the vendor are not. */
const SECRET_NAME =
  /passw|passphrase|pwd|secret|credential|cookie|jwt|bearer|auth(?![-_]?domain|or(?!iz))|(?:tokens?|key|otp|signature|session|session[-_]?id)$|^(?:sig|sid)$/i

/** A map whose keys are ids of items, which may match such a name. */
const ITEMS = 'detailed_status'

/** A run of characters that may be a token. */
const RUN = /[\w.-]+/g
const TOKEN_START = 'eyJ'
/** A refresh token of this emulator. */
const REFRESH_TOKEN = /(?<!\w)[\da-f]{64}(?!\w)/g
/** A value after its name, as in a query or a form. */
const ASSIGNED = /=[^&;,\s"'<>]+/g
/** The name before a value; at most MAX_NAME characters are searched. */
const NAME_BEFORE = /[\w.%[\]-]+$/
const MAX_NAME = 100
/** User name and password of a URL. */
const USER_INFO = /:\/\/[^/?#@\s]+@/g
const REDACTED = '[redacted]'

/** A value without its secrets, at every depth. */
export function redacted(value: unknown): unknown {
  if (typeof value === 'string') return withoutSecrets(value)
  if (Array.isArray(value)) return value.map(redacted)
  if (typeof value !== 'object' || value === null) return value
  return mapFields(value, (each, name) => {
    if (name === ITEMS && isRecord(each)) return mapFields(each, redacted)
    return SECRET_NAME.test(name) ? hidden(each) : redacted(each)
  })
}

/** A path or another text without tokens and named secrets. JSON without secrets stays as it was written. */
export function withoutSecrets(text: string): string {
  const document = documentIn(text)
  if (document !== undefined) {
    const clean = JSON.stringify(redacted(document))
    return clean === JSON.stringify(document) ? text : clean
  }
  const unnamed = text.replace(ASSIGNED, (assigned, offset: number) =>
    isSecret(text, offset) ? `=${REDACTED}` : assigned,
  )
  return withoutTokens(unnamed.replace(USER_INFO, `://${REDACTED}@`))
}

function withoutTokens(text: string): string {
  return text.replace(REFRESH_TOKEN, REDACTED).replace(RUN, withoutToken)
}

/** Hides a value with a secret's name. Booleans and null are not secret. */
function hidden(value: unknown): unknown {
  if (typeof value === 'boolean' || value === null) return value
  if (Array.isArray(value)) return value.map(hidden)
  if (isRecord(value)) return mapFields(value, hidden)
  // The scheme of a credential is not secret, and says how a client signs in.
  const scheme = typeof value === 'string' ? (/^(?:Bearer|Basic) /i.exec(value)?.[0] ?? '') : ''
  return scheme + REDACTED
}

function mapFields(value: object, change: (each: unknown, name: string) => unknown): object {
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [withoutTokens(name), change(each, name)]))
}

/** Whether the name that ends at this index is a secret's. */
function isSecret(text: string, end: number): boolean {
  const name = NAME_BEFORE.exec(text.slice(Math.max(0, end - MAX_NAME), end))?.[0]
  return name !== undefined && SECRET_NAME.test(name)
}

function documentIn(text: string): object | undefined {
  return /^\s*[[{]/.test(text) ? (parseJson(text) as object | undefined) : undefined
}

/** Hides a run from the start of a token on, if two dots follow. No pattern: it would be quadratic in long runs. */
function withoutToken(run: string): string {
  const start = run.indexOf(TOKEN_START)
  if (start < 0) return run
  const dot = run.indexOf('.', start)
  if (dot < 0 || !run.includes('.', dot + 1)) return run
  return run.slice(0, start) + REDACTED
}
