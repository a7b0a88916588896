import { didYouMean } from './nearest.ts'
import { valueAt } from './pointer.ts'

/** One thing that is wrong with a value: the place in it, as a JSON pointer, and what is wrong there. */
export interface Issue {
  readonly pointer: string
  readonly message: string
  /** The unknown key, when that is what is wrong. */
  readonly unknown?: string
  /** The known keys beside an unknown one, or the words that the place takes. */
  readonly choices?: readonly string[]
}

/** Issues of a part, as issues of the whole. */
export function prefixIssues(prefix: string, issues: readonly Issue[]): Issue[] {
  return issues.map((issue) => ({ ...issue, pointer: `${prefix}${issue.pointer}` }))
}

/** Issues whose messages end with the known key or word that an unknown one of `root` resembles. */
export function withHints(issues: readonly Issue[], root: unknown): Issue[] {
  return issues.map((issue) => ({ pointer: issue.pointer, message: `${issue.message}${hintFor(issue, root)}` }))
}

/** ` (did you mean after?)` for an unknown key or word of `root` that resembles a known one, else nothing. */
export function hintFor({ pointer, unknown, choices = [] }: Issue, root: unknown): string {
  const written = unknown ?? valueAt(root, pointer)
  return typeof written === 'string' ? didYouMean(written, choices) : ''
}
