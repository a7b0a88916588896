import Type from 'typebox'

/** How sure the emulator is that CM does the same (docs/reference/fidelity.md defines each). */
export type Certainty = 'documented' | 'seen in a client' | 'assumed' | 'measured'

/** What the OpenAPI document says of a field, a parameter or an example, beside its schema. */
export type Note = {
  readonly 'x-fidelity': Certainty
  readonly description: string
}

/** A page or a sample of the vendor says so. */
export function documented(description: string): Note {
  return { description, 'x-fidelity': 'documented' }
}

/** No known page says so, but a public client sends it or needs it. */
export function seen(description: string): Note {
  return { description, 'x-fidelity': 'seen in a client' }
}

/** No source is known: the emulator's choice. */
export function assumed(description: string): Note {
  return { description, 'x-fidelity': 'assumed' }
}

/** An example of a body, as the OpenAPI document shows it. */
export interface Example {
  readonly summary: string
  readonly 'x-fidelity': Certainty
  readonly value: unknown
}

/** The schema of an RFC 3339 instant. */
export function instantSchema(note: Note) {
  return Type.String({ format: 'date-time', ...note })
}
