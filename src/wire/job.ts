import type { Job, JobView } from '../model/job.ts'
import type { ItemResult } from '../model/plan.ts'
import type { Settings } from '../model/settings.ts'
import type { Instant } from '../model/time.ts'
import { accountUri, uriOf } from './account.ts'
import { familyOf } from './families/index.ts'
import { membersOf, toJson, type Member } from './raw-json.ts'
import { formatInstant } from './timestamps.ts'

/** Input for a job's document, beside the job. */
interface JobContext {
  readonly domainId: string
  readonly settings: Pick<Settings, 'initialDetails'>
}

/**
 * A job as the vendor writes it, as JSON text: the members of its family's document, in order.
 *
 * It is text and not an object, since a JavaScript object moves item ids that look like numbers to the front.
 */
export function renderJob(job: Job, view: JobView, context: JobContext): string {
  if (job.document === undefined) {
    const names = Object.keys(familyOf(job.family).document.properties)
    return toJson(membersNamed(names, { job, view, context }))
  }
  if (view.isAsCaptured) return job.document
  // A job that was final when it was captured keeps its times and results unchanged: only the flag can change.
  const changed = job.plan.kind === 'finished' ? ['abort'] : CHANGING
  return toJson(withChanges(membersOf(job.document), membersNamed(changed, { job, view, context })))
}

/** Members that change while a job runs, in the vendor's order. */
const CHANGING = ['updatedAt', 'completed_at', 'overall_status', 'detailed_status', 'abort']

interface RenderedJob {
  readonly job: Job
  readonly view: JobView
  readonly context: JobContext
}

/**
 * The JSON text of each member that the emulator computes; undefined omits the member. Other members repeat the
 * request.
 */
const MEMBERS: Readonly<Record<string, (rendered: RenderedJob) => string | undefined>> = {
  id: ({ job }) => JSON.stringify(job.id),
  uri: ({ job, context: { domainId } }) =>
    JSON.stringify(uriOf(familyOf(job.family).uriKind, { id: job.id, domainId })),
  account: ({ context }) => JSON.stringify(accountUri(context.domainId)),
  createdAt: ({ view }) => timestamp(view.createdAt),
  updatedAt: ({ view }) => timestamp(view.updatedAt),
  completed_at: ({ view }) => (view.completedAt === undefined ? undefined : timestamp(view.completedAt)),
  overall_status: ({ view }) => JSON.stringify(view.status),
  detailed_status: ({ view, context }) =>
    view.results.length > 0 || view.isFinal || context.settings.initialDetails === 'empty'
      ? details(view.results)
      : undefined,
  abort: ({ view }) => String(view.abort),
  cloud: ({ job }) => JSON.stringify(job.cloud),
  operation: ({ job }) => JSON.stringify(job.operation),
}

function membersNamed(names: readonly string[], rendered: RenderedJob): Member[] {
  return names.flatMap((name): Member[] => {
    const render = MEMBERS[name]
    const json = render === undefined ? rendered.job.echoes[name] : render(rendered)
    return json === undefined ? [] : [[name, json]]
  })
}

function timestamp(instant: Instant): string {
  return `"${formatInstant(instant)}"`
}

function details(results: readonly ItemResult[]): string {
  return `{${results.map(({ id, status }) => `${JSON.stringify(id)}:${JSON.stringify(status)}`).join(',')}}`
}

/** A captured document with some members changed in place, and new ones in the vendor's order. */
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
