import type { JobRequest } from '../model/family.ts'
import { matchesGlob } from '../model/glob.ts'
import type { Job } from '../model/job.ts'
import type { ScenarioChoice } from '../model/plan.ts'
import type { JobRule } from '../model/rule.ts'
import type { ScenarioSource } from '../model/scenario.ts'
import type { Instant } from '../model/time.ts'
import { contentHash, drawKey } from '../simulator/random.ts'
import { blaming } from './blaming.ts'
import { itemsOf, jobFromRequest } from './new-job.ts'
import type { DomainState } from './state.ts'

/** A scenario with the reason for it. */
export interface Choice {
  readonly named: string | ScenarioSource
  readonly chosenBy: ScenarioChoice
  /** The id of the rule, where one chose. */
  readonly rule?: string
}

/** How a created job finds its scenario: the header, a queued rule, the domain's default, the configuration's. */
export async function choose(
  state: DomainState,
  request: JobRequest,
  header: string | ScenarioSource | undefined,
): Promise<Choice> {
  if (header !== undefined) return { named: header, chosenBy: 'header' }
  const rule = state.record.rules.find((each) => each.left > 0 && matches(each, request))
  if (rule !== undefined) {
    // What it extends may have changed since it was queued: one that cannot be met is not used up.
    blaming(`the job rule ${rule.id} is wrong by now`, () => state.scenario(rule.scenario))
    const rules = state.record.rules.map((each) => (each === rule ? { ...each, left: each.left - 1 } : each))
    await state.save({ rules })
    return { named: rule.scenario, chosenBy: 'rule', rule: rule.id }
  }
  return defaultChoice(state)
}

/** The scenario of a job for which nobody names another: the domain's default, else the configuration's. */
export function defaultChoice({ record, world }: DomainState): Choice {
  if (record.scenario !== undefined) return { named: record.scenario, chosenBy: 'domain' }
  return { named: world.scenario, chosenBy: 'configuration' }
}

function matches({ when = {} }: JobRule, request: JobRequest): boolean {
  const { family, operation, item } = when
  if (family !== undefined && family !== request.family) return false
  if (operation !== undefined && operation !== request.operation) return false
  return item === undefined || itemsOf(request).some((id) => matchesGlob(item, id))
}

/** A job to make from a create request, at an instant of the domain. */
export interface Requested {
  readonly request: JobRequest
  readonly choice: Choice
  readonly at: Instant
}

/** Makes the job, as one more of its equals. */
export async function insertRequested(state: DomainState, requested: Requested, skipped = 0): Promise<Job> {
  const { jobs, cloudOf } = state.world
  const { request, choice, at } = requested
  const content = contentHash(request.content)
  const occurrence = (await jobs.nextOccurrence(state.key, content)) + skipped
  const made = jobFromRequest(request, {
    scenario: state.scenario(choice.named),
    chosenBy: choice.chosenBy,
    isClientsOwn: choice.chosenBy === 'header' && typeof choice.named !== 'string',
    settings: state.settings,
    key: drawKey(state.record.randomSeed, request.content, occurrence),
    now: state.now(),
    cloud: cloudOf(request.family),
    at,
  })
  const job = { ...made, plan: { ...made.plan, ...(choice.rule !== undefined && { rule: choice.rule }) } }
  const isInserted = await jobs.insert(state.key, { job, content, occurrence, ...state.derived(job) })
  // The id is taken: by an equal request that came in between, or by a seed that was captured here once.
  if (!isInserted) return insertRequested(state, requested, skipped + 1)
  await state.touch()
  return job
}
