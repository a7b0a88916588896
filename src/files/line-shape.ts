import type { CapturedJob, SeedJob } from '../model/seed.ts'
import { CAPTURED_FIELDS, readCapturedJob } from '../wire/captured-job.ts'

/** Reads lines that differ in nothing but their values from one that was read before. */
export interface LineShapes {
  /** undefined for any other line, and for a job that is wrong. */
  read: (line: string) => CapturedJob | undefined
  /** Takes a line, and what it says, for an example. */
  learn: (line: string, job: SeedJob) => void
}

type LineShape = LineShapes['read']

/** Jobs that run have no `completed_at`, those of AWS have `keys`: a file has a few shapes or very many. */
const MOST_SHAPES = 4

const INSIDE = String.raw`[^"\\\u0000-\u001f]*`
const TEXT = `"${INSIDE}"`
const PAIR = `${TEXT}:${TEXT}`

/** Few jobs are longer, and a regular expression has its limits. */
const LONGEST = 2 ** 19

/**
 * Machines write all lines of a file alike, so a regular expression made of one of them reads the others, in a third of the
 * time that parsing and looking through them takes: a seed may have a million.
 *
 * Texts without escapes may differ, and lists and results of such texts, and yes and no; everything else is to the letter.
 * So what matches is JSON; a job that is wrong in itself is left to whoever can say what is wrong with it.
 */
export function createLineShapes(): LineShapes {
  const shapes: LineShape[] = []
  return {
    read: (line) => {
      for (const shape of shapes) {
        const job = shape(line)
        if (job !== undefined) return job
      }
      return undefined
    },
    learn: (line, job) => {
      const isPlain = job.kind === 'captured' && job.scenario === undefined
      const shape = isPlain && shapes.length < MOST_SHAPES ? shapeOf(line) : undefined
      if (shape !== undefined) shapes.push(shape)
    },
  }
}

/** Of a line with a captured job and nothing beside it; undefined where it is not what JSON.stringify would write. */
function shapeOf(line: string): LineShape | undefined {
  if (line.length > LONGEST) return undefined
  const element = JSON.parse(line) as { readonly job?: object }
  const [head, tail] = element.job === undefined ? ['', ''] : ['{"job":', '}']
  const document = (element.job ?? element) as Readonly<Record<string, unknown>>
  if (line !== head + JSON.stringify(document) + tail || Object.hasOwn(document, '__proto__')) return undefined
  const members = Object.entries(document).map(memberOf)
  const wanted = members.filter(({ isWanted }) => isWanted)
  const body = members.map(({ pattern }) => pattern).join(',')
  const pattern = new RegExp(`^${escape(head)}\\{${body}\\}${escape(tail)}$`)
  return (other) => {
    const found = other.length > LONGEST ? null : pattern.exec(other)
    return found === null ? undefined : jobOf(other.slice(head.length, other.length - tail.length), wanted, found)
  }
}

function jobOf(text: string, members: readonly Member[], found: RegExpExecArray): CapturedJob | undefined {
  const document: Record<string, unknown> = {}
  let results: CapturedJob['results'] | undefined
  let group = 0
  for (const { name, read } of members) {
    const value = read(found[(group += 1)] ?? '')
    if (name === RESULTS && value !== null) results = value as CapturedJob['results']
    else document[name] = value
  }
  const reading = readCapturedJob(text, document, { results })
  return 'job' in reading ? reading.job : undefined
}

const RESULTS = 'detailed_status'

/** A member of a document: how it looks in the line, and what is read of the one group in that. */
interface Member {
  readonly name: string
  readonly pattern: string
  /** Whether the emulator looks at it, in which case its pattern has a group. */
  readonly isWanted: boolean
  readonly read: (found: string) => unknown
}

function memberOf([name, value]: [string, unknown]): Member {
  const isWanted = CAPTURED_FIELDS.has(name)
  const { before = '', inside, after = '', read } = formOf(name, value)
  const group = isWanted ? `(${inside})` : inside
  return { name, isWanted, read, pattern: `${escape(JSON.stringify(name))}:${before}${group}${after}` }
}

interface Form {
  readonly before?: string
  readonly inside: string
  readonly after?: string
  readonly read: (found: string) => unknown
}

function formOf(name: string, value: unknown): Form {
  if (typeof value === 'string') return { before: '"', inside: INSIDE, after: '"', read: (found) => found }
  if (typeof value === 'boolean') return { inside: '(?:true|false)', read: (found) => found === 'true' }
  if (name === RESULTS && typeof value === 'object' && value !== null)
    return { before: '\\{', inside: listOf(PAIR), after: '\\}', read: pairsOf }
  if (Array.isArray(value) && value.every((each) => typeof each === 'string'))
    return { inside: `\\[${listOf(TEXT)}\\]`, read: (found) => JSON.parse(found) as unknown }
  return { inside: escape(JSON.stringify(value)), read: () => value }
}

function listOf(element: string): string {
  return `(?:${element}(?:,${element})*)?`
}

/** The texts of results stand between the first quotes and the second, and so on: there are no others. */
function pairsOf(json: string): CapturedJob['results'] {
  const parts = json.split('"')
  const pairs = []
  for (let i = 1; i + 2 < parts.length; i += 4) pairs.push({ id: parts[i] ?? '', status: parts[i + 2] ?? '' })
  return pairs
}

function escape(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}
