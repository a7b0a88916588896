import type { DomainHandle, FaultAnswer, JobRule, RequestFilter, RequestAnswer } from '../index.ts'
import type { Notes } from './handle.ts'
import type { Allowance, FailureKind } from './options.ts'
import { indented, requestLine, requestLines } from './text.ts'

interface VerdictOptions {
  readonly domain: DomainHandle
  readonly notes: Notes
  readonly failOn: ReadonlySet<FailureKind>
}

/** The problems of a test whose assertions all passed: a paragraph for each, with what to do. */
export async function verdictOf(options: VerdictOptions): Promise<readonly string[]> {
  const kinds = [...options.failOn].filter((kind) => !options.notes.allowed.includes(kind))
  if (kinds.length === 0) return []
  const answers = await unorderedAnswers(options, kinds)
  return kinds.includes('unused')
    ? [...answers, ...(await unusedRules(options)), ...(await unusedFaults(options))]
    : answers
}

const MEANING: Readonly<Record<Exclude<FailureKind, 'unused'>, string>> = {
  '5xx': 'answered with a server error that no fault caused',
  '501': 'asked for a part of the API that is not emulated (/docs/fidelity lists what is)',
  '4xx': 'refused, and no fault caused that',
}

async function unorderedAnswers({ domain, notes }: VerdictOptions, kinds: readonly FailureKind[]): Promise<string[]> {
  const requests = await domain.requests({ jobStatus: true })
  const allowed = await allowedRequests(domain, notes.allowed)
  const unordered = requests.filter((request) => request.fault === undefined && !allowed.has(keyOf(request)))
  return (['5xx', '501', '4xx'] as const)
    .filter((kind) => kinds.includes(kind))
    .map((kind) => ({ kind, found: unordered.filter(({ status }) => kindOf(status) === kind) }))
    .filter(({ found }) => found.length > 0)
    .map(({ kind, found }) => {
      const count = found.length === 1 ? 'A request was' : `${found.length} requests were`
      const hint = `if that is intended: cckm.allow('${kind}')`
      return `${count} ${MEANING[kind].replace(/^asked/, 'made that asked')}; ${hint}${listOf(found)}`
    })
}

function listOf(requests: readonly RequestAnswer[]): string {
  return indented(requestLines(requests).map(({ text }) => text))
}

function kindOf(status: number | null): FailureKind | undefined {
  if (status === null || status < 400) return undefined
  if (status === 501) return '501'
  return status >= 500 ? '5xx' : '4xx'
}

async function allowedRequests(domain: DomainHandle, allowed: readonly Allowance[]): Promise<ReadonlySet<string>> {
  const filters = allowed.filter((each): each is RequestFilter => typeof each !== 'string')
  const found = await Promise.all(filters.map((filter) => domain.requests(filter)))
  return new Set(found.flat().map(keyOf))
}

function keyOf({ realAt, method, path, status }: RequestAnswer): string {
  return [realAt, method, path, status].join(' ')
}

async function unusedRules({ domain, notes }: VerdictOptions): Promise<string[]> {
  if (notes.rules.size === 0) return []
  const rules = (await domain.rules()).filter(({ id, left, times }) => notes.rules.has(id) && left === times)
  if (rules.length === 0) return []
  const creates = await domain.requests({ operation: '*.create', method: 'POST', jobStatus: true })
  const jobs = creates.filter(({ job }) => job !== undefined)
  const seen = jobs.length === 0 ? 'no job was created' : `created were:${listOf(jobs)}`
  return rules.map((rule) => `No job matched the rule ${ruleText(rule)} of cckm.nextJob(): ${seen}`)
}

function ruleText({ when, scenario }: JobRule): string {
  const of = when === undefined ? '' : ` for ${JSON.stringify(when)}`
  return `${JSON.stringify(scenario)}${of}`
}

/** `still queued: partial-failure for operation enablekey, items prod-*` */
function queuedText({ when = {}, scenario, left, times }: JobRule): string {
  const { family, operation, item: items } = when
  const of = Object.entries({ family, operation, items }).flatMap(([name, text]) =>
    text === undefined ? [] : [`${name} ${text}`],
  )
  const which = of.length === 0 ? '' : ` for ${of.join(', ')}`
  const count = times === 1 ? '' : ` (${left} of ${times})`
  return `still queued: ${typeof scenario === 'string' ? scenario : JSON.stringify(scenario)}${which}${count}`
}

/** The job rules of a domain that are still queued, and its faults that never hit: a paragraph each. */
export async function idleOf(domain: DomainHandle): Promise<readonly string[]> {
  const queued = (await domain.rules()).filter(({ left }) => left > 0)
  const faults = (await domain.faults()).filter(isUnused)
  const idle = faults.map(async (fault) => `${faultText(fault)}${await nearestOf(domain, fault)}`)
  return [...queued.map(queuedText), ...(await Promise.all(idle))]
}

async function unusedFaults({ domain, notes }: VerdictOptions): Promise<string[]> {
  if (notes.faults.size === 0) return []
  const unused = (await domain.faults()).filter((fault) => notes.faults.has(fault.id) && isUnused(fault))
  return Promise.all(unused.map(async (fault) => `${faultText(fault)}${await nearestOf(domain, fault)}`))
}

/** A fault with a rate counts as used once it has seen a call: it hits by chance. */
function isUnused({ hits, seen, on }: FaultAnswer): boolean {
  return hits === 0 && (on?.rate === undefined || seen === 0)
}

function faultText({ on, do: action, seen }: FaultAnswer): string {
  const calls = seen === 1 ? 'one call' : `${seen} calls`
  const which = on === undefined ? '' : ` on ${JSON.stringify(on)}`
  return `The fault ${JSON.stringify(action)}${which} never hit: ${calls} matched it`
}

async function nearestOf(domain: DomainHandle, { on, seen }: FaultAnswer): Promise<string> {
  if (seen > 0 || on === undefined) return ''
  const { operation, method, path, job } = on
  return nearestText(domain, {
    ...(operation !== undefined && { operation }),
    ...(method !== undefined && { method }),
    ...(path !== undefined && { path }),
    ...(job !== undefined && { job }),
  })
}

/** The request that is most similar to a filter, as a line; empty if there is none. */
export async function nearestText(domain: DomainHandle, filter: RequestFilter): Promise<string> {
  const { limit: _limit, ...rest } = filter
  const { nearest = null } = await domain.countRequests({ ...rest, expect: 1_000_000 })
  return nearest === null ? '' : `${indented([`nearest: ${requestLine(nearest.request)}`])}: ${nearest.text}`
}
