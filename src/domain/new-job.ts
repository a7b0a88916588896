import { v4 } from 'uuid'
import { EmulatorError } from '../errors.ts'
import type { JobAction, JobRequest } from '../model/family.ts'
import { IN_PROGRESS, type Job } from '../model/job.ts'
import type { Plan, ScenarioChoice } from '../model/plan.ts'
import type { Scenario } from '../model/scenario.ts'
import type { CapturedJob } from '../model/seed.ts'
import type { Settings } from '../model/settings.ts'
import { toInstant, type Instant } from '../model/time.ts'
import type { JobInventory } from './job-inventory.ts'
import { matchingCost, planJob } from '../simulator/plan-job.ts'
import { drawBytes, drawKey, type DrawKey } from '../simulator/random.ts'

/** Input for the plan of a new job, beside its request or document. */
interface NewJobOptions {
  readonly inventory: JobInventory
  readonly scenario: Scenario
  readonly chosenBy: ScenarioChoice
  readonly settings: Settings
  readonly now: Instant
}

interface RequestOptions extends NewJobOptions {
  readonly key: DrawKey
  readonly cloud: string
  readonly createdAt: Instant
  /** The id of the job rule that chose the scenario. */
  readonly rule?: string | undefined
  /** True if the client sent the scenario in its request. */
  readonly isClientsOwn: boolean
}

interface CaptureOptions extends NewJobOptions {
  /** Together with the text of the document, the key of its draws. */
  readonly randomSeed: number
}

/** The items that a request itself names. */
export function itemsOf({ items }: JobRequest): readonly string[] {
  return items.kind === 'ids' ? items.ids : []
}

/** Number of backups of each key that the inventory does not have. */
const BACKUPS_PER_KEY = 2

/** The ids of the items that a request selects: those of the inventory, and made up ones for what it does not have. */
function resolveItems({ items, family }: JobRequest, { scenario, inventory, key }: RequestOptions): readonly string[] {
  if (items.kind === 'ids') return items.ids
  const { ids, unknown } = inventory.select(family, items)
  if (unknown.length === 0) return ids
  return [...ids, ...drawItems(scenario.itemCount ?? BACKUPS_PER_KEY * unknown.length, key)]
}

/** A job from a create request. */
export function jobFromRequest(request: JobRequest, options: RequestOptions): Job {
  const { key, scenario, createdAt, inventory } = options
  const items = resolveItems(request, options)
  if (options.isClientsOwn) refuseCostly(scenario, items)
  return {
    id: drawId(key, 'job'),
    family: request.family,
    operation: request.operation,
    cloud: options.cloud,
    existsFrom: toInstant(Math.min(createdAt, options.now)),
    document: undefined,
    echoes: request.echoes,
    plan: planJob({ ...options, ...acting(inventory, request.action), items, startedAt: createdAt }),
    events: [],
  }
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
    plan: captured.status === IN_PROGRESS ? resumedPlan(captured, options) : finishedPlan(captured),
    events: [],
  }
}

/** What the items of a job do, and which of them the cloud refuses. */
function acting(inventory: JobInventory, action: JobAction | undefined) {
  const effect = inventory.effectOf(action)
  return { effect, refusalOf: inventory.refusalOf(effect) }
}

function finishedPlan({ createdAt, updatedAt, completedAt, status, abort, results }: CapturedJob): Plan {
  return { kind: 'finished', createdAt, updatedAt, completedAt, status, abort, items: results }
}

/** Number of generated items for a captured running job that lists no pending ones. */
const DEFAULT_PENDING_ITEMS = 2

function resumedPlan(captured: CapturedJob, options: CaptureOptions): Plan {
  const { text, createdAt, updatedAt, results, pending, action } = captured
  const { scenario, randomSeed, now, inventory } = options
  const key = drawKey(randomSeed, text, 0)
  const items = pending.length > 0 ? pending : drawItems(scenario.itemCount ?? DEFAULT_PENDING_ITEMS, key)
  const acts = acting(inventory, action)
  return planJob({ ...options, ...acts, key, items, done: results, createdAt, updatedAt, startedAt: now })
}

function drawItems(count: number, key: DrawKey): string[] {
  return Array.from({ length: count }, (_, index) => drawId(key, `backup ${index}`))
}

/** An id drawn for a purpose: the same for the same request and random seed. */
function drawId(key: DrawKey, purpose: string): string {
  return v4({ random: drawBytes(key, purpose) })
}
