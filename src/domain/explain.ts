import { formatDuration } from '../model/duration.ts'
import { isSuccess, type Job, type JobView, type Transition } from '../model/job.ts'
import type { Ending, ScenarioChoice, UnfoldingPlan } from '../model/plan.ts'
import type { ChangeOrigin } from '../model/resource.ts'
import { toInstant, toMicros, type Instant } from '../model/time.ts'
import { refusalOf } from '../simulator/resource-at.ts'
import { transitionsOf } from '../simulator/transitions.ts'
import { changesOfSightings, type ItemChange } from './covered.ts'
import { behaviourOf } from './behaviour.ts'
import { createLifeReader } from './lives.ts'
import { withEffects } from './passage.ts'
import type { DomainState } from './state.ts'

/** Why a job has its status, and what would change it. Instants are not yet formatted. */
export interface Explanation {
  readonly job: string
  readonly status: string
  readonly isFinal: boolean
  /** True if API clients no longer see it. */
  readonly isDeleted: boolean
  readonly scenario: string | undefined
  readonly chosenBy: ScenarioChoice | undefined
  /** The id of the job rule that chose it. */
  readonly rule?: string
  readonly now: Instant
  readonly clock: string
  /** What ends the job: one condition for each ending. */
  readonly waitsFor: readonly WaitCondition[]
  readonly nextTransitionAt: Instant | undefined
  /** The statuses before the end, if it has others than in_progress, each from its instant on. */
  readonly phases?: readonly { readonly status: string; readonly at: Instant }[]
  readonly pauses?: readonly { readonly from: Instant; readonly until: Instant }[]
  /** What its items did to resources, and what they will do. */
  readonly effects: readonly ItemChange[]
  readonly text: string
}

interface WaitCondition {
  readonly trigger: 'after' | 'polls' | 'signal' | 'never' | 'cancel'
  readonly text: string
  readonly at?: Instant
}

const CHOSEN_BY: Readonly<Record<ScenarioChoice, string>> = {
  header: 'the header X-Emulator-Scenario of its create request',
  rule: 'a job rule of the domain',
  domain: "the domain's default",
  configuration: "the configuration's default",
  seed: 'its seed',
  call: 'the call that created the job',
}

export function explain(state: DomainState, job: Job): Explanation {
  const now = state.now()
  const view = state.viewAt(job, now)
  const { mode } = state.record.clock
  const plan = job.plan.kind === 'unfolding' ? job.plan : undefined
  const transitions =
    plan === undefined || plan.covers !== undefined ? [] : withEffects(state, job, transitionsOf(job, ALWAYS))
  const waitsFor = view.isFinal || view.isDeleted || plan === undefined ? [] : waitsOf(job, plan)
  return {
    job: job.id,
    status: view.status,
    isFinal: view.isFinal,
    isDeleted: view.isDeleted,
    scenario: plan?.scenario,
    chosenBy: plan?.chosenBy,
    ...(plan?.rule !== undefined && { rule: plan.rule }),
    now,
    clock: mode,
    waitsFor,
    nextTransitionAt: view.isDeleted ? undefined : view.nextTransitionAt,
    ...stepsOf(plan),
    effects: plan?.covers === undefined ? effectsOf(transitions) : changesOfSightings(state, job),
    text: [
      originOf(plan),
      statusOf(view, plan),
      refusals(plan),
      overtaken(state, plan, transitions),
      stepsText(plan),
      ...waitsFor.map(({ text }) => text),
      advice(state, view),
    ]
      .filter(Boolean)
      .join('; '),
  }
}

function originOf(plan: UnfoldingPlan | undefined): string {
  if (plan === undefined) return 'it was final when it was added'
  const rule = plan.rule === undefined ? '' : ` (${plan.rule})`
  return `scenario ${plan.scenario}, chosen by ${CHOSEN_BY[plan.chosenBy]}${rule}`
}

function statusOf({ status, isFinal, isDeleted, abort }: JobView, plan: UnfoldingPlan | undefined): string {
  if (isDeleted) return `${status}, and deleted`
  if (isFinal) return `${status}, which is final`
  if (!abort) return status
  return `${status}, ${plan?.cancel.kind === 'effective' ? 'a cancel is under way' : 'a cancel was ignored'}`
}

const ALWAYS = { from: toInstant(-Infinity), to: toInstant(Infinity) }

function effectsOf(transitions: readonly Transition[]): readonly ItemChange[] {
  return transitions.flatMap(({ item, effect, at }) =>
    item === undefined || effect === undefined ? [] : [{ item, resource: effect.resource, change: effect.change, at }],
  )
}

/** Refused items that a text names. */
const MAX_NAMED = 3

function refusals(plan: UnfoldingPlan | undefined): string {
  const refused = plan?.items.filter((item) => item.refused === true) ?? []
  if (refused.length === 0) return ''
  return `because of their state the cloud refuses ${listed(refused.map(({ id, status }) => `${id} (${status})`))}`
}

