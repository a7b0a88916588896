import { describe, expect, it } from 'vitest'
import type { Fault, FaultSource } from '../../src/model/fault.ts'
import { CALL_OPERATIONS } from '../../src/wire/operations.ts'
import { countCall, refusalOf, type FaultCall } from '../../src/simulator/fault-hits.ts'

const SEED = 42
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
    const counted = countCall(faults, CALL, { seed, operations: CALL_OPERATIONS })
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
    const counted = countCall(faults, CALL, { seed: SEED, operations: CALL_OPERATIONS })
    expect(counted.hit !== undefined).toBe(isAbout)
    // Without a match nothing is counted.
    expect(counted.faults === faults).toBe(!isAbout)
  })

  it('counts a call for each matching fault, and hits by the first one', () => {
    const [first, second, third] = [fault({ nth: 1 }), fault(undefined), fault({ job: 'b' })]
    const { faults, hit } = countCall([first, second, third], CALL, { seed: SEED, operations: CALL_OPERATIONS })
    expect(faults).toEqual([{ ...first, seen: 1, hits: 1 }, { ...second, seen: 1 }, third])
    expect(hit).toBe(faults[0])
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
    [{ operation: 'auth.jwks' }, { token: 'revoke' }, '/do/token', 'can never match a call: auth.jwks needs no token'],
  ])('checks %j, %j: %s', (on, action, pointer, message) => {
    const refusal = refusalOf({ do: action, ...(on !== undefined && { on }) }, CALL_OPERATIONS)
    expect(refusal?.pointer).toBe(pointer)
    if (message !== undefined) expect(refusal?.message).toBe(message)
  })
})
