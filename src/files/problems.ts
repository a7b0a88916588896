import { nearest } from '../model/nearest.ts'
import { StartError } from '../errors.ts'
import type { Issue } from '../model/issue.ts'
import { pathOf } from './positions.ts'

/** More lines than these help nobody; the next run tells the rest. */
export const MAX_PROBLEMS = 20

/** Something in a file that its user can mend. */
export interface Problem {
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

/** What is wrong with a value, with the value itself where that helps. */
export function tell({ pointer, message }: Issue, root: unknown): string {
  if (!message.startsWith('must be') && !message.startsWith('is not an')) return message
  return `${message} (found ${describeValue(valueAt(root, pointer))})`
}

function valueAt(root: unknown, pointer: string): unknown {
  return pathOf(pointer).reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined),
    root,
  )
}

const MAX_VALUE_LENGTH = 60

function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object' && value !== null) return 'an object'
  const text = JSON.stringify(value)
  return text.length > MAX_VALUE_LENGTH ? `${text.slice(0, MAX_VALUE_LENGTH)}...` : text
}

/** `; did you mean scenario?`, or nothing when no known name is near. */
export function suggestion(name: string, known: Iterable<string>): string {
  const near = nearest(name, known)
  return near === undefined ? '' : `; did you mean ${near}?`
}

/** Completes what a check says of unknown fields with the nearest known one. */
export function withSuggestions(issues: readonly Issue[], knownAt: (pointer: string) => Iterable<string>): Issue[] {
  return issues.map(({ pointer, message, unknown }) =>
    unknown === undefined
      ? { pointer, message }
      : { pointer, message: `${message}${suggestion(unknown, knownAt(parentOf(pointer)))}` },
  )
}

function parentOf(pointer: string): string {
  return pointer.slice(0, pointer.lastIndexOf('/'))
}

interface Shape {
  readonly properties?: Readonly<Record<string, Shape>>
  readonly items?: Shape
  readonly anyOf?: readonly Shape[]
}

/** The names of the fields that a schema knows where a pointer points. */
export function fieldsAt(schema: object, pointer: string): string[] {
  const shapes = pathOf(pointer).reduce((found, key) => found.flatMap((shape) => below(shape, key)), [schema as Shape])
  return shapes.flatMap(branchesOf).flatMap(({ properties }) => Object.keys(properties ?? {}))
}

function below(shape: Shape, key: string): Shape[] {
  return branchesOf(shape).flatMap(({ properties, items }) => properties?.[key] ?? items ?? [])
}

function branchesOf(shape: Shape): Shape[] {
  return [shape, ...(shape.anyOf ?? []).flatMap(branchesOf)]
}
