/** One thing that is wrong with a value: the place in it, as a JSON pointer, and what is wrong there. */
export interface Issue {
  readonly pointer: string
  readonly message: string
  /** The unknown key, when that is what is wrong. */
  readonly unknown?: string
  /** The words that the place takes, when it holds none of them. */
  readonly allowed?: readonly string[]
}
