import type { FaultAnswer } from '../client/answers/domains.ts'

/** A fault as a switch. */
export interface Preset {
  readonly name: string
  readonly text: string
  readonly fault: Pick<FaultAnswer, 'on' | 'times' | 'do'>
}

export const PRESETS: readonly Preset[] = [
  {
    name: 'Every third poll: 503',
    text: 'with Retry-After 2 s. Does the client wait and continue?',
    fault: { on: { operation: '*.get', every: 3 }, do: { respond: { status: 503, retryAfter: '2s' } } },
  },
  {
    name: 'Too many requests',
    text: 'every second call gets 429 with Retry-After 1 s.',
    fault: { on: { every: 2 }, do: { respond: { status: 429, retryAfter: '1s' } } },
  },
  {
    name: 'Slow answers',
    text: 'every response is delayed by two seconds.',
    fault: { on: {}, do: { delay: '2s' } },
  },
  {
    name: 'Broken connections',
    text: 'one call in five is reset without a response.',
    fault: { on: { rate: 0.2 }, do: { socket: 'reset' } },
  },
  {
    name: 'The response to the next create is lost',
    text: 'the job is created, but its response is lost. A client that retries creates two.',
    fault: { on: { operation: '*.create' }, times: 1, do: { lose: true } },
  },
  {
    name: 'A replica lags behind',
    text: 'every read is answered as of five seconds ago, so a new job is not found at first.',
    fault: { on: {}, do: { stale: '5s' } },
  },
  {
    name: 'The token expires',
    text: 'at the next poll. Does the client sign in again?',
    fault: { on: { operation: '*.get' }, times: 1, do: { token: 'expire' } },
  },
]

/** The fault of a preset if it is set. A fault that has hit `times` times counts as off. */
export function activeFault({ fault }: Preset, faults: readonly FaultAnswer[]): FaultAnswer | undefined {
  const wanted = canonical([fault.on ?? {}, fault.times, fault.do])
  return faults.find((each) => !isSpent(each) && canonical([each.on ?? {}, each.times, each.do]) === wanted)
}

export function isSpent({ times, hits }: FaultAnswer): boolean {
  return times !== undefined && hits >= times
}

/** A fault in a few words: the name of its preset, or its action and the calls that it matches. */
export function faultText(fault: FaultAnswer): string {
  const preset = PRESETS.find((each) => activeFault(each, [{ ...fault, hits: 0 }]) !== undefined)
  if (preset !== undefined) return preset.name
  return `${words(fault.do)} on ${fault.on === undefined || Object.keys(fault.on).length === 0 ? 'any call' : words(fault.on)}`
}

function words(value: object): string {
  return Object.entries(value)
    .map(([key, each]) => `${key} ${typeof each === 'object' ? JSON.stringify(each) : String(each)}`)
    .join(', ')
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) =>
    each !== null && typeof each === 'object' && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  )
}
