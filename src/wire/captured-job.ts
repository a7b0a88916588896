import Type, { type Static } from 'typebox'
import type { FamilyName, ItemSelector } from '../model/family.ts'
import { isRecord } from '../model/is-record.ts'
import { IN_PROGRESS } from '../model/job.ts'
import type { CapturedJob } from '../model/seed.ts'
import type { Issue } from '../model/issue.ts'
import { checkOf } from '../model/validate.ts'
import { FAMILIES } from './families/index.ts'
import type { Family } from './family.ts'
import { mapStrings, membersOf } from './raw-json.ts'
import { textsOf } from './resource-record.ts'
import { isInCalendar, toInstant, type Instant } from '../model/time.ts'
import { formatInstant, parseInstant, whyNoInstant } from './timestamps.ts'

const Timestamp = Type.String({ minLength: 1 })

type Details = Readonly<Record<string, string>>

/** Not Type.Record: it skips keys with a line break, and matches every other key against a regular expression. */
const DetailsSchema = Type.Unsafe<Details>(Type.Object({}, { additionalProperties: Type.String() }))

/** The fields of a captured job that the emulator reads. All others are stored and sent unchanged. */
const CapturedDocument = Type.Object({
  id: Type.String({ minLength: 1 }),
  uri: Type.Optional(Type.String()),
  createdAt: Timestamp,
  updatedAt: Type.Optional(Timestamp),
  completed_at: Type.Optional(Timestamp),
  overall_status: Type.String({ minLength: 1 }),
  detailed_status: Type.Optional(Type.Union([DetailsSchema, Type.Null()])),
  abort: Type.Optional(Type.Boolean()),
  cloud: Type.Optional(Type.String()),
  keys: Type.Optional(Type.Array(Type.String())),
  operation: Type.Optional(Type.String({ minLength: 1 })),
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
  const whole = checkDocument(document)
  const checked = 'issues' in whole ? checkDocument(withoutLists(document)) : whole
  if ('issues' in checked) return checked
  const { value } = checked
  const fields = document as Fields
  const row = family === undefined ? familyOf(value, fields) : FAMILIES.find(({ name }) => name === family)
  if ('issues' in whole && row?.detailsOf === undefined) return whole
  const createdAt = parseInstant(value.createdAt)
  const updatedAt = value.updatedAt === undefined ? createdAt : parseInstant(value.updatedAt)
  const completedAt = value.completed_at === undefined ? undefined : parseInstant(value.completed_at)
  const operation = value.operation ?? (row?.course && row.operations[0])
  const isCompletionWrong = value.completed_at !== undefined && completedAt === undefined
  const isWhole = createdAt !== undefined && updatedAt !== undefined && !isCompletionWrong
  if (row === undefined || operation === undefined || !isWhole)
    return {
      issues: [
        ...(row === undefined
          ? [{ pointer: '/uri', message: `does not identify a family; name one: ${familyNames()}` }]
          : []),
        ...(row !== undefined && operation === undefined ? [{ pointer: '/operation', message: 'is required' }] : []),
        ...(createdAt === undefined ? [notInstant('createdAt', value)] : []),
        ...(value.updatedAt !== undefined && updatedAt === undefined ? [notInstant('updatedAt', value)] : []),
        ...(isCompletionWrong ? [notInstant('completed_at', value)] : []),
      ],
    }
  const details = detailsOf(text, value.detailed_status ?? {})
  const results = details.filter(({ status }) => status !== row.course?.pending)
  return {
    job: {
      kind: 'captured',
      family: row.name,
      id: value.id,
      operation,
      cloud: value.cloud ?? row.cloud,
      text,
      createdAt,
      updatedAt,
      completedAt,
      status: value.overall_status,
      abort: value.abort ?? false,
      results,
      action: row.action(operation, fields),
      pending: value.overall_status === IN_PROGRESS ? pendingOf(row, fields, details) : [],
      selector: selectorOf(row, fields),
      scenario: undefined,
    },
  }
}

type Fields = Readonly<Record<string, unknown>>

/** By the kind in its uri, else by its cloud. Several families share a kind: their cloud, their container field and their texts tell them apart. */
function familyOf(document: Static<typeof CapturedDocument>, fields: Fields): Family | undefined {
  const { uri, cloud, detailed_status: details } = document
  if (uri === undefined) return FAMILIES.find((family) => family.cloud === cloud)
  const kind = uri.split(':', 4)[3]
  const ofKind = FAMILIES.filter(({ uriKind }) => uriKind === kind)
  if (ofKind.length < 2) return ofKind[0]
  const alike = ofKind.filter(
    ({ cloud: own, containerField = '' }) => (cloud ?? own) === own && (fields[containerField] ?? cloud) !== undefined,
  )
  const texts = new Set(Object.values(details ?? {}))
  return alike.find(({ course }) => course !== undefined && texts.has(course.done)) ?? alike[0]
}

function familyNames(): string {
  return FAMILIES.map(({ name }) => name).join(' or ')
}

function notInstant(field: 'createdAt' | 'updatedAt' | 'completed_at', value: Static<typeof CapturedDocument>): Issue {
  return { pointer: `/${field}`, message: whyNoInstant(value[field], '2024-02-06T09:22:54.517569Z') }
}

/** The results in the order in which the document has them, which an object does not keep for ids like "10". */
function detailsOf(text: string, details: Details): CapturedJob['results'] {
  const ids = Object.keys(details)
  // Numeric ids come first in an object, so the first id shows whether there are any. The fast path is for seeds of a
  // million jobs.
  if (ids[0] === undefined || !/^\d+$/.test(ids[0])) return ids.map((id) => ({ id, status: details[id] ?? '' }))
  const json = membersOf(text).findLast(([key]) => key === 'detailed_status')?.[1] ?? '{}'
  return membersOf(json).map(([id, status]) => ({ id, status: JSON.parse(status) as string }))
}

/** A document without the lists in its `detailed_status`, which are no results of items. */
function withoutLists(document: unknown): unknown {
  if (!isRecord(document) || !isRecord(document.detailed_status)) return document
  const texts = Object.entries(document.detailed_status).filter(([, value]) => !Array.isArray(value))
  return { ...document, detailed_status: Object.fromEntries(texts) }
}

/** The items that have no result: those that `detailed_status` has as pending, else those that other members name. */
function pendingOf(
  { course, itemsIn = keysIn }: Family,
  document: Fields,
  details: CapturedJob['results'],
): readonly string[] {
  const pending = details.filter(({ status }) => status === course?.pending).map(({ id }) => id)
  const known = new Set(details.map(({ id }) => id))
  return [...pending, ...itemsIn(document).filter((id) => !known.has(id))]
}

function keysIn({ keys }: Fields): readonly string[] {
  return textsOf(keys)
}

/** The containers that a captured job covers; `regions` are those of AWS. */
function selectorOf({ containerField }: Family, document: Fields): ItemSelector | undefined {
  if (containerField === undefined) return undefined
  const names = textsOf(document[containerField])
  const regions = document.regions === undefined ? undefined : textsOf(document.regions)
  return { kind: 'containers', names: document.synchronize_all === true ? undefined : names, regions }
}

/**
 * The same job with its `createdAt` at another instant, and all other instants of the document as much earlier or later.
 * Everything else stays as written. undefined if the job would leave the calendar.
 */
export function moveCapturedJob(job: CapturedJob, createdAt: Instant): CapturedJob | undefined {
  const moved = (instant: Instant): Instant => toInstant(instant - job.createdAt + createdAt)
  const updatedAt = moved(job.updatedAt)
  const completedAt = job.completedAt === undefined ? undefined : moved(job.completedAt)
  if (![createdAt, updatedAt, completedAt ?? createdAt].every(isInCalendar)) return undefined
  const text = mapStrings(job.text, (value) => {
    const instant = parseInstant(value)
    return instant === undefined ? undefined : formatInstant(moved(instant))
  })
  return { ...job, text, createdAt, updatedAt, completedAt }
}
