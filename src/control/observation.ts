import type { Domain } from '../domain/domain.ts'
import { nearestMiss } from '../journal/nearest-miss.ts'
import { redacted } from '../journal/redaction.ts'
import type { JournalEntry } from '../model/journal.ts'
import { elapsedMs } from '../timers.ts'
import { MILLISECOND } from '../model/time.ts'
import type { FaultAnswer } from '../client/answers/domains.ts'
import type { RequestNewsAnswer } from '../client/answers/requests.ts'
import type { Observation, RunningJob } from '../report/observation.ts'
import { clockAnswer, explanationAnswer } from './answers.ts'
import { nearestAnswer, requestAnswer, requestNews, requestWithStatus } from './journal-answers.ts'

/** Max jobs that are read besides those that clients asked about. */
const MAX_OTHER_JOBS = 100

/**
 * Reads a domain for a report, and changes nothing in it.
 *
 * @param controlCalls calls of the control API that are not answered yet, besides the one that reads.
 */
export async function observe(domain: Domain, controlCalls: readonly RequestNewsAnswer[]): Promise<Observation> {
  const entries = domain.requests.find()
  return {
    clock: clockAnswer(domain.clock.read()),
    runningJobs: await runningJobs(domain, entries),
    requests: entries.map(requestWithStatus),
    dropped: domain.requests.dropped(),
    inFlight: [...domain.requests.inFlight().map(requestNews), ...controlCalls],
    rules: domain.scenarios.rules(),
    faults: redacted(domain.faults.all()) as readonly FaultAnswer[],
    quietMs: quietMs(entries.at(-1)),
    find: (query) => domain.requests.find(query).map(requestAnswer),
    nearest: (query) => nearestAnswer(nearestMiss(entries, query), query),
  }
}

async function runningJobs(domain: Domain, entries: readonly JournalEntry[]): Promise<readonly RunningJob[]> {
  const asked = entries.flatMap(({ job }) => (job === undefined ? [] : [job]))
  const first = { at: undefined, family: undefined, skip: 0, limit: MAX_OTHER_JOBS }
  const { jobs } = await domain.jobs.list(first, (step) => step.map(({ id }) => id))
  return domain.jobs
    .histories([...new Set([...asked, ...jobs])])
    .filter(({ isDeleted }) => !isDeleted)
    .map(({ id, family }) => ({ id, family, explanation: explanationAnswer(domain.jobs.explain(id)) }))
    .filter(({ explanation }) => !explanation.isFinal)
}

function quietMs(last: JournalEntry | undefined): number {
  return last === undefined ? 0 : Math.max(0, elapsedMs() - last.elapsedAt / MILLISECOND)
}
