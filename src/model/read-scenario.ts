import { DURATION_EXPECTED, parseDuration } from './duration.ts'
import { rangeOf, ruleIssues } from './item-rules.ts'
import {
  ScenarioSchema,
  type ItemRule,
  type ItemTime,
  type Scenario,
  type ScenarioItemRule,
  type ScenarioSource,
} from './scenario.ts'
import { didYouMean } from './nearest.ts'
import { IN_PROGRESS, COMPLETED, SUCCESS } from './job.ts'
import { LAST_INSTANT, toMicros, type Micros } from './time.ts'
import type { Issue } from './issue.ts'
import { checkOf } from './validate.ts'

/** A scenario, or all its issues. */
type ScenarioReading = { readonly scenario: Scenario } | { readonly issues: readonly Issue[] }

/** Finds a scenario source by name, so that `extends` can reach it. */
export type ScenarioLookup = (name: string) => ScenarioSource | undefined

const TRIGGERS = ['after', 'polls', 'signal', 'never'] as const
const MAX_CHAIN_LENGTH = 32

const checkSource = checkOf(ScenarioSchema)

/** What a lookup may know about its scenarios. */
interface KnownSources {
  /** The names that the lookup knows, to suggest one. */
  readonly names?: () => readonly string[]
  /** Whether a source is of a shipped scenario. */
  readonly isShipped?: (source: ScenarioSource) => boolean
}

/** Checks and normalizes a scenario of a file or a request. `name` is the default for a source without one. */
export function readScenario(
  source: unknown,
  name: string,
  lookup: ScenarioLookup,
  { names = () => [], isShipped = () => false }: KnownSources = {},
): ScenarioReading {
  const checked = checkSource(source)
  if ('issues' in checked) return checked
  const chain = sourcesOf(checked.value, { lookup, names })
  if ('issues' in chain) return chain
  const merged = chain.reduceRight((parent, each) => ({ ...withoutTriggersReplacedBy(each, parent), ...each }))
  const issues = [
    ...timeIssues(merged),
    ...triggerIssues(merged),
    ...phaseIssues(merged),
    ...pauseIssues(merged),
    ...ruleIssues(merged.items ?? [], (rule, pointer) => atIssues(merged, rule, pointer)),
  ]
  if (issues.length > 0) return { issues }
  const whoCancels = chain.find(({ cancel }) => cancel !== undefined)
  const isCancelOwn = whoCancels !== undefined && !isShipped(whoCancels)
  return { scenario: { ...normalize(merged, checked.value.name ?? name), ...(isCancelOwn && { isCancelOwn }) } }
}

/** A source and those that it extends, the nearest first. */
function sourcesOf(
  source: ScenarioSource,
  known: Required<Pick<KnownSources, 'names'>> & { readonly lookup: ScenarioLookup },
  depth = 0,
): readonly ScenarioSource[] | { issues: Issue[] } {
  if (source.extends === undefined) return [source]
  if (depth === MAX_CHAIN_LENGTH) return wrong('/extends', 'extends itself, directly or through others')
  const base = known.lookup(source.extends)
  if (base === undefined) {
    return wrong('/extends', `names no scenario: ${source.extends}${didYouMean(source.extends, known.names())}`)
  }
  const parents = sourcesOf(base, known, depth + 1)
  return 'issues' in parents ? parents : [source, ...parents]
}

/** The triggers are inherited as a whole: any trigger of a scenario replaces all those of the extended one. */
function withoutTriggersReplacedBy(source: ScenarioSource, parent: ScenarioSource): ScenarioSource {
  if (TRIGGERS.every((trigger) => source[trigger] === undefined)) return parent
  const { after: _after, polls: _polls, signal: _signal, never: _never, jitter: _jitter, ...rest } = parent
  return rest
}

function wrong(pointer: string, message: string): { issues: Issue[] } {
  return { issues: [{ pointer, message }] }
}

function timeIssues({ after, jitter, cancel, phases = [], pauses = [], items = [] }: ScenarioSource): Issue[] {
  const spans: [string, string][] = [...phases.entries()].map(([index, phase]) => [`/phases/${index}/for`, phase.for])
  for (const [index, pause] of pauses.entries()) spans.push([`/pauses/${index}/for`, pause.for])
  if (after !== undefined) spans.push(['/after', after])
  if (typeof cancel === 'object') spans.push(['/cancel/effective', cancel.effective])
  const times: [string, string][] = [...pauses.entries()].map(([index, { at }]) => [`/pauses/${index}/at`, at])
  if (jitter !== undefined) times.push(['/jitter', jitter])
  const moments = items.flatMap(({ at }, index): [string, string][] =>
    at === undefined ? [] : [[`/items/${index}/at`, at]],
  )
  return [...unreadable(spans, parseDuration), ...unreadable(times, readSpan), ...unreadable(moments, readTime)]
}

function unreadable(texts: readonly [pointer: string, text: string][], read: (text: string) => unknown): Issue[] {
  return texts.flatMap(([pointer, text]) =>
    read(text) === undefined ? [{ pointer, message: `${JSON.stringify(text)} is not ${DURATION_EXPECTED}` }] : [],
  )
}

