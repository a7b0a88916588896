/** The domain of a response. It is a header, so that bodies stay as the vendor's. */
export const DOMAIN_HEADER = 'x-emulator-domain'

/** A hint about what to do. */
export const HINT_HEADER = 'x-emulator-hint'

/**
 * Text from a client, such as the name of a field, made safe for a header: printable ASCII, at most 1,000 characters.
 */
export function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 1000)
}

export const JSON_TYPE = 'application/json; charset=utf-8'

/** The token of an Authorization header; undefined for anything else, the empty `Bearer ` of the Terraform provider included. */
export function bearerOf(header: string | undefined): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(header ?? '')?.[1]
}
