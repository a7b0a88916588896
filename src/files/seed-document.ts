import { DOMAIN_NAME, ROOT_DOMAIN } from '../model/domain.ts'
import type { Seed, SeedJob, SeedResource } from '../model/seed.ts'
import { prefixIssues, withHints, type Issue } from '../model/issue.ts'
import { membersOf, minify, toJson } from '../wire/raw-json.ts'
import { isResourceElement, readSeedResource } from './seed-resource.ts'
import { isFields, readSeedElement, unknownFields, type KnownScenarios } from './seed-element.ts'

/** A parsed seed document: its resources and jobs with their pointers. */
export interface ParsedSeed {
  readonly domain: string
  readonly resources: readonly LocatedResource[]
  readonly jobs: readonly LocatedJob[]
}

interface LocatedResource {
  readonly pointer: string
  readonly resource: SeedResource
}

interface LocatedJob {
  readonly pointer: string
  /** The pointer to its id, if it is a captured job. */
  readonly idPointer: string
  readonly job: SeedJob
}

type SeedReading = { readonly seed: ParsedSeed } | { readonly issues: readonly Issue[] }

/** Reads a seed document from the parsed body of a control API call. Yields after each job. */
export function* readSeedDocument(
  value: unknown,
  known?: KnownScenarios,
): Generator<void, { readonly seed: Seed } | { readonly issues: readonly Issue[] }> {
  const reading = yield* readElements(value, known, (form) => form.elements.map((element) => () => textOf(element)))
  if ('issues' in reading) return { issues: withHints(reading.issues, value) }
  const { domain, resources, jobs } = reading.seed
  return {
    seed: { domain, resources: resources.map(({ resource }) => resource), jobs: jobs.map(({ job }) => job) },
  }
}

/** Reads a seed document from its value and its JSON text, from which the text of captured jobs is taken. */
export function readSeed(value: unknown, json: string, known?: KnownScenarios): SeedReading {
  const text = minify(json)
  const bare = hasSchema(value) ? toJson(membersOf(text).filter(([key]) => key !== '$schema')) : text
  const reading = readElements(value, known, (form) => textsOf(bare, form).map((each) => () => each))
  for (;;) {
    const step = reading.next()
    if (step.done === true) return step.value
  }
}

/** `$schema` names the JSON Schema for editors. Any form of a seed may have it; it is not a field of a job. */
function hasSchema(value: unknown): value is Readonly<Record<string, unknown>> {
  return isFields(value) && '$schema' in value
}

/** The JSON text of a value; undefined if it is nested too deeply. */
function textOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value)
  } catch {
    return undefined
  }
}

function* readElements(
  value: unknown,
  known: KnownScenarios | undefined,
  textsIn: (form: Form) => readonly (() => string | undefined)[],
): Generator<void, SeedReading> {
  if (hasSchema(value)) {
    const { $schema, ...rest } = value
    if (typeof $schema === 'string') return yield* readElements(rest, known, textsIn)
    return { issues: [{ pointer: '/$schema', message: 'must be text' }] }
  }
  const form = formOf(value)
  if ('issues' in form) return form
  const texts = textsIn(form)
  const jobs: LocatedJob[] = []
  const issues: Issue[] = [...form.headIssues]
  const resources: LocatedResource[] = []
  for (const [index, element] of form.resources.entries()) {
    const pointer = `/resources/${index}`
    const reading = readSeedResource(element)
    if ('resource' in reading) resources.push({ pointer, resource: reading.resource })
    else issues.push(...prefixIssues(pointer, reading.issues))
    yield
  }
  for (const [index, element] of form.elements.entries()) {
    const pointer = form.pointerOf(index)
    const json = texts[index]?.()
    if (json === undefined) issues.push({ pointer, message: 'is nested too deeply to be a job' })
    else {
      const reading = readSeedElement(element, { json, known })
      if ('job' in reading) jobs.push({ pointer, idPointer: idPointerOf(element, pointer), job: reading.job })
      else issues.push(...prefixIssues(pointer, reading.issues))
    }
    yield
  }
  issues.push(...repeatedIds(identified(resources, jobs)))
  return issues.length > 0 ? { issues } : { seed: { domain: form.domain, resources, jobs } }
}

function idPointerOf(element: unknown, pointer: string): string {
  return isFields(element) && 'job' in element ? `${pointer}/job/id` : `${pointer}/id`
}

/** The form of a seed document, and where its jobs are. */
interface Form {
  readonly domain: string
  readonly resources: readonly unknown[]
  /** The jobs. */
  readonly elements: readonly unknown[]
  /** The member that holds the list of jobs; undefined if the document is the list or the only job. */
  readonly member: string | undefined
  readonly pointerOf: (index: number) => string
  /** Issues of the members beside the list. */
  readonly headIssues: readonly Issue[]
}

