import { describe, expect, it } from 'vitest'
import type { Fault, FaultSource } from '../../src/model/fault.ts'
import { SECOND, toInstant } from '../../src/model/time.ts'
import { CALL_OPERATIONS } from '../../src/wire/operations.ts'
import { countCall, refusalOf, type FaultCall } from '../../src/simulator/fault-hits.ts'

const SEED = 42
const NOW = toInstant(100 * SECOND)
const RESPOND = { respond: { status: 503 } }
const CALL: FaultCall = { operation: 'azure.bulkjobs.get', method: 'GET', path: '/v1/cckm/azure/bulkjobs/a', job: 'a' }

const fault = (on: FaultSource['on'], more: Partial<Fault> = {}): Fault => ({
  id: 'f',
  do: RESPOND,
  seen: 0,
  hits: 0,
  ...(on !== undefined && { on }),
  ...more,
})

/** The matched ones of so many equal calls, counted from 1. */
function hitsOf(first: Fault, calls: number, seed = SEED): number[] {
  let faults: readonly Fault[] = [first]
  const hits: number[] = []
  for (let n = 1; n <= calls; n += 1) {
    const counted = countCall(faults, CALL, { seed, now: NOW, operations: CALL_OPERATIONS })
    faults = counted.faults
    if (counted.hit !== undefined) hits.push(n)
  }
  expect(faults[0]).toMatchObject({ seen: calls, hits: hits.length })
  return hits
}

describe('which calls a fault hits', () => {
  it.each<[string, FaultSource['on'], number | undefined, number[]]>([
    ['everything by default', undefined, undefined, [1, 2, 3, 4, 5, 6]],
    ['up to a maximum', {}, 2, [1, 2]],
    ['the n-th call', { nth: 3 }, undefined, [3]],
    ['some', { nth: [5, 2, 9] }, undefined, [2, 5]],
    ['some, up to a maximum', { nth: [2, 5] }, 1, [2]],
    ['every third', { every: 3 }, undefined, [3, 6]],
    ['every call', { every: 1 }, undefined, [1, 2, 3, 4, 5, 6]],
    ['all, by a rate of 1', { rate: 1 }, undefined, [1, 2, 3, 4, 5, 6]],
  ])('hits %s', (_what, on, times, expected) => {
    expect(hitsOf(fault(on, times === undefined ? {} : { times }), 6)).toEqual(expected)
  })

  it('hits the same share of calls by a rate for the same seed', () => {
    const hits = hitsOf(fault({ rate: 0.25 }), 2000)
    expect(hitsOf(fault({ rate: 0.25 }), 2000)).toEqual(hits)
    expect(hitsOf(fault({ rate: 0.25 }), 2000, 7)).not.toEqual(hits)
    expect(hits.length).toBeGreaterThan(400)
    expect(hits.length).toBeLessThan(600)
  })

  it('hits different calls by a rate for another action and the same seed', () => {
    const lost = fault({ rate: 0.25 }, { do: { lose: true } })
    expect(hitsOf(lost, 100)).not.toEqual(hitsOf(fault({ rate: 0.25 }), 100))
  })

  it('hits the same calls by a rate in every version, so that failing tests can be repeated', () => {
    expect(hitsOf(fault({ rate: 0.25 }), 40)).toEqual([12, 14, 26, 28, 29, 32, 36, 37, 39])
  })
})

describe('which calls a fault matches', () => {
  it.each<[string, FaultSource['on'], boolean]>([
    ['its operation', { operation: 'azure.bulkjobs.get' }, true],
    ['a glob of operations', { operation: '*.get' }, true],
    ['only its operation', { operation: 'azure.bulkjobs.list' }, false],
    ['its method, in any case', { method: 'get' }, true],
    ['only its method', { method: 'POST' }, false],
    ['its path', { path: '/v1/cckm/azure/*' }, true],
    ['only its path', { path: '/api/*' }, false],
    ['its job', { job: 'a' }, true],
    ['only its job', { job: 'b' }, false],
    ['only calls that fulfil all conditions', { operation: '*.get', method: 'GET', job: 'b' }, false],
  ])('matches %s', (_what, on, isAbout) => {
    const faults = [fault(on)]
    const counted = countCall(faults, CALL, { seed: SEED, now: NOW, operations: CALL_OPERATIONS })
    expect(counted.hit !== undefined).toBe(isAbout)
    // Without a match nothing is counted.
    expect(counted.faults === faults).toBe(!isAbout)
  })

  it('counts a call for each matching fault, and hits by the first one', () => {
    const [first, second, third] = [fault({ nth: 1 }), fault(undefined), fault({ job: 'b' })]
    const { faults, hit } = countCall([first, second, third], CALL, {
      seed: SEED,
      now: NOW,
      operations: CALL_OPERATIONS,
    })
    expect(faults).toEqual([{ ...first, seen: 1, hits: 1 }, { ...second, seen: 1 }, third])
    expect(hit).toBe(faults[0])
  })
})

