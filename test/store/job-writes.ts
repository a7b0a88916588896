import { fc } from '../support/fast-check.ts'
import type { FamilyName } from '../../src/model/family.ts'
import type { Job, JobEvent } from '../../src/model/job.ts'
import type { Plan, UnfoldingPlan } from '../../src/model/plan.ts'
import { SECOND, toInstant, toMicros } from '../../src/model/time.ts'
import { itemTimes, jobTimes } from '../../src/simulator/job-times.ts'
import type { DerivedJob, JobAppend, JobWrite } from '../../src/store/job-store.ts'
import { history, START } from '../laws/histories.ts'

/** A job that completes five seconds after its start, with one item that ends after two. */
export const PLAN: UnfoldingPlan = {
  kind: 'unfolding',
  scenario: 'plain',
  chosenBy: 'configuration',
  createdAt: START,
  updatedAt: START,
  startedAt: START,
  endings: [{ trigger: { kind: 'after', delay: toMicros(5 * SECOND) }, status: 'completed' }],
  items: [
    { id: 'k1', status: 'Success', at: toMicros(2 * SECOND) },
    { id: 'k2', status: 'Success', at: 'end' },
  ],
  cancel: { kind: 'effective', after: toMicros(0), status: 'aborted', unfinished: 'Aborted' },
  results: 'progressive',
}

export interface WriteOptions {
  readonly plan?: Plan
  readonly events?: readonly JobEvent[]
  readonly job?: Partial<Job>
  readonly requestHash?: number
  readonly occurrence?: number
}

/** A job as the store writes it; its final document is a text that identifies it. */
export function writeOf(
  id: string,
  { plan = PLAN, events = [], job, requestHash, occurrence = 0 }: WriteOptions = {},
): JobWrite {
  const whole: Job = {
    id,
    family: 'azure.bulkjobs',
    operation: 'delete-key-backups',
    cloud: 'AzureCloud',
    existsFrom: START,
    document: undefined,
    echoes: {},
    plan,
    events,
    ...job,
  }
  return { job: whole, requestHash, occurrence: requestHash === undefined ? undefined : occurrence, ...derived(whole) }
}

/** The job after one more event. */
export function appendOf({ job }: JobWrite, event: JobEvent): JobAppend {
  const events = [...job.events, event]
  return { id: job.id, event, ...derived({ ...job, events }) }
}

function derived({ id, plan, events, document }: Job): DerivedJob {
  const times = jobTimes(plan, events)
  const text = plan.kind === 'finished' && document !== undefined ? document : `final of ${id} after ${events.length}`
  return {
    times,
    items: itemTimes(plan, events),
    targets: [],
    finalText: times.endsAt === undefined ? undefined : text,
  }
}

const families = fc.constantFrom<FamilyName>('azure.bulkjobs', 'aws.bulkjob')

/** Jobs of any kind, in any state, with distinct ids. */
export const writes: fc.Arbitrary<JobWrite[]> = fc
  .array(
    fc.record({
      history,
      family: families,
      operation: fc.constantFrom('enablekey', 'disablekey'),
      cloud: fc.constantFrom('aws', 'AzureCloud'),
      age: fc.integer({ min: 0, max: 4 }),
      isCaptured: fc.boolean(),
      requestHash: fc.option(fc.nat({ max: 2 }), { nil: undefined }),
    }),
    { maxLength: 8 },
  )
  .map((all) =>
    all.map(({ history: { plan, events }, age, isCaptured, requestHash, ...job }, index) => {
      const document = isCaptured ? `document ${index}` : undefined
      return writeOf(`job-${(index * 7) % 8}`, {
        plan,
        events,
        job: { ...job, document, existsFrom: toInstant(START - age * SECOND) },
        ...(requestHash !== undefined && { requestHash }),
      })
    }),
  )
