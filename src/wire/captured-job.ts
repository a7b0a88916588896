import Type, { type Static } from 'typebox'
import type { FamilyName } from '../model/family.ts'
import { IN_PROGRESS } from '../model/job.ts'
import type { CapturedJob } from '../model/seed.ts'
import type { Issue } from '../model/issue.ts'
import { checkOf } from '../model/validate.ts'
import { FAMILIES } from './families/index.ts'
import type { Family } from './family.ts'
import { membersOf } from './raw-json.ts'
import { parseInstant, whyNoInstant } from './timestamps.ts'

const Timestamp = Type.String({ minLength: 1 })

/** Not Type.Record: it skips keys with a line break, and matches every other key against a regular expression. */
const Details = Type.Unsafe<Record<string, string>>(Type.Object({}, { additionalProperties: Type.String() }))

/** The fields of a captured job that the emulator reads. All others are stored and sent unchanged. */
const CapturedDocument = Type.Object({
  id: Type.String({ minLength: 1 }),
  uri: Type.Optional(Type.String()),
  createdAt: Timestamp,
  updatedAt: Type.Optional(Timestamp),
  completed_at: Type.Optional(Timestamp),
  overall_status: Type.String({ minLength: 1 }),
  detailed_status: Type.Optional(Type.Union([Details, Type.Null()])),
  abort: Type.Optional(Type.Boolean()),
  cloud: Type.Optional(Type.String()),
  keys: Type.Optional(Type.Array(Type.String())),
  operation: Type.String({ minLength: 1 }),
})

const checkDocument = checkOf(CapturedDocument)

type CapturedJobReading = { readonly job: CapturedJob } | { readonly issues: readonly Issue[] }

/** Information about a captured job beside its document. */
export interface CapturedJobHints {
  /** The family, if the seed names it; otherwise uri or cloud determine it. */
  readonly family?: FamilyName | undefined
}

/**
 * Reads a job's document as a CM sent it.
 *
 * @param text the document's own text, minified: what will be sent.
 */
export function readCapturedJob(
  text: string,
  document: unknown,
  { family }: CapturedJobHints = {},
): CapturedJobReading {
  const checked = checkDocument(document)
  if ('issues' in checked) return checked
  const { value } = checked
  const row = family === undefined ? familyOf(value) : FAMILIES.find(({ name }) => name === family)
  const createdAt = parseInstant(value.createdAt)
  const updatedAt = value.updatedAt === undefined ? createdAt : parseInstant(value.updatedAt)
  const completedAt = value.completed_at === undefined ? undefined : parseInstant(value.completed_at)
  const isCompletionWrong = value.completed_at !== undefined && completedAt === undefined
  if (row === undefined || createdAt === undefined || updatedAt === undefined || isCompletionWrong)
    return {
      issues: [
        ...(row === undefined
          ? [{ pointer: '/uri', message: `does not identify a family; name one: ${familyNames()}` }]
          : []),
        ...(createdAt === undefined ? [notInstant('createdAt', value)] : []),
        ...(value.updatedAt !== undefined && updatedAt === undefined ? [notInstant('updatedAt', value)] : []),
        ...(isCompletionWrong ? [notInstant('completed_at', value)] : []),
      ],
    }
  const results = detailsOf(text, value.detailed_status ?? {})
  return {
    job: {
      kind: 'captured',
      family: row.name,
      id: value.id,
      operation: value.operation,
      cloud: value.cloud ?? row.cloud,
      text,
      createdAt,
      updatedAt,
      completedAt,
      status: value.overall_status,
      abort: value.abort ?? false,
      results,
      action: row.action(value.operation, value),
      pending: value.overall_status === IN_PROGRESS ? pendingOf(value.keys ?? [], results) : [],
      scenario: undefined,
    },
  }
}

function familyOf({ uri, cloud }: { uri?: string; cloud?: string }): Family | undefined {
  if (uri === undefined) return FAMILIES.find((family) => family.cloud === cloud)
  const kind = uri.split(':', 4)[3]
  return FAMILIES.find(({ uriKind }) => uriKind === kind)
}

function familyNames(): string {
  return FAMILIES.map(({ name }) => name).join(' or ')
}

function notInstant(field: 'createdAt' | 'updatedAt' | 'completed_at', value: Static<typeof CapturedDocument>): Issue {
  return { pointer: `/${field}`, message: whyNoInstant(value[field], '2024-02-06T09:22:54.517569Z') }
}

/** The results in the order in which the document has them, which an object does not keep for ids like "10". */
function detailsOf(text: string, details: Readonly<Record<string, string>>): CapturedJob['results'] {
  const ids = Object.keys(details)
  // Numeric ids come first in an object, so the first id shows whether there are any. The fast path is for seeds of a
  // million jobs.
  if (ids[0] === undefined || !/^\d+$/.test(ids[0])) return ids.map((id) => ({ id, status: details[id] ?? '' }))
  const json = membersOf(text).findLast(([key]) => key === 'detailed_status')?.[1] ?? '{}'
  return membersOf(json).map(([id, status]) => ({ id, status: JSON.parse(status) as string }))
}

function pendingOf(keys: readonly string[], results: CapturedJob['results']): string[] {
  const done = new Set(results.map(({ id }) => id))
  return keys.filter((key) => !done.has(key))
}
