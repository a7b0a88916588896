// A job as text: created by a client, captured, and captured with later events.

import { describe, expect, it } from 'vitest'
import { ROOT_DOMAIN_ID } from '../../src/model/domain.ts'
import type { Job, JobView } from '../../src/model/job.ts'
import type { FinishedPlan } from '../../src/model/plan.ts'
import { DEFAULT_SETTINGS } from '../../src/model/settings.ts'
import { SECOND, toInstant } from '../../src/model/time.ts'
import { renderJob } from '../../src/wire/job.ts'
import { START } from '../laws/histories.ts'
import { planOf } from '../simulator/plans.ts'

const ROOT = { domainId: ROOT_DOMAIN_ID, settings: DEFAULT_SETTINGS }

const made: Job = {
  ...{ id: 'j', family: 'aws.bulkjob', operation: 'enablekey', cloud: 'aws', existsFrom: START },
  ...{ document: undefined, echoes: { keys: '["k1","k2"]' }, plan: planOf({ after: '5s' }), events: [] },
}

const running: JobView = {
  ...{ status: 'in_progress', isFinal: false, results: [], createdAt: START, updatedAt: START },
  ...{ completedAt: undefined, abort: false, isDeleted: false, nextTransitionAt: undefined, isAsCaptured: true },
}

const ended: JobView = {
  ...running,
  ...{
    status: 'completed',
    isFinal: true,
    updatedAt: toInstant(START + 2 * SECOND),
    completedAt: toInstant(START + 1.5 * SECOND),
  },
  results: [
    { id: 'b', status: 'Success' },
    { id: '10', status: 'Error: "locked"' },
  ],
  ...{ abort: true, isAsCaptured: false },
}

const BEGIN = '{"id":"j","uri":"kylo:kylo:cckm:bulkjob:j","account":"kylo:kylo:admin:accounts:kylo"'
const END = '"cloud":"aws","keys":["k1","k2"],"operation":"enablekey"}'
const TIMES = '"createdAt":"2024-02-06T09:22:54Z","updatedAt":"2024-02-06T09:22:5'

describe('a job that a client created', () => {
  it('has the fields in the documented order, at its start and its end', () => {
    expect(renderJob(made, running, ROOT)).toBe(
      `${BEGIN},${TIMES}4Z","overall_status":"in_progress","detailed_status":{},"abort":false,${END}`,
    )
    expect(renderJob(made, ended, ROOT)).toBe(
      `${BEGIN},${TIMES}6Z","completed_at":"2024-02-06T09:22:55.5Z","overall_status":"completed",` +
        `"detailed_status":{"b":"Success","10":"Error: \\"locked\\""},"abort":true,${END}`,
    )
  })

  it('names its domain', () => {
    const text = renderJob({ ...made, family: 'azure.bulkjobs' }, running, { ...ROOT, domainId: '1-2' })
    expect(text).toMatch(
      /^{"id":"j","uri":"kylo:kylo-1-2:cckm:azure-bulkjob:j","account":"kylo:kylo-1-2:admin:accounts:kylo-1-2",/,
    )
  })

  it('omits empty details if so configured', () => {
    const absent = { ...ROOT, settings: { initialDetails: 'absent' } } as const
    expect(renderJob(made, running, absent)).not.toContain('detailed_status')
    const [result] = ended.results
    expect(renderJob(made, { ...running, results: [result!] }, absent)).toContain('"detailed_status":{"b":"Success"}')
    expect(renderJob(made, { ...ended, results: [] }, absent)).toContain('"detailed_status":{}')
  })
})

describe('a captured job', () => {
  const captured = (document: string): Job => ({ ...made, document })

  it('is sent unchanged without events', () => {
    expect(renderJob(captured('{"id":"j", "x": 1.50}'), running, ROOT)).toBe('{"id":"j", "x": 1.50}')
  })

  it('has changed values in their places, and all others unchanged', () => {
    const document =
      '{"extra":1.50,"abort":false,"updatedAt":"x","detailed_status":null,"completed_at":null,"overall_status":"in_progress","10":{},"9":[]}'
    expect(renderJob(captured(document), ended, ROOT)).toBe(
      '{"extra":1.50,"abort":true,"updatedAt":"2024-02-06T09:22:56Z","detailed_status":{"b":"Success","10":"Error: \\"locked\\""},' +
        '"completed_at":"2024-02-06T09:22:55.5Z","overall_status":"completed","10":{},"9":[]}',
    )
  })

  it("has new fields next to its status, like the vendor's", () => {
    const document = '{"id":"j","createdAt":"x","overall_status":"in_progress","cloud":"aws","operation":"enablekey"}'
    expect(renderJob(captured(document), ended, ROOT)).toBe(
      '{"id":"j","createdAt":"x","completed_at":"2024-02-06T09:22:55.5Z","overall_status":"completed",' +
        '"updatedAt":"2024-02-06T09:22:56Z","detailed_status":{"b":"Success","10":"Error: \\"locked\\""},"abort":true,' +
        '"cloud":"aws","operation":"enablekey"}',
    )
  })

  it('changes only its flag if it was final, with its times and results unchanged', () => {
    const plan: FinishedPlan = {
      ...{ kind: 'finished', createdAt: START, updatedAt: START, completedAt: START, status: 'completed' },
      ...{ abort: false, items: [] },
    }
    const job = (abort: string) =>
      `{"updatedAt":"2024-02-06T09:22:54.000000Z","overall_status":"completed",${abort}"detailed_status":null}`
    expect(renderJob({ ...captured(job('"abort":false,')), plan }, ended, ROOT)).toBe(job('"abort":true,'))
    expect(renderJob({ ...captured(job('')), plan }, ended, ROOT)).toBe(job('"abort":true,'))
  })
})
