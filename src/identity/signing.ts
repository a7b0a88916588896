import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import { StartError } from '../errors.ts'
import type { Secrets } from '../model/secrets.ts'
import { ISSUER } from '../wire/token.ts'

export interface SigningOptions {
  readonly algorithm: 'HS256' | 'ES256'
  /** HS256 only: the user's own secret, with which tokens can be signed elsewhere. */
  readonly jwtSecret: string | undefined
  readonly secrets: Secrets
}

/** Options of @fastify/jwt for tokens like those of CM. */
export function jwtOptions({ algorithm, jwtSecret, secrets }: SigningOptions) {
  const secret = algorithm === 'HS256' ? (jwtSecret ?? sharedSecret(secrets)) : keyPair(secrets)
  return {
    secret,
    sign: { algorithm },
    verify: { algorithms: [algorithm], allowedIss: ISSUER, requiredClaims: ['iss', 'exp', 'iat', 'jwtid', 'cust'] },
  }
}

function sharedSecret(secrets: Secrets): string {
  return loadOrCreate(secrets, 'jwt-hs256', () => randomBytes(32).toString('base64url'))
}

function keyPair(secrets: Secrets): { private: string; public: string } {
  const pem = loadOrCreate(secrets, 'jwt-es256', () =>
    generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  )
  try {
    return { private: pem, public: createPublicKey(pem).export({ type: 'spki', format: 'pem' }).toString() }
  } catch {
    const remedy = 'put a copy of the --data folder in its place, or choose another'
    throw new StartError([`the signing key in the data (table secret, jwt-es256) cannot be read: ${remedy}`], 1)
  }
}

function loadOrCreate(secrets: Secrets, name: string, create: () => string): string {
  const stored = secrets.get(name)
  if (stored !== undefined) return stored
  const created = create()
  secrets.set(name, created)
  return created
}

/** The public keys as a JWK set; a shared secret has no public part, so the set is then empty. */
export function jwksOf({ secret }: ReturnType<typeof jwtOptions>): { keys: object[] } {
  if (typeof secret === 'string') return { keys: [] }
  return { keys: [{ ...createPublicKey(secret.public).export({ format: 'jwk' }), use: 'sig', alg: 'ES256' }] }
}