function triggerIssues(source: ScenarioSource): Issue[] {
  const found: Issue[] = []
  const named = TRIGGERS.filter((trigger) => source[trigger] !== undefined)
  if (named.length === 0)
    found.push({ pointer: '', message: 'does not say how the job ends: after, polls, signal or never' })
  if (source.never === true && named.length > 1)
    found.push({
      pointer: '/never',
      message: `never ends, so ${named.filter((name) => name !== 'never').join(' and ')} can never apply`,
    })
  if (source.jitter !== undefined && source.after === undefined)
    found.push({ pointer: '/jitter', message: 'can never apply: there is no `after` to add it to' })
  if (longestDuration(source) > LAST_INSTANT)
    found.push({
      pointer: source.jitter === undefined ? '/pauses' : '/jitter',
      message: 'may end the job after the end of the calendar: no job lasts 285 years',
    })
  for (const [pointer, status] of statusesOf(source))
    if (status === IN_PROGRESS) found.push({ pointer, message: 'in_progress is how a job begins, not how it ends' })
  return found
}

function longestDuration({ after, jitter, pauses }: ScenarioSource): Micros {
  const shortest = optional(after, parseDuration) ?? 0
  const most = optional(jitter, readSpan) ?? { micros: 0 }
  return toMicros(shortest + ('share' in most ? shortest * most.share : most.micros) + totalOf(pauses))
}

function totalOf(spans: readonly { readonly for: string }[] = []): number {
  return spans.reduce((sum, span) => sum + microsOf(span.for), 0)
}

/** Phases end with the job at the latest, pauses included. */
function phaseIssues({ after, phases = [], pauses }: ScenarioSource): Issue[] {
  const duration = optional(after, parseDuration)
  if (duration === undefined) return []
  const late = phases.findIndex((_, index) => totalOf(phases.slice(0, index + 1)) > duration + totalOf(pauses))
  if (late < 0) return []
  return [{ pointer: `/phases/${late}/for`, message: `lasts until after the end of the job (${after ?? ''})` }]
}

function pauseIssues(source: ScenarioSource): Issue[] {
  return (source.pauses ?? []).flatMap((pause, index) => {
    const pointer = `/pauses/${index}`
    const late = atIssues(source, pause, pointer)
    if (late.length > 0 || !isAtEnd(pause, source)) return late
    return [{ pointer: `${pointer}/at`, message: 'is the end of the job, when nothing is left to pause' }]
  })
}

function isAtEnd({ at }: { readonly at: string }, { after }: ScenarioSource): boolean {
  const span = readSpan(at)
  if (after === undefined || span === undefined) return false
  return 'share' in span ? span.share === 1 : span.micros === microsOf(after)
}

function statusesOf(source: ScenarioSource): [string, string | undefined][] {
  const { signal } = source
  const signalled = typeof signal === 'object' ? Object.entries(signal) : []
  return [
    ['/overall_status', source.overall_status],
    ...signalled.map(([name, status]): [string, string] => [`/signal/${name}`, status]),
  ]
}

function atIssues(source: ScenarioSource, rule: Pick<ItemRule, 'at'>, pointer: string): Issue[] {
  const time = rule.at === undefined ? undefined : readTime(rule.at)
  if (time === undefined || time === 'never') return []
  const duration = source.after === undefined ? undefined : parseDuration(source.after)
  if ('share' in time) {
    if (duration === undefined)
      return [
        { pointer: `${pointer}/at`, message: 'is a share of a duration that this scenario does not have: no `after`' },
      ]
    return time.share > 1
      ? [{ pointer: `${pointer}/at`, message: 'comes after the end of the job: more than 100%' }]
      : []
  }
  if (duration !== undefined && time.micros > duration)
    return [{ pointer: `${pointer}/at`, message: `comes after the end of the job (${source.after ?? ''})` }]
  return []
}

function normalize(source: ScenarioSource, name: string): Scenario {
  return {
    name,
    description: source.description ?? '',
    after: optional(source.after, parseDuration),
    jitter: optional(source.jitter, readSpan),
    polls: source.polls,
    signals: readSignals(source),
    phases: (source.phases ?? []).map((phase) => ({ status: phase.status, for: microsOf(phase.for) })),
    pauses: (source.pauses ?? []).map((pause) => ({
      at: readSpan(pause.at) ?? { micros: toMicros(0) },
      for: microsOf(pause.for),
    })),
    items: (source.items ?? []).map(readRule),
    itemCount: source.itemCount,
    status: source.overall_status ?? COMPLETED,
    cancel: readCancel(source.cancel),
    results: source.results ?? 'progressive',
  }
}

function readSignals({ signal, overall_status }: ScenarioSource): Scenario['signals'] {
  if (signal === undefined) return []
  if (typeof signal === 'string') return [{ name: signal, status: overall_status ?? COMPLETED }]
  return Object.entries(signal).map(([name, status]) => ({ name, status }))
}

function readRule(rule: ItemRule): ScenarioItemRule {
  const { id, every, fraction, count, status = SUCCESS } = rule
  return { id, index: optional(rule.index, rangeOf), every, fraction, count, status, at: optional(rule.at, readTime) }
}

function readCancel(cancel: ScenarioSource['cancel']): Scenario['cancel'] {
  if (cancel === 'ignored' || cancel === 'rejected') return { kind: cancel }
  return { kind: 'effective', after: typeof cancel === 'object' ? microsOf(cancel.effective) : toMicros(0) }
}

/** A duration that is known to be one. */
function microsOf(text: string): Micros {
  return parseDuration(text) ?? toMicros(0)
}

function readTime(text: string): ItemTime | undefined {
  return text === 'never' ? 'never' : readSpan(text)
}

function readSpan(text: string): Exclude<ItemTime, 'never'> | undefined {
  if (text.endsWith('%')) return { share: Number(text.slice(0, -1)) / 100 }
  const micros = parseDuration(text)
  return micros === undefined ? undefined : { micros }
}

function optional<A, B>(value: A | undefined, read: (value: A) => B | undefined): B | undefined {
  return value === undefined ? undefined : read(value)
}