describe('when a fault matches', () => {
  it.each<[string, FaultSource['on'], number, boolean]>([
    ['before it begins', { from: '3m', for: '2m' }, 179, false],
    ['from its beginning', { from: '3m', for: '2m' }, 180, true],
    ['until before its end', { from: '3m', for: '2m' }, 299, true],
    ['not at its end', { from: '3m', for: '2m' }, 300, false],
    ['for ever without a length', { from: '3m' }, 9_999_999, true],
    ['at once without a beginning', { for: '2m' }, 0, true],
    ['at once if its beginning is no duration', { from: 'soon' }, 0, true],
    ['up to its length without a beginning', { for: '2m' }, 120, false],
  ])('matches %s', (_what, on, seconds, isAbout) => {
    const set = fault(on, { setAt: NOW })
    const now = toInstant(NOW + seconds * SECOND)
    const { faults } = countCall([set], CALL, { seed: SEED, now, operations: CALL_OPERATIONS })
    expect(faults[0]?.seen).toBe(isAbout ? 1 : 0)
  })

  it('leaves out calls to which it cannot be done', () => {
    const seenBy = (action: FaultSource['do'], operation: string) =>
      countCall(
        [fault({}, { do: action })],
        { ...CALL, operation },
        { seed: SEED, now: NOW, operations: CALL_OPERATIONS },
      ).faults[0]?.seen
    const reads = [
      'aws.bulkjob.get',
      'azure.bulkjobs.list',
      'aws.keys.get',
      'azure.vaults.list',
      'azure.vaults.discover',
    ]
    expect(reads.map((name) => seenBy({ stale: '5s' }, name))).toEqual(reads.map(() => 1))
    const others = ['aws.bulkjob.create', 'azure.bulkjobs.cancel', 'aws.keys.enable', 'auth.tokens.list', 'unknown']
    expect(others.map((name) => seenBy({ stale: '5s' }, name))).toEqual(others.map(() => 0))
    expect(seenBy({ token: 'expire' }, 'unknown')).toBe(0)
  })
})

describe('actions that contradict each other', () => {
  it.each<[FaultSource['do'], string | undefined]>([
    [{ delay: '1s', virtualDelay: '1m', respond: RESPOND.respond }, undefined],
    [{ delay: '1s', stale: '5s', patch: { a: 1 }, socket: 'truncate' }, undefined],
    [{ socket: 'truncate', respond: RESPOND.respond }, undefined],
    [{ delay: '1s', token: 'expire' }, undefined],
    [{ delay: '1s', socket: 'reset' }, undefined],
    [{ delay: '1s', lose: true }, undefined],
    [{ respond: RESPOND.respond, lose: true }, '/do/lose'],
    [{ respond: RESPOND.respond, token: 'expire' }, '/do/token'],
    [{ respond: RESPOND.respond, socket: 'close' }, '/do/socket'],
    [{ lose: true, token: 'expire' }, '/do/token'],
    [{ patch: {}, respond: RESPOND.respond }, '/do/patch'],
    [{ stale: '1s', lose: true }, '/do/stale'],
    [{ patch: null, socket: 'garbage' }, '/do/patch'],
    [{ socket: 'truncate', lose: true }, '/do/socket'],
    [{ socket: 'truncate', token: 'revoke' }, '/do/socket'],
  ])('%j is refused at %s', (action, pointer) => {
    expect(refusalOf({ do: action }, CALL_OPERATIONS)?.pointer).toBe(pointer)
  })
})

describe('faults that can never match a call', () => {
  const GETS = 'azure.bulkjobs.get, aws.bulkjob.get'
  const CREATE = 'aws.bulkjob.create'
  const ALL = CALL_OPERATIONS.map(({ name }) => name).join(', ')
  it.each<[FaultSource['on'], FaultSource['do'], string | undefined, message?: string]>([
    [undefined, RESPOND, undefined],
    [{ operation: 'azure.*', method: 'get', path: '*/bulkjobs', nth: 2 }, RESPOND, undefined],
    [{ job: 'a', path: '?v1*' }, { token: 'expire' }, undefined],
    [{ nth: 1, rate: 0.5 }, RESPOND, '/on/rate', 'excludes nth'],
    [{ every: 1, rate: 0.5 }, RESPOND, '/on/rate', 'excludes every'],
    [{ nth: 1, every: 1 }, RESPOND, '/on/every', 'excludes nth'],
    [
      { operation: 'unknown' },
      RESPOND,
      '/on/operation',
      `can never match a call: no operation matches unknown: there are ${ALL}`,
    ],
    [{ operation: '*s.get', method: 'POST' }, RESPOND, undefined],
    [
      { operation: '*bulkjob*.get', method: 'DELETE' },
      RESPOND,
      '/on/method',
      `can never match a call: ${GETS} is never called by that method`,
    ],
    [{ method: 'BREW' }, RESPOND, '/on/method'],
    [{ path: 'v1/*' }, RESPOND, '/on/path', 'can never match a call: a path begins with /'],
    [{ job: 'a', operation: '*.create' }, RESPOND, '/on/job'],
    [
      { job: 'a', method: 'POST', operation: CREATE },
      RESPOND,
      '/on/job',
      `can never match a call: ${CREATE} names no job`,
    ],
    [{ from: '1s', for: '0s' }, RESPOND, '/on/for', 'can never match a call: it ends as it begins'],
    [{ operation: 'azure.bulkjobs.*', method: 'GET' }, { stale: '5s' }, undefined],
    [
      { operation: 'aws.bulkjob.create' },
      { stale: '5s' },
      '/do/stale',
      'can never match a call: aws.bulkjob.create reads neither jobs nor the inventory',
    ],
    [{ operation: 'auth.jwks' }, { token: 'revoke' }, '/do/token', 'can never match a call: auth.jwks needs no token'],
  ])('checks %j, %j: %s', (on, action, pointer, message) => {
    const refusal = refusalOf({ do: action, ...(on !== undefined && { on }) }, CALL_OPERATIONS)
    expect(refusal?.pointer).toBe(pointer)
    if (message !== undefined) expect(refusal?.message).toBe(message)
  })
})
