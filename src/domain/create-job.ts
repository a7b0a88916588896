import { EmulatorError, prefixMessage } from '../errors.ts'
import type { ItemSelector, JobRequest } from '../model/family.ts'
import { matchesGlob } from '../model/glob.ts'
import type { Job } from '../model/job.ts'
import type { ScenarioChoice } from '../model/plan.ts'
import type { JobRule } from '../model/rule.ts'
import type { ScenarioSource } from '../model/scenario.ts'
import { contentHash, drawKey } from '../simulator/random.ts'
import { newTransitions } from './apply-command.ts'
import { actOnInventory, createJobInventory } from './job-inventory.ts'
import { ALL_CONTAINERS, jobFromRequest } from './new-job.ts'
import { withEffects } from './passage.ts'
import type { DomainState } from './state.ts'

/** A scenario with the reason for it. */
interface Choice {
  readonly named: string | ScenarioSource
  readonly chosenBy: ScenarioChoice
  /** The id of the job rule that chose it. */
  readonly rule?: string
}

/** Creates a job from a request, and uses up the job rule that chose its scenario: one command. */
export function createJob(state: DomainState, request: JobRequest, scenario: string | ScenarioSource | undefined): Job {
  return state.command(() => {
    refuseParallel(state, request)
    const job = insertNext(state, request, choose(state, request, scenario))
    state.publish(withEffects(state, job, newTransitions(undefined, job, state.now())))
    state.markDirty()
    return job
  })
}

/**
 * Where a new job's scenario comes from, in this order: header, job rule, domain's default, configuration's default.
 */
function choose(state: DomainState, request: JobRequest, header: string | ScenarioSource | undefined): Choice {
  if (header !== undefined) return { named: header, chosenBy: 'header' }
  const rule = state.record.rules.find((each) => each.left > 0 && matches(each, request))
  if (rule !== undefined) {
    // The scenario that it extends may have changed since the rule was set. A rule that fails is not used up.
    prefixMessage(`the job rule ${rule.id} is no longer valid`, () => state.scenario(rule.scenario))
    const rules = state.record.rules.map((each) => (each === rule ? { ...each, left: each.left - 1 } : each))
    state.save({ rules })
    return { named: rule.scenario, chosenBy: 'rule', rule: rule.id }
  }
  return defaultChoice(state)
}

/** The scenario of a job that names none: the domain's default, else the configuration's. */
export function defaultChoice({ record, services }: DomainState): Choice {
  if (record.scenario !== undefined) return { named: record.scenario, chosenBy: 'domain' }
  return { named: services.scenario, chosenBy: 'configuration' }
}

function matches({ when = {} }: JobRule, request: JobRequest): boolean {
  const { family, operation, item } = when
  if (family !== undefined && family !== request.family) return false
  if (operation !== undefined && operation !== request.operation) return false
  return item === undefined || namesIn(request.items).some((id) => matchesGlob(item, id))
}

/** The items that a request itself names. */
function namesIn(items: ItemSelector): readonly string[] {
  switch (items.kind) {
    case 'ids':
      return items.ids
    case 'containers':
      return items.names ?? []
    case 'backups':
      return []
  }
}

/** Throws if a running job of a family without parallel jobs covers a container of the request. */
function refuseParallel(state: DomainState, { family, items }: JobRequest): void {
  const { course } = state.services.familyOf(family)
  if (course?.isExclusive !== true || state.settings.parallelSync === 'allow') return
  const { containers = [] } = createJobInventory(state).select(family, items)
  const isAll = items.kind === 'containers' && items.names === undefined
  const query = { ids: [], statuses: [], clouds: [], operations: [], sort: [], skip: 0, limit: 1, at: state.now() }
  const { total } = state.services.store.jobs.page(state.scope, {
    ...query,
    family,
    isRunning: true,
    containers: isAll ? [] : [...containers, ALL_CONTAINERS],
  })
  if (total > 0) throw new EmulatorError('conflict', 'a synchronization of the same containers is in progress')
}

/** Inserts the job with the next occurrence of its request. */
function insertNext(state: DomainState, request: JobRequest, { named, chosenBy, rule }: Choice): Job {
  const { store, familyOf } = state.services
  const requestHash = contentHash(request.content)
  const now = state.now()
  const options = {
    inventory: createJobInventory(state),
    scenario: state.scenario(named),
    chosenBy,
    rule,
    isClientsOwn: chosenBy === 'header' && typeof named !== 'string',
    settings: state.settings,
    rules: familyOf(request.family),
    now,
    createdAt: now,
  }
  for (let occurrence = store.jobs.nextOccurrence(state.scope, requestHash); ; occurrence += 1) {
    const key = drawKey(state.record.randomSeed, request.content, occurrence)
    const job = jobFromRequest(request, { ...options, key })
    const derived = state.derived(job)
    // Otherwise a captured job of a seed has that id.
    if (!store.jobs.insert(state.scope.content, { job, requestHash, occurrence, ...derived })) continue
    actOnInventory(state, job, derived.targets)
    return job
  }
}
