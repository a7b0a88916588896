import { v4 } from 'uuid'
import { EmulatorError } from '../errors.ts'
import type { FamilyRules, ItemSelector, JobAction, JobRequest, Selection } from '../model/family.ts'
import { IN_PROGRESS, type Job } from '../model/job.ts'
import type { Plan, ScenarioChoice } from '../model/plan.ts'
import type { Scenario } from '../model/scenario.ts'
import type { CapturedJob } from '../model/seed.ts'
import type { Settings } from '../model/settings.ts'
import { toInstant, type Instant } from '../model/time.ts'
import type { JobInventory } from './job-inventory.ts'
import { matchingCost, planJob } from '../simulator/plan-job.ts'
import { drawBytes, type DrawKey } from '../simulator/random.ts'

/** Input for the plan of a new job, beside its request or document. */
interface NewJobOptions {
  readonly inventory: JobInventory
  /** The rules of the job's family. */
  readonly rules: FamilyRules
  readonly scenario: Scenario
  readonly chosenBy: ScenarioChoice
  readonly settings: Settings
  readonly now: Instant
}

interface RequestOptions extends NewJobOptions {
  readonly key: DrawKey
  readonly createdAt: Instant
  /** The id of the job rule that chose the scenario. */
  readonly rule?: string | undefined
  /** True if the client sent the scenario in its request. */
  readonly isClientsOwn: boolean
}

interface CaptureOptions extends NewJobOptions {
  readonly key: DrawKey
}

/** Number of backups of each key that the inventory does not have. */
const BACKUPS_PER_KEY = 2

/** The items that a request selects: those of the inventory, and made up ones for what it does not have. */
function resolveItems({ items, family }: JobRequest, { scenario, inventory, key }: RequestOptions): Selection {
  const selection = inventory.select(family, items)
  const { unknown = [] } = selection
  if (unknown.length === 0) return selection
  const drawn = drawItems(scenario.itemCount ?? BACKUPS_PER_KEY * unknown.length, key)
  return { ...selection, items: [...selection.items, ...drawn.map((id) => ({ id }))] }
}

/** A job from a create request. */
export function jobFromRequest(request: JobRequest, options: RequestOptions): Job {
  const { key, scenario, createdAt, inventory, rules } = options
  const selection = resolveItems(request, options)
  const items = [...new Set(selection.items.map(({ id }) => id))]
  if (options.isClientsOwn) refuseCostly(scenario, items)
  const plan = planJob({
    ...options,
    ...acting(inventory, request.action, { selection, rules }),
    items,
    startedAt: createdAt,
  })
  return {
    id: drawId(key, 'job'),
    family: request.family,
    operation: request.operation,
    cloud: rules.cloud,
    existsFrom: toInstant(Math.min(createdAt, options.now)),
    document: undefined,
    echoes: request.echoes,
    plan: { ...plan, ...coverage(request.items, selection) },
    events: [],
  }
}

/** Stands for all containers among those of a job. */
export const ALL_CONTAINERS = '*'

/** What a job covers of the inventory, as its plan keeps it. */
function coverage(selector: ItemSelector | undefined, { items, containers }: Selection) {
  if (selector?.kind !== 'containers') return {}
  const all = selector.names === undefined ? [ALL_CONTAINERS] : []
  const covers = items.flatMap(({ id, covers: covered }) => (covered === undefined ? [] : [{ item: id, ...covered }]))
  return { containers: [...new Set([...all, ...(containers ?? [])])], ...(covers.length > 0 && { covers }) }
}

/** About 50 ms of matching, during which all other clients wait. Any client can send a scenario in a header. */
const MAX_MATCHING_COST = 20_000_000

function refuseCostly(scenario: Scenario, items: readonly string[]): void {
  if (matchingCost(scenario, items) <= MAX_MATCHING_COST) return
  throw new EmulatorError(
    'badRequest',
    `X-Emulator-Scenario: its id globs are too long for a job of ${items.length} items with ids as long as these`,
    'use fewer or shorter globs or a smaller itemCount, or put the scenario into a file or the control API',
  )
}

/** A job from a document that a CM sent: either final, or continued from its captured state. */
export function jobFromCapture(captured: CapturedJob, options: CaptureOptions): Job {
  return {
    id: captured.id,
    family: captured.family,
    operation: captured.operation,
    cloud: captured.cloud,
    existsFrom: toInstant(Math.min(captured.createdAt, options.now)),
    document: captured.text,
    echoes: {},
    plan: planOf(captured, options),
    events: [],
  }
}

interface ActingOptions {
  readonly selection: Selection
  readonly rules: FamilyRules
}

/** What the items of a job do, and which of them the cloud refuses: of those that cover containers, the ones without one. */
function acting(inventory: JobInventory, action: JobAction | undefined, { selection, rules }: ActingOptions) {
  const effect = inventory.effectOf(action)
  const missing = new Set(selection.items.flatMap((item) => item.missing ?? []))
  const { course } = rules
  const isMissing = (item: string) => (missing.has(item) ? course?.failed : undefined)
  return { effect, course, refusalOf: selection.containers === undefined ? inventory.refusalOf(effect) : isMissing }
}

function planOf(captured: CapturedJob, options: CaptureOptions): Plan {
  const { selector, family } = captured
  const selection = selector === undefined ? { items: [] } : options.inventory.select(family, selector)
  const plan =
    captured.status === IN_PROGRESS ? resumedPlan(captured, options, selection) : finishedPlan(captured, options)
  return { ...plan, ...coverage(selector, selection) }
}

function finishedPlan(captured: CapturedJob, { rules: { course } }: CaptureOptions): Plan {
  const { createdAt, updatedAt, completedAt, status, abort, results } = captured
  const done = course && { done: course.done }
  return { kind: 'finished', createdAt, updatedAt, completedAt, status, abort, items: results, ...done }
}

/** Number of generated items for a captured running job that lists no pending ones. */
const DEFAULT_PENDING_ITEMS = 2

function resumedPlan(captured: CapturedJob, options: CaptureOptions, selection: Selection): Plan {
  const { createdAt, updatedAt, results, action } = captured
  const { key, now, inventory, rules } = options
  const items = pendingOf(captured, options, { selection, key })
  const acts = acting(inventory, action, { selection, rules })
  return planJob({ ...options, ...acts, items, done: results, createdAt, updatedAt, startedAt: now })
}

/** The items without a result. Those of a bulk job are made up if the document names none. */
function pendingOf(
  { pending, results }: CapturedJob,
  { scenario, rules }: CaptureOptions,
  { selection, key }: { readonly selection: Selection; readonly key: DrawKey },
): readonly string[] {
  if (pending.length > 0) return pending
  if (rules.course === undefined) return drawItems(scenario.itemCount ?? DEFAULT_PENDING_ITEMS, key)
  return results.length > 0 ? [] : [...new Set(selection.items.map(({ id }) => id))]
}

function drawItems(count: number, key: DrawKey): string[] {
  return Array.from({ length: count }, (_, index) => drawId(key, `backup ${index}`))
}

/** An id drawn for a purpose: the same for the same request and random seed. */
function drawId(key: DrawKey, purpose: string): string {
  return v4({ random: drawBytes(key, purpose) })
}
