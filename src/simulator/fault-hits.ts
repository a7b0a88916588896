import type { Fault, FaultSource } from '../model/fault.ts'
import { expandBraces, matchesGlob, matchesOperation } from '../model/glob.ts'
import type { Issue } from '../model/issue.ts'
import { didYouMean } from '../model/nearest.ts'
import type { CallOperation } from '../model/operations.ts'
import { draw, drawKey } from './random.ts'

/** The properties of a call of the vendor's API that faults match. */
export interface FaultCall {
  readonly operation: string
  readonly method: string
  readonly path: string
  readonly job: string | undefined
}

/** The faults after a call, each matching one with its count increased, and the first that hits the call. */
interface Counted {
  readonly faults: readonly Fault[]
  readonly hit: Fault | undefined
}

/** Input for the decision, beside the fault and the call. */
interface FaultContext {
  readonly seed: number
  readonly operations: readonly CallOperation[]
}

/** Matches and counts a call. Returns the same array if no fault matches. */
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

/** True if a fault hits the call that it has just counted. */
function hits({ on = {}, do: action, times = Infinity, hits: before, seen: n }: Fault, seed: number): boolean {
  if (before >= times) return false
  if (on.nth !== undefined) return [on.nth].flat().includes(n)
  if (on.every !== undefined) return n % on.every === 0
  if (on.rate === undefined) return true
  return draw(drawKey(seed, JSON.stringify({ on, do: action }), n), 'fault') < on.rate
}

/** Rules that the schema does not express: ways of counting exclude each other, and a fault must be able to hit. */
export function refusalOf(
  { on = {}, do: action, times }: FaultSource,
  operations: readonly CallOperation[],
): Issue | undefined {
  const [first, second] = ['nth', 'every', 'rate'].filter((name) => name in on)
  if (second !== undefined) return { pointer: `/on/${second}`, message: `excludes ${String(first)}` }
  if (on.nth !== undefined && times !== undefined)
    return { pointer: '/times', message: 'excludes nth, which already selects the calls to hit' }
  const globs = expandBraces(on.operation ?? '*')
  if (globs === undefined) return { pointer: '/on/operation', message: 'has lists in braces for too many names' }
  const missed = globs.find((glob) => !operations.some(({ name }) => matchesGlob(glob, name)))
  if (missed !== undefined)
    return never('/on/operation', `no operation matches ${missed}${likelyName(missed, operations)}`)
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
  return { pointer, message: `can never match a call: ${why}` }
}

function likelyName(operation: string, operations: readonly CallOperation[]): string {
  const names = operations.map(({ name }) => name)
  return didYouMean(operation, names) || `: there are ${names.join(', ')}`
}

function listed(operations: readonly { readonly name: string }[]): string {
  return operations.map(({ name }) => name).join(', ')
}
