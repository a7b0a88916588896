import { createHash } from 'node:crypto'

/** SHA-256 of a secret, for comparing it, or for storing instead of it. */
export function digestOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}
