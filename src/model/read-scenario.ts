import { DURATION_EXPECTED, parseDuration } from './duration.ts'
import { matchesGlob } from './glob.ts'
import {
  FRACTION_TOLERANCE,
  ScenarioSchema,
  type ItemMatch,
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

/** Checks and normalizes a scenario of a file or a request. `name` is the default for a source without one. */
export function readScenario(
  source: unknown,
  name: string,
  lookup: ScenarioLookup,
  /** The names that `lookup` knows, to suggest one. */
  names: () => readonly string[] = () => [],
): ScenarioReading {
  const checked = checkSource(source)
  if ('issues' in checked) return checked
  const merged = inherit(checked.value, { lookup, names })
  if ('issues' in merged) return merged
  const issues = [...timeIssues(merged), ...triggerIssues(merged), ...ruleIssues(merged)]
  if (issues.length > 0) return { issues }
  return { scenario: normalize(merged, checked.value.name ?? name) }
}

function inherit(
  source: ScenarioSource,
  known: { readonly lookup: ScenarioLookup; readonly names: () => readonly string[] },
  depth = 0,
): ScenarioSource | { issues: Issue[] } {
  if (source.extends === undefined) return source
  if (depth === MAX_CHAIN_LENGTH) return wrong('/extends', 'extends itself, directly or through others')
  const base = known.lookup(source.extends)
  if (base === undefined) {
    return wrong('/extends', `names no scenario: ${source.extends}${didYouMean(source.extends, known.names())}`)
  }
  const parent = inherit(base, known, depth + 1)
  if ('issues' in parent) return parent
  return { ...withoutTriggersReplacedBy(source, parent), ...source }
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

function timeIssues(source: ScenarioSource): Issue[] {
  const texts: [string, string | undefined][] = [
    ['/after', source.after],
    ['/jitter', source.jitter],
    ['/cancel/effective', typeof source.cancel === 'object' ? source.cancel.effective : undefined],
    ...(source.items ?? []).map((rule, index): [string, string | undefined] => [`/items/${index}/at`, rule.at]),
  ]
  return texts
    .filter(([, text]) => text !== undefined && readTime(text) === undefined)
    .map(([pointer, text]) => ({ pointer, message: `${JSON.stringify(text)} is not ${DURATION_EXPECTED}` }))
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
    found.push({ pointer: '/jitter', message: 'may end the job after the end of the calendar: no job lasts 285 years' })
  for (const [pointer, status] of statusesOf(source))
    if (status === IN_PROGRESS) found.push({ pointer, message: 'in_progress is how a job begins, not how it ends' })
  return found
}

function longestDuration({ after, jitter }: ScenarioSource): Micros {
  const shortest = optional(after, parseDuration) ?? 0
  const most = optional(jitter, readSpan) ?? { micros: 0 }
  return toMicros(shortest + ('share' in most ? shortest * most.share : most.micros))
}

function statusesOf(source: ScenarioSource): [string, string | undefined][] {
  const { signal } = source
  const signalled = typeof signal === 'object' ? Object.entries(signal) : []
  return [
    ['/overall_status', source.overall_status],
    ...signalled.map(([name, status]): [string, string] => [`/signal/${name}`, status]),
  ]
}

function ruleIssues(source: ScenarioSource): Issue[] {
  const rules = source.items ?? []
  return rules.flatMap((rule, index) => {
    const pointer = `/items/${index}`
    const before = rules.slice(0, index)
    const hiding = before.findIndex((earlier) => hides(earlier, rule))
    if (!matchesSomething(rule))
      return [{ pointer, message: 'does not say which items it applies to: id, index, every or fraction' }]
    if (contradictsItself(rule))
      return [
        { pointer, message: `can never apply: the item at ${rule.index ?? 0} is not a ${rule.every ?? 0}-th one` },
      ]
    if (hiding >= 0) return [{ pointer, message: `can never apply: rule ${hiding} takes each of its items first` }]
    if (exceedsWhole([...before, rule]) && !exceedsWhole(before))
      return [{ pointer: `${pointer}/fraction`, message: fractionMessage([...before, rule]) }]
    if (isWhole(before.filter((earlier) => earlier.fraction !== undefined && hides(withoutFraction(earlier), rule))))
      return [{ pointer, message: 'can never apply: the fractions before it take each of its items first' }]
    return atIssues(source, rule, pointer)
  })
}

function fractionMessage(rules: readonly ItemRule[]): string {
  const sum = Number(fractionsOf(rules).toFixed(9))
  return `makes the fractions of the rules add up to ${sum}: they are shares of all items, so 1 at the most`
}

function exceedsWhole(rules: readonly ItemRule[]): boolean {
  return fractionsOf(rules) > 1 + FRACTION_TOLERANCE
}

function fractionsOf(rules: readonly ItemRule[]): number {
  return rules.reduce((sum, { fraction = 0 }) => sum + fraction, 0)
}

function isWhole(rules: readonly ItemRule[]): boolean {
  return fractionsOf(rules) >= 1 - FRACTION_TOLERANCE
}

function withoutFraction({ fraction: _fraction, ...rule }: ItemRule): ItemRule {
  return rule
}

function matchesSomething(rule: ItemRule): boolean {
  return rule.id !== undefined || rule.index !== undefined || rule.every !== undefined || rule.fraction !== undefined
}

/** True if the item at its index (from 0) is not one of its every n-th (from 1). */
function contradictsItself({ index, every }: ItemRule): boolean {
  return index !== undefined && index >= 0 && every !== undefined && (index + 1) % every !== 0
}

/** True if the earlier rule matches every item of the later one (the first matching rule applies). */
function hides(earlier: ItemRule, later: ItemRule): boolean {
  if (earlier.index !== undefined && earlier.index !== later.index) return false
  if (earlier.fraction !== undefined && earlier.fraction < 1) return false
  if (earlier.every !== undefined && !coversEvery(earlier.every, later)) return false
  return earlier.id === undefined || coversGlob(earlier.id, later.id ?? '*')
}

/** Each glob is compared with all before it, and clients send globs in headers: longer ones are only compared for equality. */
const MAX_COMPARED_GLOB = 64

/** True if every text that matches the other glob is known to match this one. */
function coversGlob(glob: string, other: string): boolean {
  if (glob === other) return true
  const isSure = !(glob.includes('?') && other.includes('*'))
  return isSure && Math.max(glob.length, other.length) <= MAX_COMPARED_GLOB && matchesGlob(glob, other)
}

function coversEvery(every: number, later: ItemRule): boolean {
  if (every === 1) return true
  if (later.every !== undefined) return later.every % every === 0
  return later.index !== undefined && later.index >= 0 && (later.index + 1) % every === 0
}

function atIssues(source: ScenarioSource, rule: ItemRule, pointer: string): Issue[] {
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
  const match: ItemMatch = { id: rule.id, index: rule.index, every: rule.every, fraction: rule.fraction }
  return { ...match, status: rule.status ?? SUCCESS, at: optional(rule.at, readTime) }
}

function readCancel(cancel: ScenarioSource['cancel']): Scenario['cancel'] {
  if (cancel === 'ignored' || cancel === 'rejected') return { kind: cancel }
  return { kind: 'effective', after: toMicros(typeof cancel === 'object' ? (parseDuration(cancel.effective) ?? 0) : 0) }
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
