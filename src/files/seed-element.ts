import { toMicros } from '../model/time.ts'
import { DURATION_EXPECTED, parseDuration } from '../model/duration.ts'
import type { FamilyName } from '../model/family.ts'
import { readScenario } from '../model/read-scenario.ts'
import { ScenarioSchema, type ScenarioSource } from '../model/scenario.ts'
import type { SeedInstant, SeedJob } from '../model/seed.ts'
import { prefixIssues, type Issue } from '../model/issue.ts'
import { didYouMean } from '../model/nearest.ts'
import { pointerTo } from '../model/pointer.ts'
import { checkOf, unknownField } from '../model/validate.ts'
import { readCapturedJob } from '../wire/captured-job.ts'
import { FAMILIES } from '../wire/families/index.ts'
import { membersOf, minify } from '../wire/raw-json.ts'
import { parseInstant } from '../wire/timestamps.ts'

/** The scenarios that a seed may name. Without them, a scenario is only checked against its schema. */
export interface KnownScenarios {
  readonly source: (name: string) => ScenarioSource | undefined
  readonly names: () => readonly string[]
}

type ElementReading = { readonly job: SeedJob } | { readonly issues: readonly Issue[] }

type Fields = Readonly<Record<string, unknown>>

const CAPTURED_FIELDS = ['job', 'scenario', 'family', 'createdAt']
const REQUESTED_FIELDS = ['family', 'request', 'scenario', 'createdAt']
const FORMS = 'must have `job` (a document as CM sends it) or `request` (with `family`), or be such a document itself'

/** Input for reading an element, beside its value. */
interface ElementContext {
  /** The JSON text of the element, from which a captured document is taken. May have white space. */
  readonly json: string
  readonly known?: KnownScenarios | undefined
}

/** Reads one job of a seed. */
export function readSeedElement(element: unknown, context: ElementContext): ElementReading {
  if (!isFields(element)) return wrong('', 'must be an object')
  if ('job' in element) return readCaptured(element, context)
  if ('request' in element) return readRequested(element, context.known)
  if ('overall_status' in element || 'id' in element) return readBare(element, context)
  return {
    issues: [...unknownFields(element, [...CAPTURED_FIELDS, ...REQUESTED_FIELDS]), { pointer: '', message: FORMS }],
  }
}

function readBare(document: Fields, { json }: ElementContext): ElementReading {
  return readCapturedJob(compact(json), document)
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function readCaptured(element: Fields, { json, known }: ElementContext): ElementReading {
  const { job, scenario, family, createdAt } = element
  const movedTo = readCreatedAt(createdAt)
  const issues = [...unknownFields(element, CAPTURED_FIELDS), ...scenarioIssues(scenario, known)]
  if (family !== undefined && !isFamily(family)) issues.push(unknownFamily(family))
  if (movedTo === undefined) issues.push({ pointer: '/createdAt', message: CREATED_AT })
  if (!isFields(job)) issues.push({ pointer: '/job', message: 'must be an object, a document as CM sends it' })
  if (issues.length > 0 || !isFields(job)) return { issues }
  const reading = readCapturedJob(jobText(compact(json)), job, { family: isFamily(family) ? family : undefined })
  if ('issues' in reading) return { issues: prefixIssues('/job', reading.issues) }
  return {
    job: {
      ...reading.job,
      ...(scenario !== undefined && { scenario: scenario as string | ScenarioSource }),
      ...(createdAt !== undefined && { movedTo }),
    },
  }
}

function readRequested(element: Fields, known?: KnownScenarios): ElementReading {
  const { family, request, scenario, createdAt } = element
  const issues = [...unknownFields(element, REQUESTED_FIELDS), ...scenarioIssues(scenario, known)]
  if (!isFamily(family)) issues.push(unknownFamily(family))
  if (!isFields(request)) issues.push({ pointer: '/request', message: 'must be an object, the body of a create call' })
  const created = readCreatedAt(createdAt)
  if (created === undefined) issues.push({ pointer: '/createdAt', message: CREATED_AT })
  if (issues.length > 0 || !isFamily(family) || created === undefined) return { issues }
  const named = scenario as string | ScenarioSource | undefined
  return { job: { kind: 'requested', family, request, scenario: named, createdAt: created } }
}

const CREATED_AT = `must be an RFC 3339 instant, now, or now- and ${DURATION_EXPECTED}`

function readCreatedAt(value: unknown): SeedInstant | undefined {
  if (value === undefined || value === 'now') return { before: toMicros(0) }
  if (typeof value !== 'string') return undefined
  if (value.startsWith('now-')) {
    const before = parseDuration(value.slice('now-'.length))
    return before === undefined ? undefined : { before }
  }
  const at = parseInstant(value)
  return at === undefined ? undefined : { at }
}

const FAMILY_NAMES: readonly string[] = FAMILIES.map(({ name }) => name)
function unknownFamily(family: unknown): Issue {
  const suggestion = typeof family === 'string' ? didYouMean(family, FAMILY_NAMES) : ''
  return { pointer: '/family', message: `must be ${FAMILY_NAMES.join(' or ')}${suggestion}` }
}

function isFamily(value: unknown): value is FamilyName {
  return FAMILY_NAMES.some((name) => name === value)
}

function wrong(pointer: string, message: string): { issues: Issue[] } {
  return { issues: [{ pointer, message }] }
}

/** The fields of an object that are not among the known ones, as issues. */
export function unknownFields(value: Fields, choices: readonly string[]): Issue[] {
  const unknown = Object.keys(value).filter((key) => !choices.includes(key))
  return unknown.map((key) => {
    const message = NOT_BESIDE_JOB.get(key)
    return message === undefined ? unknownField('', { key, choices }) : { pointer: pointerTo(key), message }
  })
}

const NOT_BESIDE_JOB = new Map([['request', 'is not a field beside `job`: a job is captured or requested, not both']])

const checkSource = checkOf(ScenarioSchema)

function scenarioIssues(scenario: unknown, known?: KnownScenarios): Issue[] {
  if (scenario === undefined) return []
  if (typeof scenario === 'string') return nameIssues(scenario, known)
  if (!isFields(scenario)) return [{ pointer: '/scenario', message: 'must be the name of a scenario, or a scenario' }]
  const reading = known === undefined ? checkSource(scenario) : readScenario(scenario, 'inline', known.source, known)
  if (!('issues' in reading)) return []
  return prefixIssues('/scenario', reading.issues)
}

function nameIssues(name: string, known?: KnownScenarios): Issue[] {
  const isKnown = known === undefined ? name !== '' : known.source(name) !== undefined
  if (isKnown) return []
  const names = known?.names() ?? []
  return [{ pointer: '/scenario', message: `names no scenario: ${JSON.stringify(name)}${didYouMean(name, names)}` }]
}

/** JSON text without white space between its tokens. Text from machines mostly has none. */
function compact(json: string): string {
  return /\s/.test(json) ? minify(json) : json
}

/** The text of the member `job` in the minified text of its element. The last one counts, as for JSON.parse. */
function jobText(json: string): string {
  return membersOf(json).findLast(([key]) => key === 'job')?.[1] ?? ''
}
