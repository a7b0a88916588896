import { StartError } from '../errors.ts'
import { hintFor, type Issue } from '../model/issue.ts'
import { valueAt } from '../model/pointer.ts'

/** How many problems one run reports. */
export const MAX_PROBLEMS = 20

/** An issue in a file; without a line if it concerns the whole file. */
interface FileIssue {
  readonly file: string
  readonly line?: number | undefined
  readonly pointer?: string
  readonly message: string
}

/** `file:line: /pointer: what was expected (what was found)`. */
export function describeProblem({ file, line, pointer = '', message }: FileIssue): string {
  const place = line === undefined ? file : `${file}:${line}`
  return [place, ...(pointer === '' ? [] : [pointer]), message].join(': ')
}

/** The error that ends a start because of the content of files. */
export function fileError(problems: readonly string[]): StartError {
  return new StartError(problems.slice(0, MAX_PROBLEMS), 2)
}

/** Collects the problems of several files, so that one run reports them all. */
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

/** The message of an issue, with the known word that was probably meant, or with the value that was found. */
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