/** The items that succeed without an effect, and the later changes after which the states of their resources refuse it. */
function overtaken(state: DomainState, plan: UnfoldingPlan | undefined, transitions: readonly Transition[]): string {
  if (plan?.effect === undefined) return ''
  const { kind, change } = plan.effect
  const behaviour = behaviourOf(state, kind)
  const lifeOf = createLifeReader(state)
  const named = transitions.flatMap(({ item, to, at, effect }) => {
    if (item === undefined || effect !== undefined || !isSuccess(plan, to)) return []
    const resource = state.services.store.resources.find(state.scope, item)
    if (resource?.kind !== kind) return []
    const steps = lifeOf(resource).filter((step) => step.at <= at)
    const last = steps.findLastIndex((step) => step.state && refusalOf(step.state, change, behaviour) === undefined)
    const cause = steps[last + 1]
    if (cause?.change === undefined || cause.at < plan.startedAt) return []
    const delay = formatDuration(toMicros(cause.at - plan.startedAt))
    return [`${item} (${cause.change.name}${originText(cause.by)} ${delay} after the start of this job)`]
  })
  return named.length === 0 ? '' : `without effect, because of a later change: ${listed(named)}`
}

function originText(by: ChangeOrigin): string {
  return 'job' in by ? ` by the job ${by.job}` : 'request' in by ? ` by the request ${by.request}` : ''
}

function listed(named: readonly string[]): string {
  const more = named.length > MAX_NAMED ? [`${named.length - MAX_NAMED} more`] : []
  return [...named.slice(0, MAX_NAMED), ...more].join(', ')
}

function stepsOf(plan: UnfoldingPlan | undefined): Pick<Explanation, 'phases' | 'pauses'> {
  if (plan === undefined) return {}
  const { startedAt, phases, pauses } = plan
  const instantOf = (time: number): Instant => toInstant(startedAt + time)
  return {
    ...(phases !== undefined && { phases: phases.map(({ status, at }) => ({ status, at: instantOf(at) })) }),
    ...(pauses !== undefined && {
      pauses: pauses.map(({ at, for: length }) => ({ from: instantOf(at), until: instantOf(at + length) })),
    }),
  }
}

function stepsText(plan: UnfoldingPlan | undefined): string {
  const phases = plan?.phases?.map(({ status, at }) => `${status} from ${formatDuration(at)}`) ?? []
  const pauses = plan?.pauses?.map((pause) => `${formatDuration(pause.for)} at ${formatDuration(pause.at)}`) ?? []
  return [
    phases.length === 0 ? '' : `before its end it is ${phases.join(', ')} after its start`,
    pauses.length === 0 ? '' : `it pauses for ${pauses.join(', for ')} after its start`,
  ]
    .filter(Boolean)
    .join('; ')
}

function waitsOf(job: Job, plan: UnfoldingPlan): WaitCondition[] {
  const cancelled = cancelUnderWay(job, plan)
  if (plan.endings.length > 0) return [...plan.endings.map((ending) => conditionOf(job, plan, ending)), ...cancelled]
  return cancelled.length > 0 ? cancelled : [{ trigger: 'never', text: `nothing ends it${cancelEffect(plan)}` }]
}

function cancelUnderWay({ events }: Job, { cancel }: UnfoldingPlan): WaitCondition[] {
  const event = events.find(({ kind }) => kind === 'cancel')
  if (event === undefined || cancel.kind !== 'effective') return []
  return [
    {
      trigger: 'cancel',
      at: toInstant(event.at + cancel.after),
      text: `${cancel.status} ${formatDuration(cancel.after)} after its cancel`,
    },
  ]
}

function cancelEffect({ cancel }: UnfoldingPlan): string {
  return cancel.kind === 'effective' ? ' but a cancel' : `, and a cancel is ${cancel.kind}`
}

function conditionOf({ events }: Job, plan: UnfoldingPlan, { trigger, status }: Ending): WaitCondition {
  switch (trigger.kind) {
    case 'after':
      return {
        trigger: 'after',
        at: toInstant(plan.startedAt + trigger.delay),
        text: `${status} ${formatDuration(trigger.delay)} after its start`,
      }
    case 'polls': {
      const seen = events.filter(({ kind }) => kind === 'poll').length
      return { trigger: 'polls', text: `${status} at GET number ${trigger.count} by the API client (${seen} so far)` }
    }
    case 'signal':
      return { trigger: 'signal', text: `${status} at the signal ${trigger.name}` }
  }
}

function advice(state: DomainState, { isFinal, isDeleted, nextTransitionAt }: JobView): string {
  if (isFinal || isDeleted || nextTransitionAt === undefined) return ''
  const away = formatDuration(toMicros(nextTransitionAt - state.now()))
  switch (state.record.clock.mode) {
    case 'running':
      return `the clock runs: next transition in ${away} of its time`
    case 'auto':
      return `the clock runs, and leaps while all clients sleep: next transition in ${away} of its time`
    case 'frozen':
      return `the clock is frozen: advance it by ${away} for the next transition`
    case 'step':
      return `the clock steps: the next GET by id moves it by ${away}, or advance it`
  }
}
