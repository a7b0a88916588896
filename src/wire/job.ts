import { ROOT_DOMAIN_ID } from '../model/domain.ts'
import type { ItemResult, Job, JobView } from '../model/job.ts'
import type { Settings } from '../model/settings.ts'
import { familyOf } from './families.ts'
import { membersOf, toJson, type Member } from './raw-json.ts'
import { formatInstant } from './timestamps.ts'

/** What a job's document depends on, beside the job. */
export interface JobContext {
  readonly domainId: string
  readonly settings: Pick<Settings, 'initialDetails'>
}

/**
 * A job as the vendor writes it, as JSON text: the keys of the documented samples in their order
 * (thalesdocs, "Viewing Details of an Azure Bulk Job" and "Get AWS Bulk Job").
 *
 * Text and not an object, since an object of JavaScript moves item ids that look like numbers to the front.
 */
export function renderJob(job: Job, view: JobView, context: JobContext): string {
  if (job.document === undefined) return toJson(createdMembers(job, view, context))
  if (view.isUntouched) return job.document
  const members = membersOf(job.document)
  // A job that was over when it was captured keeps its times and results to the letter: only the flag can change.
  const changes: Member[] = job.plan.kind === 'finished' ? [['abort', String(view.abort)]] : progressOf(view, context)
  return toJson(withChanges(members, changes))
}

function createdMembers(job: Job, view: JobView, context: JobContext): Member[] {
  const account = accountOf(context.domainId)
  const uri = `kylo:${account}:cckm:${familyOf(job.family).uriKind}:${job.id}`
  return [
    ['id', JSON.stringify(job.id)],
    ['uri', JSON.stringify(uri)],
    ['account', JSON.stringify(`kylo:${account}:admin:accounts:${account}`)],
    ['createdAt', timestamp(view.createdAt)],
    ['updatedAt', timestamp(view.updatedAt)],
    ...progressMembers(view, context),
    ['cloud', JSON.stringify(job.cloud)],
    ...Object.entries(job.echoes),
    ['operation', JSON.stringify(job.operation)],
  ]
}

/** Root is `kylo`; a child domain carries its id, as clients of real CMs take it apart: `kylo-<uuid>`. */
function accountOf(domainId: string): string {
  return domainId === ROOT_DOMAIN_ID ? 'kylo' : `kylo-${domainId}`
}

function progressMembers(view: JobView, { settings }: JobContext): Member[] {
  const members: Member[] = []
  if (view.completedAt !== undefined) members.push(['completed_at', timestamp(view.completedAt)])
  members.push(['overall_status', JSON.stringify(view.status)])
  if (view.results.length > 0 || view.isFinal || settings.initialDetails === 'empty')
    members.push(['detailed_status', details(view.results)])
  members.push(['abort', String(view.abort)])
  return members
}

function timestamp(instant: number): string {
  return `"${formatInstant(instant)}"`
}

function details(results: readonly ItemResult[]): string {
  return `{${results.map(({ id, status }) => `${JSON.stringify(id)}:${JSON.stringify(status)}`).join(',')}}`
}

function progressOf(view: JobView, context: JobContext): Member[] {
  return [['updatedAt', timestamp(view.updatedAt)], ...progressMembers(view, context)]
}

/** A captured document with some members changed where they stand, and new ones where the vendor has them. */
function withChanges(members: readonly Member[], changes: readonly Member[]): Member[] {
  const changed = new Map(changes)
  const kept = members.map(([key, json]): Member => [key, changed.get(key) ?? json])
  const present = new Set(members.map(([key]) => key))
  const added = changes.filter(([key]) => !present.has(key))
  const status = kept.findIndex(([key]) => key === 'overall_status')
  return [
    ...kept.slice(0, status),
    ...added.filter(([key]) => key === 'completed_at'),
    ...kept.slice(status, status + 1),
    ...added.filter(([key]) => key !== 'completed_at'),
    ...kept.slice(status + 1),
  ]
}
