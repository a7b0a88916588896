import { expect, it } from 'vitest'
import { DEFAULT_SETTINGS } from '../../src/model/settings.ts'
import { SECOND, toInstant } from '../../src/model/time.ts'
import { readScenario } from '../../src/model/read-scenario.ts'
import { jobAt } from '../../src/simulator/job-at.ts'
import { planJob } from '../../src/simulator/plan-job.ts'
import { START } from '../laws/histories.ts'

// Found by law 2: results of a captured job counted from the start of its plan, so a read at an instant between its
// creation and its seeding showed none of them, instead of the captured document.
it('shows a job that was captured half-way with its captured results at any instant before its seeding', () => {
  const reading = readScenario({ after: '5s' }, 'plain', () => undefined)
  if ('issues' in reading) throw new Error('a plain scenario')
  const plan = planJob({
    scenario: reading.scenario,
    chosenBy: 'seed',
    settings: DEFAULT_SETTINGS,
    key: { seed: 1, content: 'captured', occurrence: 0 },
    items: ['pending'],
    done: [{ id: 'done', status: 'Success' }],
    createdAt: toInstant(START - 60 * SECOND),
    startedAt: START,
  })
  const view = jobAt(plan, [], toInstant(START - 30 * SECOND))
  expect(view.results).toEqual([{ id: 'done', status: 'Success' }])
  expect(view.isAsCaptured).toBe(true)
  expect(view.nextTransitionAt).toBe(START + 5 * SECOND)
})
