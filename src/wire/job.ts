import type { Job, JobView } from '../model/job.ts'
import type { ItemResult } from '../model/plan.ts'
import type { Settings } from '../model/settings.ts'
import type { Instant } from '../model/time.ts'
import { accountUri, uriOf } from './account.ts'
import { familyOf } from './families/index.ts'
import { membersOf, toJson, type Member } from './raw-json.ts'
import { formatInstant, formatNanoseconds } from './timestamps.ts'

/** Input for a job's document, beside the job. */
interface JobContext {
  readonly domainId: string
  /** Whether it is the answer to the job's create. */
  readonly isCreate?: boolean
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
  const after = hasAlways(job, 'abort') ? 'overall_status' : 'detailed_status'
  return toJson(withChanges(membersOf(job.document), membersNamed(changed, { job, view, context }), after))
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
  createdAt: (rendered) => startTimestamp(rendered.view.createdAt, rendered),
  updatedAt: (rendered) => startTimestamp(rendered.view.updatedAt, rendered),
  completed_at: ({ view }) => (view.completedAt === undefined ? undefined : timestamp(view.completedAt)),
  overall_status: ({ view }) => JSON.stringify(view.status),
  detailed_status: ({ job, view, context }) => {
    const items = shownItems(job, view)
    const isShown = items.length > 0 || view.isFinal || context.settings.initialDetails === 'empty'
    return isShown ? details(job, items) : undefined
  },
  abort: ({ job, view }) => (view.abort || hasAlways(job, 'abort') ? String(view.abort) : undefined),
  cloud: ({ job }) => JSON.stringify(job.cloud),
  job_id: ({ job }) => JSON.stringify(job.id),
  operation: ({ job }) => JSON.stringify(job.operation),
}

function hasAlways({ family }: Job, member: string): boolean {
  return familyOf(family).document.required.includes(member)
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

/** The instants of the answer to a create have digits that later answers lack. */
function startTimestamp(instant: Instant, { job, context }: RenderedJob): string {
  const isExact = context.isCreate === true && familyOf(job.family).isCreateInNanoseconds === true
  return isExact ? `"${formatNanoseconds(instant, nanosOf(job.id))}"` : timestamp(instant)
}

/** 1 to 999, the same for the same job. */
function nanosOf(id: string): number {
  return (Number.parseInt(id.slice(0, 8), 16) % 999) + 1
}

/** The items with a result, and those without one where the family has a text for them. */
function shownItems({ family, plan }: Job, { results }: JobView): readonly ItemResult[] {
  const pending = familyOf(family).course?.pending
  if (pending === undefined || results.length === plan.items.length) return results
  const known = new Map(results.map(({ id, status }) => [id, status]))
  return plan.items.map(({ id }) => ({ id, status: known.get(id) ?? pending }))
}

function details({ family }: Job, items: readonly ItemResult[]): string {
  const textOf = ({ id, status }: ItemResult): Member => [id, JSON.stringify(status)]
  return toJson(familyOf(family).detailsOf?.(items) ?? items.map(textOf))
}

/** A captured document with some members changed in place, and new ones after the member that `after` names. */
function withChanges(members: readonly Member[], changes: readonly Member[], after: string): Member[] {
  const changed = new Map(changes)
  const kept = members.map(([key, json]): Member => [key, changed.get(key) ?? json])
  const present = new Set(members.map(([key]) => key))
  const added = changes.filter(([key]) => !present.has(key))
  const status = kept.findIndex(([key]) => key === 'overall_status')
  const last = Math.max(
    status,
    kept.findIndex(([key]) => key === after),
  )
  return [
    ...kept.slice(0, status),
    ...added.filter(([key]) => key === 'completed_at'),
    ...kept.slice(status, last + 1),
    ...added.filter(([key]) => key !== 'completed_at'),
    ...kept.slice(last + 1),
  ]
}
