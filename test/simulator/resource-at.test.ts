// The life of a resource as a fold of its effects, with a kind of two words.

import { describe, expect, it } from 'vitest'
import type { Change, Effect, Resource } from '../../src/model/resource.ts'
import { toInstant } from '../../src/model/time.ts'
import { inOrder, lifeOf, refusalOf, resourceAt } from '../../src/simulator/resource-at.ts'

const behaviour = {
  apply: (record: Resource['record'], { name, values = {} }: Change) =>
    name === 'deleted' ? undefined : name === 'gone' ? { ...record, gone: true } : { ...record, last: name, ...values },
  refusal: (record: Resource['record'], { name }: Change) =>
    record.gone === true ? 'is gone' : name === 'recovered' ? 'is not deleted' : undefined,
  due: ({ gone, day }: Resource['record']) =>
    typeof day === 'number' && gone !== true ? { at: toInstant(day), change: { name: 'gone' } as const } : undefined,
}

const made: Resource = {
  ...{ id: 'r', kind: 'k', existsFrom: toInstant(10), record: { last: 'made' }, by: { seed: true } },
  ...{ isHidden: false, vanishes: false, isLossSilent: false, events: [] },
}

const effect = (at: number, name: Change['name'], values?: Change['values']): Effect => ({
  ...{ at: toInstant(at), by: { request: `at ${at}` } },
  change: values === undefined ? { name } : { name, values },
})
const stateAt = (at: number, effects: readonly Effect[], resource = made) =>
  resourceAt(resource, effects, behaviour, toInstant(at))
const item = (at: number, job: string) => ({ ...effect(at, 'enabled'), by: { job } })

describe('A resource', () => {
  it('is not there before it is made, and as it was made until something changes it', () => {
    const effects = [effect(5, 'enabled'), effect(20, 'disabled')]
    expect(stateAt(9, effects)).toBeUndefined()
    expect(stateAt(19, effects)?.record).toEqual({ last: 'made' })
    expect(stateAt(20, effects)?.record).toEqual({ last: 'disabled' })
  })

  it('is not changed by what its state refuses, nor after its end', () => {
    const life = lifeOf(made, [effect(20, 'recovered'), effect(30, 'deleted'), effect(40, 'enabled')], behaviour)
    expect(life.map(({ change }) => change?.name)).toEqual([undefined, 'deleted'])
    expect(life.at(-1)?.state).toBeUndefined()
  })

  it('is gone on its day, by whoever set it, before anything else at that instant', () => {
    const life = lifeOf(
      made,
      [effect(20, 'updated', { day: 50 }), effect(30, 'enabled'), effect(50, 'enabled')],
      behaviour,
    )
    expect(life.map(({ at, change, by, isDue }) => [at, change?.name, by, isDue]).slice(2)).toEqual([
      [30, 'enabled', { request: 'at 30' }, false],
      [50, 'gone', { request: 'at 20' }, true],
    ])
    const past = { ...made, record: { day: 1 } }
    expect(lifeOf(past, [], behaviour).map(({ at }) => at)).toEqual([10, 10])
  })

  it('that is lost silently says so only after a synchronization, and can no longer be changed', () => {
    const silent = { ...made, record: { day: 15 }, isLossSilent: true }
    const effects = [effect(20, 'enabled'), effect(30, 'synchronized')]
    expect(stateAt(20, effects, silent)).toEqual({ record: { day: 15 }, isHidden: false, isLost: true })
    expect(stateAt(30, effects, silent)?.record).toEqual({ day: 15, gone: true })
    const vanishing = { ...made, vanishes: true }
    expect(stateAt(20, effects, vanishing)?.record).toEqual({ last: 'made' })
    expect(stateAt(20, [effect(20, 'vanished')], vanishing)).toMatchObject({
      isLost: false,
      record: { last: 'vanished' },
    })
  })

  it('is seen by synchronizations: hidden ones appear, lost ones vanish, and gone ones stay as they are', () => {
    const seen = [item(20, 'a'), item(30, 'b')].map((each) => ({ ...each, change: { name: 'synchronized' as const } }))
    const kind = { ...behaviour, isGone: ({ last }: { readonly last?: unknown }) => last === 'vanished' }
    const changesOf = (resource: typeof made, options = {}) =>
      lifeOf(resource, seen, kind, options).map(({ change }) => change?.name)
    expect(changesOf(made)).toEqual([undefined, 'synchronized', 'synchronized'])
    expect(changesOf({ ...made, isHidden: true })).toEqual([undefined, 'appeared', 'synchronized'])
    expect(changesOf({ ...made, vanishes: true })).toEqual([undefined, 'vanished'])
    expect(changesOf({ ...made, isHidden: true, vanishes: true })).toEqual([undefined])
    expect(changesOf({ ...made, isHidden: true }, { skipSightings: true })).toEqual([undefined, 'appeared'])
  })

  it('that is hidden can only appear or be deleted', () => {
    const hidden = { ...made, isHidden: true }
    expect(stateAt(30, [effect(20, 'enabled')], hidden)).toMatchObject({ isHidden: true, record: { last: 'made' } })
    expect(stateAt(30, [effect(20, 'appeared'), effect(25, 'enabled')], hidden)).toMatchObject({
      ...{ isHidden: false, record: { last: 'enabled' } },
    })
    expect(refusalOf({ record: {}, isHidden: true, isLost: false }, { name: 'deleted' }, behaviour)).toBeUndefined()
  })

  it('takes items and calls of one instant in the order in which they happened', () => {
    const calls = [effect(10, 'disabled'), { ...effect(20, 'disabled'), after: ['a'] }, effect(20, 'updated')]
    const ordered = inOrder(calls, [item(20, 'a'), item(20, 'b'), item(30, 'c')])
    expect(ordered.map(({ by, change }) => ('job' in by ? by.job : change.name))).toEqual([
      ...['disabled', 'a', 'disabled', 'updated', 'b', 'c'],
    ])
  })
})

it('refuses what a lost resource refuses, also if its kind removes what is gone', () => {
  const lost = { record: { last: 'made' }, isHidden: false, isLost: true }
  expect(refusalOf(lost, { name: 'enabled' }, behaviour)).toBe('is gone')
  expect(refusalOf(lost, { name: 'recovered' }, { ...behaviour, apply: () => undefined })).toBe('is not deleted')
})
