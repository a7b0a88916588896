/** How sure the emulator is that CM does the same (docs/reference/fidelity.md says what each means). */
export type Fidelity = 'documented' | 'seen in a client' | 'assumed' | 'measured'

/** What the document says of a field or an operation, beside its form. */
export type Note = {
  readonly 'x-fidelity': Fidelity
  readonly description: string
}

/** A page or a sample of the vendor says so. */
export function documented(description: string): Note {
  return { description, 'x-fidelity': 'documented' }
}

/** No page that we know says so, but a public client sends it or needs it. */
export function seen(description: string): Note {
  return { description, 'x-fidelity': 'seen in a client' }
}

/** Nobody outside knows: the emulator's choice. */
export function assumed(description: string): Note {
  return { description, 'x-fidelity': 'assumed' }
}

/** Notes on fields by their path: `delete_key_backups_param.key_id`. */
export type Notes = Readonly<Record<string, Note>>

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: unknown
}

/**
 * The schema of a request, as it validates, with a note on each field. The schemas forbid fields that they do not know,
 * so that the emulator can name them; unless it is told to be strict, it then takes them all the same.
 */
export function annotate(schema: object, notes: Notes, { strict }: { readonly strict: boolean }): object {
  return annotated(schema, '', { notes, strict })
}

interface Annotation {
  readonly notes: Notes
  readonly strict: boolean
}

function annotated(schema: Schema, path: string, annotation: Annotation): object {
  const { properties, additionalProperties, ...rest } = schema
  const forbids = annotation.strict && additionalProperties !== undefined
  if (properties === undefined) return schema
  const fields = Object.entries(properties).map(([name, field]) => {
    const at = path === '' ? name : `${path}.${name}`
    return [name, { ...annotated(field, at, annotation), ...annotation.notes[at] }]
  })
  return { ...rest, properties: Object.fromEntries(fields) as object, ...(forbids && { additionalProperties }) }
}
