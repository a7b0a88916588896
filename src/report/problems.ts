import type { FaultAnswer } from '../client/answers/domains.ts'
import type { RequestAnswer } from '../client/answers/requests.ts'
import type { FailureKind } from '../model/failure-kind.ts'
import type { RequestQuery } from '../model/journal.ts'
import type { JobRule } from '../model/rule.ts'
import type { Observation } from './observation.ts'
import { indented, requestLine, requestLines } from './text.ts'

/** A problem of a test whose assertions all passed, as a paragraph that says what to do. */
interface Problem {
  readonly rule: FailureKind
  readonly message: string
}

/** What fails a test. */
interface Judgement {
  readonly failOn: readonly FailureKind[]
  /** Kinds of failure, or the requests that match a query, that are intended. */
  readonly allow: readonly (FailureKind | RequestQuery)[]
  /** The rules and faults that have to be used; all if absent. */
  readonly rules?: readonly string[] | undefined
  readonly faults?: readonly string[] | undefined
}

/** The problems of a test, in the order of FAILURE_KINDS. */
export function problemsOf(observation: Observation, judgement: Judgement): readonly Problem[] {
  const { failOn, allow } = judgement
  return CHECKS.filter(([kind]) => failOn.includes(kind) && !allow.includes(kind)).flatMap(([rule, check]) =>
    check(observation, judgement).map((message) => ({ rule, message })),
  )
}

type Check = (observation: Observation, judgement: Judgement) => readonly string[]

const CHECKS: readonly (readonly [FailureKind, Check])[] = [
  ['5xx', badAnswers('5xx', (status) => status >= 500 && status !== 501)],
  ['501', badAnswers('501', (status) => status === 501)],
  ['4xx', badAnswers('4xx', (status) => status >= 400 && status < 500)],
  ['unused', (...test) => [...unusedRules(...test), ...unusedFaults(...test)]],
  ['open-jobs', openJobs],
  ['in-flight', inFlight],
]

type AnswerKind = '5xx' | '501' | '4xx'

const MEANING: Readonly<Record<AnswerKind, (count: string) => string>> = {
  '5xx': (count) => `${count} answered with a server error that no fault caused`,
  '501': (count) =>
    `${count} made that asked for a part of the API that is not emulated (/docs/fidelity lists what is)`,
  '4xx': (count) => `${count} refused, and no fault caused that`,
}

/** Answers with a status of a kind that no fault caused: one problem for all of them. */
function badAnswers(kind: AnswerKind, isOfKind: (status: number) => boolean): Check {
  return ({ requests, find }, { allow }) => {
    const queries = allow.filter((each) => typeof each !== 'string')
    const allowed = new Set(queries.flatMap((query) => find(query)).map(keyOf))
    const found = requests.filter(
      (request) => request.fault === undefined && isOfKind(request.status ?? 0) && !allowed.has(keyOf(request)),
    )
    if (found.length === 0) return []
    const count = found.length === 1 ? 'A request was' : `${found.length} requests were`
    return [`${MEANING[kind](count)}; if that is intended, allow '${kind}'${listOf(found)}`]
  }
}

function listOf(requests: readonly RequestAnswer[]): string {
  return indented(requestLines(requests).map(({ text }) => text))
}

function keyOf({ realAt, method, path, status }: RequestAnswer): string {
  return [realAt, method, path, status].join(' ')
}

function unusedRules({ rules, requests }: Observation, judgement: Judgement): string[] {
  const unused = rules.filter(({ id, left, times }) => left === times && judgement.rules?.includes(id) !== false)
  if (unused.length === 0) return []
  const created = createsOf(requests)
  const seen = created.length === 0 ? 'no job was created' : `created were:${listOf(created)}`
  return unused.map((rule) => `No job matched the rule ${ruleText(rule)}: ${seen}`)
}

/** The requests that created a job. */
function createsOf(requests: readonly RequestAnswer[]): readonly RequestAnswer[] {
  return requests.filter(({ operation, job }) => operation.endsWith('.create') && job !== undefined)
}

function ruleText({ when, scenario }: JobRule): string {
  const of = when === undefined ? '' : ` for ${JSON.stringify(when)}`
  return `${JSON.stringify(scenario)}${of}`
}

function unusedFaults(observation: Observation, judgement: Judgement): string[] {
  return observation.faults
    .filter((fault) => isUnused(fault) && judgement.faults?.includes(fault.id) !== false)
    .map((fault) => faultText(fault, observation))
}

function openJobs({ runningJobs, requests }: Observation): string[] {
  const ofClients = new Set(createsOf(requests).map(({ job }) => job))
  const created = runningJobs.filter(({ id }) => ofClients.has(id))
  if (created.length === 0) return []
  const count = created.length === 1 ? 'A job' : `${created.length} jobs`
  const lines = created.map(({ family, id, explanation }) => `${family} ${id}: ${explanation.status}`)
  return [`${count} of the client has not ended; if that is intended, allow 'open-jobs'${indented(lines)}`]
}

function inFlight({ inFlight: open }: Observation): string[] {
  if (open.length === 0) return []
  const count = open.length === 1 ? 'A request is' : `${open.length} requests are`
  return [`${count} not answered; if that is intended, allow 'in-flight'${indented(open.map(requestLine))}`]
}

/** The job rules of a domain that are still queued, and its faults that never hit: a paragraph each. */
export function idleOf(observation: Observation): readonly string[] {
  const queued = observation.rules.filter(({ left }) => left > 0)
  const faults = observation.faults.filter(isUnused)
  return [...queued.map(queuedText), ...faults.map((fault) => faultText(fault, observation))]
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

/** A fault with a rate counts as used once it has seen a call: it hits by chance. */
function isUnused({ hits, seen, on }: FaultAnswer): boolean {
  return hits === 0 && (on?.rate === undefined || seen === 0)
}

function faultText({ on, do: action, seen }: FaultAnswer, observation: Observation): string {
  const calls = seen === 1 ? 'one call' : `${seen} calls`
  const which = on === undefined ? '' : ` on ${JSON.stringify(on)}`
  const nearest = seen > 0 || on === undefined ? '' : nearestText(observation, queryOf(on))
  return `The fault ${JSON.stringify(action)}${which} never hit: ${calls} matched it${nearest}`
}

function queryOf({ operation, method, path, job }: NonNullable<FaultAnswer['on']>): RequestQuery {
  return { operation, method, path, job }
}

/** The request that is most similar to a query, as a line; empty if there is none. */
export function nearestText({ nearest }: Observation, query: RequestQuery): string {
  const found = nearest(query)
  return found === null ? '' : `${indented([`nearest: ${requestLine(found.request)}`])}: ${found.text}`
}
