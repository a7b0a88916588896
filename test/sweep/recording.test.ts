import { describe, expect, it } from 'vitest'
import { differenceText, firstDifference, inOrder, type DomainRecording } from '../../src/sweep/recording.ts'
import type { RequestAnswer } from '../../src/index.ts'

const ID = '9ef4b5c9-7618-417d-b203-283745c56eec'
const OTHER = '281e55b1-af1a-4b2d-88cd-552924abbeeb'

const get = (id: string, status: number | null = 200): RequestAnswer => ({
  id: 'request-1',
  at: '2026-01-01T00:00:00Z',
  realAt: '2026-01-01T00:00:00Z',
  operation: 'azure.bulkjobs.get',
  method: 'GET',
  path: `/api/v1/cckm/azure/bulkjobs/${id}`,
  query: {},
  headers: {},
  body: null,
  status,
  durationMs: 1,
})
const run = (...requests: RequestAnswer[]): DomainRecording[] => [{ suffix: '', requests }]

describe('comparing two runs', () => {
  it('ignores ids that differ but name the same jobs', () => {
    expect(firstDifference(run(get(ID), get(OTHER), get(ID)), run(get(OTHER), get(ID), get(OTHER)))).toBeUndefined()
    expect(firstDifference(run(get(ID), get(OTHER)), run(get(ID), get(ID)))).toMatchObject({ index: 2 })
  })

  it.each([
    ['another status', run(get(ID), get(ID, 503)), 'request 2 was', '200 in the first run, and', '503 in the second'],
    ['no answer', run(get(ID), get(ID, null)), 'request 2 was', '-> 200', '-> no answer in the second'],
    ['another path', run(get(ID), get('x')), 'request 2 was', '{id 1}', '/x -> 200 in the second'],
    ['a missing request', run(get(ID)), 'request 2 was', '-> 200 in the first run', 'and not there in the second'],
    [
      'an additional request',
      run(get(ID), get(ID), get(ID)),
      'request 3 was not there in the first run',
      'and azure',
      'second',
    ],
  ])('reports %s', (_name, second, ...words) => {
    const difference = firstDifference(run(get(ID), get(ID)), second)!
    for (const word of words) expect(differenceText(difference)).toContain(word)
  })

  it('compares domain by domain', () => {
    const one = { suffix: '-a', requests: [get(ID)] }
    const other = { suffix: '-b', requests: [get(ID), get(ID)] }
    expect(firstDifference([one, other], [other, one])).toBeUndefined()
    expect(differenceText(firstDifference([one, other], [one])!)).toContain('request 1 of -b was')
  })

  it('orders domains, and omits those without requests', () => {
    const named = (suffix: string, ...requests: RequestAnswer[]) => ({ suffix, requests })
    const domains = inOrder([named('-b', get(ID)), named(''), named('-a', get(ID))])
    expect(domains.map(({ suffix }) => suffix)).toEqual(['-a', '-b'])
  })
})
