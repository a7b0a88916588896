import type { DomainHandle, FaultAnswer, JobRule, RequestFilter, RequestAnswer } from '../index.ts'
import type { Notes } from './handle.ts'
import type { Allowance, FailureKind } from './options.ts'
import { indented, requestLine, requestLines } from './text.ts'

interface Trial {
  readonly domain: DomainHandle
  readonly notes: Notes
  readonly failOn: ReadonlySet<FailureKind>
}

/** What a test has to answer for although all its assertions held: each a paragraph that says what to do. */
export async function verdictOf(trial: Trial): Promise<readonly string[]> {
  const kinds = [...trial.failOn].filter((kind) => !trial.notes.allowed.includes(kind))
  if (kinds.length === 0) return []
  const answers = await unorderedAnswers(trial, kinds)
  return kinds.includes('unused')
    ? [...answers, ...(await unusedRules(trial)), ...(await unusedFaults(trial))]
    : answers
}

const MEANING: Readonly<Record<Exclude<FailureKind, 'unused'>, string>> = {
  '5xx': 'answered with an error of the server that no fault had ordered',
  '501': 'asked for a part of the API that is not emulated (/docs/fidelity lists what is)',
  '4xx': 'refused, and no fault had ordered that',
}

async function unorderedAnswers({ domain, notes }: Trial, kinds: readonly FailureKind[]): Promise<string[]> {
  const requests = await domain.requests({ jobStatus: true })
  const allowed = await allowedRequests(domain, notes.allowed)
  const unordered = requests.filter((request) => request.fault === undefined && !allowed.has(keyOf(request)))
  const blamed = (['5xx', '501', '4xx'] as const)
    .filter((kind) => kinds.includes(kind))
    .map((kind) => ({ kind, found: unordered.filter(({ status }) => kindOf(status) === kind) }))
    .filter(({ found }) => found.length > 0)
    .map(({ kind, found }) => {
      const count = found.length === 1 ? 'A request was' : `${found.length} requests were`
      const hint = `if that is meant: cckm.allow('${kind}')`
      return `${count} ${MEANING[kind].replace(/^asked/, 'made that asked')}; ${hint}${listOf(found)}`
    })
  return blamed
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

async function unusedRules({ domain, notes }: Trial): Promise<string[]> {
  if (notes.rules.size === 0) return []
  const rules = (await domain.rules()).filter(({ id, left, times }) => notes.rules.has(id) && left === times)
  if (rules.length === 0) return []
  const creates = await domain.requests({ operation: '*.create', method: 'POST', jobStatus: true })
  const jobs = creates.filter(({ job }) => job !== undefined)
  const seen = jobs.length === 0 ? 'no job was created at all' : `created were:${listOf(jobs)}`
  return rules.map((rule) => `No job met the rule ${ruleText(rule)}, which was queued with cckm.nextJob(): ${seen}`)
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

/** The job rules of a domain that are still to be met, and its faults that never hit: a paragraph each. */
export async function idleOf(domain: DomainHandle): Promise<readonly string[]> {
  const queued = (await domain.rules()).filter(({ left }) => left > 0)
  const faults = (await domain.faults()).filter(isUnused)
  const idle = faults.map(async (fault) => `${faultText(fault)}${await nearestOf(domain, fault)}`)
  return [...queued.map(queuedText), ...(await Promise.all(idle))]
}

async function unusedFaults({ domain, notes }: Trial): Promise<string[]> {
  if (notes.faults.size === 0) return []
  const unused = (await domain.faults()).filter((fault) => notes.faults.has(fault.id) && isUnused(fault))
  return Promise.all(unused.map(async (fault) => `${faultText(fault)}${await nearestOf(domain, fault)}`))
}

/** One that hits by chance had its chance with any call that it saw. */
function isUnused({ hits, seen, on }: FaultAnswer): boolean {
  return hits === 0 && (on?.rate === undefined || seen === 0)
}

function faultText({ on, do: action, seen }: FaultAnswer): string {
  const calls = seen === 1 ? 'one call' : `${seen} calls`
  const which = on === undefined ? '' : ` on ${JSON.stringify(on)}`
  return `The fault ${JSON.stringify(action)}${which} never hit: ${calls} came that it is about`
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

/** The request that comes nearest to a filter, as a line; empty where there is none. */
export async function nearestText(domain: DomainHandle, filter: RequestFilter): Promise<string> {
  const { limit: _limit, ...rest } = filter
  const { nearest = null } = await domain.countRequests({ ...rest, expect: 1_000_000 })
  return nearest === null ? '' : `${indented([`nearest: ${requestLine(nearest.request)}`])}: ${nearest.text}`
}
