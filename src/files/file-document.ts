/** A parsed JSON or YAML file. */
export interface FileDocument {
  readonly file: string
  readonly value: unknown
  /** The document as JSON text: that of a JSON file unchanged, that of a YAML file with its keys in order. */
  readonly json: string
  /** The line of the value at a JSON pointer, or of the nearest value around it. */
  readonly lineOf: (pointer: string) => number
}

export interface DocumentOptions {
  /** Whether the value at a JSON pointer may be a secret, which no error may quote. Default: none is. */
  readonly isSecret?: (pointer: string) => boolean
}
