/** The arguments and flags of a call. */
export interface ParsedArgs {
  readonly args: readonly string[]
  /** The value of a flag by its name in camel case; undefined if the flag is absent. */
  readonly text: (name: string) => string | undefined
  readonly has: (name: string) => boolean
}
