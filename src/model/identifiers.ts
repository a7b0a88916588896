import { v4, v5 } from 'uuid'

/** The UUID namespace of this emulator. */
const NAMESPACE = '5d1b3a0e-8f0c-4c39-9d1f-6f0f5a1c7e21'

/** The identifier of a name, the same on every start. */
export function namedId(kind: string, name: string): string {
  return v5(`${kind}:${name}`, NAMESPACE)
}

/** A new random identifier. */
export function freshId(): string {
  return v4()
}
