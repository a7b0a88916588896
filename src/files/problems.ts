import { StartError } from '../errors.ts'
import { hintFor, type Issue } from '../model/issue.ts'
import { valueAt } from '../model/pointer.ts'

/** More lines than these help nobody; the next run tells the rest. */
export const MAX_PROBLEMS = 20

/** Something in a file that its user can mend. */
interface Problem {
  readonly file: string
  readonly line?: number
  readonly pointer?: string
  readonly message: string
}

/** `file:line: /pointer: what was expected (what was found)`. */
export function describeProblem({ file, line, pointer = '', message }: Problem): string {
  const place = line === undefined ? file : `${file}:${line}`
  return [place, ...(pointer === '' ? [] : [pointer]), message].join(': ')
}

/** The error that stops a start over what stands in files. */
export function fileError(problems: readonly string[]): StartError {
  return new StartError(problems.slice(0, MAX_PROBLEMS), 2)
}

/** Takes note of what is wrong with each of several files, so that one run tells it all. */
export interface Collector {
  readonly problems: readonly string[]
  readonly each: <A, B>(values: readonly A[], read: (value: A) => Promise<B>) => Promise<B[]>
  readonly add: (problems: readonly string[]) => void
  readonly throwAny: () => void
}

export function createCollector(): Collector {
  const problems: string[] = []
  return {
    problems,
    each: async (values, read) => {
      const results = []
      for (const value of values) {
        try {
          results.push(await read(value))
        } catch (error) {
          if (!(error instanceof StartError)) throw error
          problems.push(...error.problems)
        }
      }
      return results
    },
    add: (more) => problems.push(...more),
    throwAny: () => {
      if (problems.length > 0) throw fileError(problems)
    },
  }
}

/** The message of an issue, with the known word that was probably meant, or else with the value where that helps. */
export function messageOf(issue: Issue, root: unknown): string {
  const { pointer, message } = issue
  const hint = hintFor(issue, root)
  if (hint !== '' || !/^(must be|is not an)/.test(message)) return `${message}${hint}`
  return `${message} (found ${describeValue(valueAt(root, pointer))})`
}

const MAX_VALUE_LENGTH = 60

function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object' && value !== null) return 'an object'
  const text = JSON.stringify(value)
  return text.length > MAX_VALUE_LENGTH ? `${text.slice(0, MAX_VALUE_LENGTH)}...` : text
}
