import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import { StartError } from '../errors.ts'
import type { Secrets } from '../model/secrets.ts'
import { ISSUER } from '../wire/token.ts'

export interface SigningOptions {
  readonly algorithm: 'HS256' | 'ES256'
  /** HS256 only: the user's own secret, so that tokens can be made elsewhere. */
  readonly jwtSecret: string | undefined
  readonly secrets: Secrets
}

/** Options of @fastify/jwt for tokens as CM makes them. */
export function jwtOptions({ algorithm, jwtSecret, secrets }: SigningOptions) {
  const secret = algorithm === 'HS256' ? (jwtSecret ?? sharedSecret(secrets)) : keyPair(secrets)
  return {
    secret,
    sign: { algorithm },
    verify: { algorithms: [algorithm], allowedIss: ISSUER, requiredClaims: ['iss', 'exp', 'iat', 'jwtid', 'cust'] },
  }
}

function sharedSecret(secrets: Secrets): string {
  return kept(secrets, 'jwt-hs256', () => randomBytes(32).toString('base64url'))
}

function keyPair(secrets: Secrets): { private: string; public: string } {
  const pem = kept(secrets, 'jwt-es256', () =>
    generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  )
  try {
    return { private: pem, public: createPublicKey(pem).export({ type: 'spki', format: 'pem' }).toString() }
  } catch {
    const remedy = 'put a copy of the --data folder in its place, or choose another'
    throw new StartError([`the signing key in the data (table secret, jwt-es256) cannot be read: ${remedy}`], 1)
  }
}

function kept(secrets: Secrets, name: string, make: () => string): string {
  const known = secrets.get(name)
  if (known !== undefined) return known
  const made = make()
  secrets.set(name, made)
  return made
}

/** The public keys as a JWK set; a shared secret has no public part, so the set is then empty. */
export function jwksOf({ secret }: ReturnType<typeof jwtOptions>): { keys: object[] } {
  if (typeof secret === 'string') return { keys: [] }
  return { keys: [{ ...createPublicKey(secret.public).export({ format: 'jwk' }), use: 'sig', alg: 'ES256' }] }
}
