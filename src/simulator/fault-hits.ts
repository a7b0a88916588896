import { parseDuration } from '../model/duration.ts'
import type { Fault, FaultAction, FaultSource } from '../model/fault.ts'
import { expandBraces, matchesGlob, matchesOperation } from '../model/glob.ts'
import type { Issue } from '../model/issue.ts'
import { didYouMean } from '../model/nearest.ts'
import type { CallOperation } from '../model/operations.ts'
import { toInstant, type Instant } from '../model/time.ts'
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
  /** The instant of the call. */
  readonly now: Instant
  readonly operations: readonly CallOperation[]
}

/** Matches and counts a call. Returns the same array if no fault matches. */
export function countCall(faults: readonly Fault[], call: FaultCall, { seed, now, operations }: FaultContext): Counted {
  const operation = operations.find(({ name }) => name === call.operation) ?? { hasToken: false, readsState: false }
  const isAbout = (fault: Fault): boolean => concerns(fault, call) && isInSpan(fault, now) && canDo(fault.do, operation)
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

function isInSpan({ on = {}, setAt = toInstant(-Infinity) }: Fault, now: Instant): boolean {
  const from = setAt + microsOf(on.from ?? '0s')
  return now >= from && (on.for === undefined || now < from + microsOf(on.for))
}

/** The duration was checked when the fault was set. */
function microsOf(text: string): number {
  return parseDuration(text) ?? 0
}

/** True if the actions can be done to a call of the operation. */
function canDo(
  { token, stale }: FaultAction,
  { hasToken, readsState }: Pick<CallOperation, 'hasToken' | 'readsState'>,
): boolean {
  return (token === undefined || hasToken) && (stale === undefined || readsState)
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
  if (on.for !== undefined && microsOf(on.for) === 0) return never('/on/for', 'it ends as it begins')
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
  if (action.token !== undefined && !left.some(({ hasToken }) => hasToken))
    return never('/do/token', `${listed(left)} needs no token`)
  if (action.stale !== undefined && !left.some(({ readsState }) => readsState))
    return never('/do/stale', `${listed(left)} reads neither jobs nor the inventory`)
  return conflictOf(action)
}

/** What decides alone what the client gets; `truncate` only cuts it. */
const OUTCOMES = ['respond', 'lose', 'token', 'socket'] as const
/** What changes the answer that the call would have had. */
const CHANGES = ['stale', 'patch'] as const

/** Actions that contradict each other. */
function conflictOf(action: FaultAction): Issue | undefined {
  const { socket } = action
  const [first, second] = OUTCOMES.filter((name) => action[name] !== undefined && action[name] !== 'truncate')
  if (first === undefined) return undefined
  if (second !== undefined)
    return { pointer: `/do/${second}`, message: `excludes ${first}: each decides alone what the client gets` }
  const change = CHANGES.find((name) => action[name] !== undefined)
  if (change !== undefined)
    return { pointer: `/do/${change}`, message: `excludes ${first}, with which the client gets no answer to change` }
  if (socket === 'truncate' && first !== 'respond')
    return { pointer: '/do/socket', message: `truncate excludes ${first}, with which there is nothing to cut` }
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
