// What jobs do to resources, from their plans.

import { expect, it } from 'vitest'
import type { PlannedEffect } from '../../src/model/plan.ts'
import { effectsOf, sightingsOf, targetsOf } from '../../src/simulator/item-effects.ts'
import { planOf } from './plans.ts'

const enable: PlannedEffect = { kind: 'aws.key', change: { name: 'enabled' } }
const apply: PlannedEffect = {
  ...{ kind: 'aws.key', change: { name: 'policy-applied' } },
  with: { kind: 'aws.template', resource: 't1', change: { name: 'updated' } },
}
const jobOf = (source: Parameters<typeof planOf>[0], effect?: PlannedEffect) => ({
  ...{ id: 'j1', plan: planOf(source, { effect }), events: [] },
})
const changesOf = (job: Parameters<typeof effectsOf>[0]) =>
  [...effectsOf(job)].map(([id, effects]) => [id, effects.map(({ effect }) => effect.change.name)])

it('gives a job without an effect no target and no change', () => {
  const job = jobOf({ after: '10s' })
  expect([targetsOf(job), changesOf(job)]).toEqual([[], []])
})

it('sees nothing of the inventory with a job that covers nothing', () => {
  expect([sightingsOf(jobOf({ after: '10s' })), sightingsOf(jobOf({ after: '10s' }, enable))]).toEqual([[], []])
})

it('changes the resource of each item that succeeds', () => {
  const job = jobOf({ after: '10s', items: [{ index: 0, status: 'Denied' }] }, enable)
  expect(targetsOf(job)).toEqual(['k1', 'k2'])
  expect(changesOf(job)).toEqual([['k2', ['enabled']]])
})

it('changes another resource with the first item that succeeds, and not if none does', () => {
  expect(changesOf(jobOf({ after: '10s' }, apply))).toEqual([
    ['k1', ['policy-applied']],
    ['k2', ['policy-applied']],
    ['t1', ['updated']],
  ])
  expect(changesOf(jobOf({ after: '10s', items: [{ every: 1, status: 'Denied' }] }, apply))).toEqual([])
})
