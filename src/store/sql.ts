/** A part of a statement, with the values of its parameters. */
export interface Sql {
  readonly text: string
  readonly values: readonly (string | number)[]
}

export function join(parts: readonly Sql[], separator: string): Sql {
  return { text: parts.map(({ text }) => text).join(separator), values: parts.flatMap(({ values }) => values) }
}
