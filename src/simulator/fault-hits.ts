import type { Fault, FaultSource } from '../model/fault.ts'
import { expandBraces, matchesGlob, matchesOperation } from '../model/glob.ts'
import type { Issue } from '../model/issue.ts'
import { didYouMean } from '../model/nearest.ts'
import type { CallOperation } from '../model/operations.ts'
import { draw, drawKey } from './random.ts'

/** A call of the vendor's API, as far as faults look at it. */
export interface FaultCall {
  readonly operation: string
  readonly method: string
  readonly path: string
  readonly job: string | undefined
}

/** The faults after a call, and the first of them that hits it. Every fault that is about the call has counted it. */
interface Counted {
  readonly faults: readonly Fault[]
  readonly hit: Fault | undefined
}

/** What decides whether a fault hits, beside the fault and the call. */
interface FaultContext {
  readonly seed: number
  readonly operations: readonly CallOperation[]
}

/** Matches and counts a call. The faults are the very same array where none is about it. */
export function countCall(faults: readonly Fault[], call: FaultCall, { seed, operations }: FaultContext): Counted {
  const hasToken = operations.some((each) => each.name === call.operation && each.hasToken)
  const isAbout = (fault: Fault): boolean => concerns(fault, call) && (hasToken || !('token' in fault.do))
  if (!faults.some(isAbout)) return { faults, hit: undefined }
  let hit: Fault | undefined
  const counted = faults.map((fault) => {
    if (!isAbout(fault)) return fault
    const seen = { ...fault, seen: fault.seen + 1 }
    if (hit !== undefined || !hits(seen, seed)) return seen
    hit = { ...seen, hits: seen.hits + 1 }
    return hit
  })
  return { faults: counted, hit }
}

function concerns({ on = {} }: Fault, call: FaultCall): boolean {
  if (on.operation !== undefined && !matchesOperation(on.operation, call.operation)) return false
  if (on.method !== undefined && on.method.toUpperCase() !== call.method) return false
  if (on.path !== undefined && !matchesGlob(on.path, call.path)) return false
  return on.job === undefined || on.job === call.job
}

/** Whether a fault hits the call that it has just counted. */
function hits({ on = {}, do: action, times = Infinity, hits: before, seen: n }: Fault, seed: number): boolean {
  if (before >= times) return false
  if (on.nth !== undefined) return [on.nth].flat().includes(n)
  if (on.every !== undefined) return n % on.every === 0
  if (on.rate === undefined) return true
  return draw(drawKey(seed, JSON.stringify({ on, do: action }), n), 'fault') < on.rate
}

/** What the schema cannot say: ways of counting that exclude each other, and faults that can never hit. */
export function refusalOf(
  { on = {}, do: action, times }: FaultSource,
  operations: readonly CallOperation[],
): Issue | undefined {
  const [first, second] = ['nth', 'every', 'rate'].filter((name) => name in on)
  if (second !== undefined) return { pointer: `/on/${second}`, message: `excludes ${String(first)}` }
  if (on.nth !== undefined && times !== undefined)
    return { pointer: '/times', message: 'cannot stand with nth, which says already which calls are hit' }
  const globs = expandBraces(on.operation ?? '*')
  if (globs === undefined) return { pointer: '/on/operation', message: 'has lists in braces for too many names' }
  const missed = globs.find((glob) => !operations.some(({ name }) => matchesGlob(glob, name)))
  if (missed !== undefined)
    return never(
      '/on/operation',
      `no call is named ${missed === on.operation ? 'so' : missed}${likelyName(missed, operations)}`,
    )
  const named = operations.filter(({ name }) => globs.some((glob) => matchesGlob(glob, name)))
  const { method } = on
  const left = named.filter(({ methods }) => method === undefined || methods.includes(method.toUpperCase()))
  if (left.length === 0) return never('/on/method', `${listed(named)} is never called by that method`)
  if (on.path !== undefined && !/^[/*?]/.test(on.path)) return never('/on/path', 'a path begins with /')
  if (on.job !== undefined && !left.some(({ namesJob }) => namesJob))
    return never('/on/job', `${listed(left)} names no job`)
  if ('token' in action && !left.some(({ hasToken }) => hasToken))
    return never('/do/token', `${listed(left)} needs no token`)
  return undefined
}

function never(pointer: string, why: string): Issue {
  return { pointer, message: `can never hit: ${why}` }
}

function likelyName(operation: string, operations: readonly CallOperation[]): string {
  const names = operations.map(({ name }) => name)
  return didYouMean(operation, names) || `: there are ${names.join(', ')}`
}

function listed(operations: readonly { readonly name: string }[]): string {
  return operations.map(({ name }) => name).join(', ')
}
