/** Names the world of an answer. Bodies stay the vendor's, so it is a header. */
export const DOMAIN_HEADER = 'x-emulator-domain'

/** What to do, in the emulator's own words. */
export const HINT_HEADER = 'x-emulator-hint'

/** What a client sent, as a header may hold it: any text can be the name of a field, or of a host. */
export function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 1000)
}

export const JSON_TYPE = 'application/json; charset=utf-8'

/** The token of an Authorization header; undefined for anything else, the empty `Bearer ` of the Terraform provider included. */
export function bearerOf(header: string | undefined): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(header ?? '')?.[1]
}
