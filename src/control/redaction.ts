/** What no journal shows: the values of these fields, wherever they stand, and whatever looks like a token. */
const SECRET_NAME =
  /^(authorization|proxy-authorization|cookie|set-cookie|jwt|token)$|password|secret|(access|refresh|id)_token$/i
/** Where a token may be: letters, digits and dots that stand together. */
const RUN = /[\w.-]+/g
const TOKEN_START = 'eyJ'
const REDACTED = '[redacted]'

/** A value without its secrets; a copy wherever something was taken out. */
export function redacted(value: unknown, name = ''): unknown {
  if (typeof value === 'string') return SECRET_NAME.test(name) ? hidden(value) : withoutTokens(value)
  if (Array.isArray(value)) return value.map((each) => redacted(each, name))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, redacted(each, key)]))
}

/** A path or another text, without tokens in it. */
export function withoutTokens(text: string): string {
  if (!text.includes(TOKEN_START)) return text
  return text.replace(RUN, withoutToken)
}

/** From the first letters of a token on, if two dots follow. By hand: a pattern would try every such place to the end. */
function withoutToken(run: string): string {
  const start = run.indexOf(TOKEN_START)
  if (start < 0) return run
  const dot = run.indexOf('.', start)
  if (dot < 0 || !run.includes('.', dot + 1)) return run
  return run.slice(0, start) + REDACTED
}

/** The scheme of a credential says how a client signs in, and is no secret. */
function hidden(value: string): string {
  const scheme = /^(Bearer|Basic) /i.exec(value)?.[0] ?? ''
  return scheme + REDACTED
}
