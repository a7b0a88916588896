import type { WireClaims } from '../wire/token.ts'

/** Signs and verifies JSON Web Tokens with the key of this emulator. */
export interface Signer {
  readonly sign: (claims: WireClaims) => string
  /** The claims of a token. Throws if its signature, issuer or expiry is wrong. `clockTimestamp` is in milliseconds. */
  readonly verify: (
    token: string,
    options: { readonly ignoreExpiration?: boolean; readonly clockTimestamp?: number },
  ) => WireClaims
  /** Header and claims of a token without verification. Throws or returns null if it is not a token. */
  readonly decode: (token: string, options: { readonly complete: true }) => DecodedToken | null
}

export interface DecodedToken {
  readonly header: { readonly alg?: unknown }
  readonly payload: Partial<WireClaims>
}
