/** Valid, or invalid on purpose. */
type TokenKind = 'valid' | 'expired' | 'wrong-key' | 'revoked'

/** A token that is created without a sign-in. */
export interface TokenRequest {
  /** A user of the domain, or with `groups` any name; by default admin. */
  readonly username?: string | undefined
  /** By default the user's own. */
  readonly groups?: readonly string[] | undefined
  /** A duration such as `5m`; by default the domain's lifetime of tokens. */
  readonly ttl?: string | undefined
  readonly kind?: TokenKind | undefined
}
