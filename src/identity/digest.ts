import { createHash } from 'node:crypto'

/** SHA-256 of a secret: what is compared, or stored in its place. */
export function digestOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}
