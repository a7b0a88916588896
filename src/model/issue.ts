import { didYouMean } from './nearest.ts'
import { valueAt } from './pointer.ts'

/** An error in a value: its place, as a JSON pointer, and a message. */
export interface Issue {
  readonly pointer: string
  readonly message: string
  /** The unknown key, if that is the error. */
  readonly unknown?: string
  /** The known keys beside an unknown one, or the allowed words. */
  readonly choices?: readonly string[]
}

/** Issues of a part as issues of the whole. */
export function prefixIssues(prefix: string, issues: readonly Issue[]): Issue[] {
  return issues.map((issue) => ({ ...issue, pointer: `${prefix}${issue.pointer}` }))
}

/** Adds a suggestion to each issue with an unknown key or word of `root` that resembles a known one. */
export function withHints(issues: readonly Issue[], root: unknown): Issue[] {
  return issues.map((issue) => ({ pointer: issue.pointer, message: `${issue.message}${hintFor(issue, root)}` }))
}

/** ` (did you mean after?)` for an unknown key or word of `root` that resembles a known one, else nothing. */
export function hintFor({ pointer, unknown, choices = [] }: Issue, root: unknown): string {
  const written = unknown ?? valueAt(root, pointer)
  return typeof written === 'string' ? didYouMean(written, choices) : ''
}
