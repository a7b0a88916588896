import { v4, v5 } from 'uuid'

/** Namespace of the names that this emulator turns into identifiers. */
const NAMESPACE = '5d1b3a0e-8f0c-4c39-9d1f-6f0f5a1c7e21'

/** An identifier that stands for a name: the same on every start. */
export function namedId(kind: string, name: string): string {
  return v5(`${kind}:${name}`, NAMESPACE)
}

/** An identifier that nobody has had before. */
export function freshId(): string {
  return v4()
}
