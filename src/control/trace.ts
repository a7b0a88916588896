import type { Domain } from '../domain/domain.ts'
import { pollingReport } from '../journal/polling-report.ts'
import { redacted } from '../journal/redaction.ts'
import { parseJson } from '../model/parse-json.ts'
import type { JournalEntry } from '../model/journal.ts'
import type { FaultAnswer } from '../client/answers/domains.ts'
import type { Trace, TraceRequest } from '../trace/trace.ts'
import { CALL_OPERATIONS } from '../wire/operations.ts'
import { clockAnswer, faultAnswer } from './answers.ts'
import { reportAnswer, requestAnswer } from './journal-answers.ts'

const MAX_JOBS = 100

/** Reads a domain and changes nothing in it. */
export async function traceOf(domain: Domain, version: string, title?: string): Promise<Trace> {
  const entries = domain.requests.find()
  const asked = [...new Set(entries.flatMap(({ job }) => (job === undefined ? [] : [job])))]
  const limit = Math.max(0, MAX_JOBS - asked.length)
  const first = { at: undefined, family: undefined, skip: 0, limit: MAX_JOBS }
  const { total, jobs } = await domain.jobs.list(first, (step) => step.map(({ id }) => id))
  const others = jobs.filter((id) => !asked.includes(id))
  const shown = domain.jobs.histories([...asked, ...others.slice(0, limit)])
  return {
    domain: domain.name,
    title: title === '' ? undefined : title,
    version,
    clock: clockAnswer(domain.clock.read()),
    now: domain.clock.now(),
    jobs: shown.map((job) => ({ ...job, text: withoutSecrets(job.text) })),
    jobsLeftOut: Math.max(0, total - shown.filter(({ isDeleted }) => !isDeleted).length),
    requests: entries.map(traceRequest),
    faults: redacted(domain.faults.all().map(faultAnswer)) as readonly FaultAnswer[],
    findings: reportAnswer(pollingReport(entries, CALL_OPERATIONS)).findings,
  }
}

function traceRequest(entry: JournalEntry): TraceRequest {
  const { at, elapsedAt, outcome, fault } = entry
  const answer = outcome?.answer
  return {
    shown: requestAnswer(entry),
    at,
    elapsedAt,
    answer: answer === undefined ? undefined : redacted(parseJson(answer) ?? answer),
    fault: redacted(fault && faultAnswer(fault)) as FaultAnswer | undefined,
  }
}

function withoutSecrets(text: string): string {
  return JSON.stringify(redacted(parseJson(text) ?? text), undefined, 2)
}
