import { matchesGlob } from './glob.ts'
import type { Issue } from './issue.ts'
import { FRACTION_TOLERANCE, type ItemRule } from './scenario.ts'

/** The first and the last position of a range, both included; negative ones count from the end. */
type Range = readonly [first: number, last: number]

const WHOLE: Range = [0, -1]

/** The range of an `index`: a position, or the first and the last one. */
export function rangeOf(index: NonNullable<ItemRule['index']>): Range {
  const [first = 0, last = first] = [index].flat()
  return [first, last]
}

/** What is wrong with the rules of a scenario; `timeIssues` finds what is wrong with the time of one. */
export function ruleIssues(
  rules: readonly ItemRule[],
  timeIssues: (rule: ItemRule, pointer: string) => readonly Issue[],
): Issue[] {
  return rules.flatMap((rule, index) => {
    const pointer = `/items/${index}`
    const found = issueOf(rule, rules.slice(0, index), pointer)
    return found === undefined ? timeIssues(rule, pointer) : [found]
  })
}

function issueOf(rule: ItemRule, before: readonly ItemRule[], pointer: string): Issue | undefined {
  return selectionIssue(rule, pointer) ?? hidingIssue(rule, before, pointer)
}

const MATCHES = ['id', 'index', 'every', 'fraction', 'count'] as const

function selectionIssue(rule: ItemRule, pointer: string): Issue | undefined {
  if (MATCHES.every((name) => rule[name] === undefined))
    return { pointer, message: 'does not say which items it applies to: id, index, every, fraction or count' }
  if (rule.count !== undefined && rule.fraction !== undefined)
    return { pointer: `${pointer}/count`, message: 'excludes fraction: a rule takes a number of items or a share' }
  const [first, last] = rule.index === undefined ? WHOLE : rangeOf(rule.index)
  if (first > last && isComparable(first, last))
    return { pointer: `${pointer}/index`, message: `ends at ${last}, before it begins at ${first}` }
  if (hasNoMultiple(rule)) return { pointer, message: neverEvery([first, last], rule.every ?? 0) }
  return undefined
}

function neverEvery([first, last]: Range, every: number): string {
  if (first === last) return `can never apply: the item at ${first} is not a ${every}-th one`
  return `can never apply: no item from ${first} to ${last} is a ${every}-th one`
}

function hidingIssue(rule: ItemRule, before: readonly ItemRule[], pointer: string): Issue | undefined {
  const hiding = before.findIndex((earlier) => hides(earlier, rule))
  if (hiding >= 0) return { pointer, message: `can never apply: rule ${hiding} takes each of its items first` }
  if (exceedsWhole([...before, rule]) && !exceedsWhole(before))
    return { pointer: `${pointer}/fraction`, message: fractionMessage([...before, rule]) }
  // A count takes its items before fractions do.
  if (rule.count !== undefined) return undefined
  const shares = before.filter((earlier) => earlier.fraction !== undefined && hides(withoutFraction(earlier), rule))
  if (isWhole(shares))
    return { pointer, message: 'can never apply: the fractions before it take each of its items first' }
  return undefined
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

/** True if both positions count from the same end of a job. */
function isComparable(a: number, b: number): boolean {
  return a < 0 === b < 0
}

/** True if its positions (from 0) have none of its every n-th items (from 1). */
function hasNoMultiple({ index, every }: ItemRule): boolean {
  if (index === undefined || every === undefined) return false
  const [first, last] = rangeOf(index)
  return first >= 0 && last >= 0 && Math.floor((last + 1) / every) === Math.floor(first / every)
}

/** True if the earlier rule matches every item of the later one (the first matching rule applies). */
function hides(earlier: ItemRule, later: ItemRule): boolean {
  if (earlier.count !== undefined) return false
  if (earlier.index !== undefined && !coversRange(rangeOf(earlier.index), later)) return false
  if (earlier.fraction !== undefined && (earlier.fraction < 1 || later.count !== undefined)) return false
  if (earlier.every !== undefined && !coversEvery(earlier.every, later)) return false
  return earlier.id === undefined || coversGlob(earlier.id, later.id ?? '*')
}

/** True if the range has every position of the later rule, however many items the job has. */
function coversRange([first, last]: Range, later: ItemRule): boolean {
  const [laterFirst, laterLast] = later.index === undefined ? WHOLE : rangeOf(later.index)
  const beginsBefore = first === 0 || (isComparable(first, laterFirst) && first <= laterFirst)
  const endsAfter = last === -1 || (isComparable(last, laterLast) && last >= laterLast)
  return beginsBefore && endsAfter
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
  if (later.index === undefined) return false
  const [first, last] = rangeOf(later.index)
  return first === last && first >= 0 && (first + 1) % every === 0
}