const DOCUMENT_FIELDS = ['domain', 'resources', 'jobs']

function formOf(value: unknown): Form | { readonly issues: readonly Issue[] } {
  if (Array.isArray(value)) return listForm(value, undefined)
  if (!isFields(value))
    return { issues: [{ pointer: '', message: 'must be an object with `jobs` or `resources`, or a list of jobs' }] }
  const { jobs = [], resources = [] } = value
  if (!Array.isArray(jobs)) return { issues: [{ pointer: '/jobs', message: 'must be a list of jobs' }] }
  if (!Array.isArray(resources)) return { issues: [{ pointer: '/resources', message: 'must be a list of resources' }] }
  if ('jobs' in value || resources.some(isResourceElement) || ('resources' in value && 'domain' in value))
    return { ...listForm(jobs, 'jobs'), ...headOf(value), resources }
  // A page of a list, as CM sends it.
  if ('resources' in value) return listForm(resources, 'resources')
  if (['job', 'request', 'overall_status', 'id'].some((key) => key in value))
    return {
      domain: ROOT_DOMAIN,
      resources: [],
      elements: [value],
      member: undefined,
      pointerOf: () => '',
      headIssues: [],
    }
  return {
    issues: [
      ...unknownFields(value, DOCUMENT_FIELDS),
      { pointer: '', message: 'must have `jobs`, a list of jobs, or `resources`' },
    ],
  }
}

function listForm(elements: readonly unknown[], member: 'jobs' | 'resources' | undefined): Form {
  const prefix = member === undefined ? '' : `/${member}`
  return {
    domain: ROOT_DOMAIN,
    resources: [],
    elements,
    member,
    pointerOf: (index) => `${prefix}/${index}`,
    headIssues: [],
  }
}

function headOf(value: Readonly<Record<string, unknown>>): Pick<Form, 'domain' | 'headIssues'> {
  const { domain = ROOT_DOMAIN } = value
  const headIssues = [...unknownFields(value, DOCUMENT_FIELDS), ...domainIssues(domain)]
  return { domain: String(domain), headIssues }
}

/** Checks the name or glob of the domains that get a seed. */
export function domainIssues(domain: unknown): Issue[] {
  if (typeof domain === 'string' && DOMAIN_NAME.test(domain.replaceAll(/[*?]/g, '-'))) return []
  return [{ pointer: '/domain', message: 'must be a name or a glob of 1 to 64 of A-Z a-z 0-9 . _ - * ?' }]
}

function textsOf(json: string, { member }: Form): string[] {
  if (member !== undefined) return elementsOf(membersOf(json).findLast(([key]) => key === member)?.[1] ?? '[]')
  return json.startsWith('[') ? elementsOf(json) : [json]
}

/** The elements of a minified JSON list, each as its own text. */
function elementsOf(json: string): string[] {
  const parts: string[] = []
  let depth = 0
  let start = 1
  for (const { 0: token, index } of json.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],]/g)) {
    if (token === '{' || token === '[') depth += 1
    else if (token === '}' || token === ']') depth -= 1
    if ((depth === 1 && token === ',') || (depth === 0 && index > start)) {
      parts.push(json.slice(start, index))
      start = index + 1
    }
  }
  return parts
}

interface Identified {
  readonly id: string
  /** Ids of jobs and those of resources do not exclude each other. */
  readonly of: 'job' | 'resource'
  readonly pointer: string
  readonly idPointer: string
}

/** What has an id of its own in a seed. */
function identified(resources: readonly LocatedResource[], jobs: readonly LocatedJob[]): Identified[] {
  return [
    ...resources.flatMap(({ pointer, resource: { record } }) =>
      typeof record.id === 'string'
        ? [{ id: record.id, of: 'resource' as const, pointer, idPointer: `${pointer}/record/id` }]
        : [],
    ),
    ...jobs.flatMap(({ pointer, idPointer, job }) =>
      job.kind === 'captured' ? [{ id: job.id, of: 'job' as const, pointer, idPointer }] : [],
    ),
  ]
}

function repeatedIds(all: readonly Identified[]): Issue[] {
  const seen = new Map<string, string>()
  return all.flatMap(({ id, of, pointer, idPointer }) => {
    const first = seen.get(`${of} ${id}`)
    if (first === undefined) seen.set(`${of} ${id}`, pointer)
    return first === undefined ? [] : [{ pointer: idPointer, message: `repeats the id of ${first}: ${id}` }]
  })
}
