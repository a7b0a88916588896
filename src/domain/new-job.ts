import { EmulatorError } from '../errors.ts'
import type { JobRequest } from '../model/family.ts'
import { IN_PROGRESS, type Job } from '../model/job.ts'
import type { Plan, ScenarioChoice } from '../model/plan.ts'
import type { Scenario } from '../model/scenario.ts'
import type { CapturedJob } from '../model/seed.ts'
import type { Settings } from '../model/settings.ts'
import type { Instant } from '../model/time.ts'
import { matchingCost, planJob } from '../simulator/plan-job.ts'
import { drawKey, type DrawKey } from '../simulator/random.ts'
import { drawnId } from './identifiers.ts'

/** What a new job's plan depends on, beside what it is made from. */
export interface Making {
  readonly scenario: Scenario
  readonly chosenBy: ScenarioChoice
  readonly settings: Settings
  readonly now: Instant
}

/** Making from a captured document, whose text is what it draws by. */
export interface CaptureMaking extends Making {
  readonly randomSeed: number
}

/** The items that a request itself names. */
export function itemsOf({ items }: JobRequest): readonly string[] {
  return items.kind === 'named' ? items.ids : []
}

/** Items made up for a captured job that is still running and does not say what it has yet to do. */
const ITEMS_OF_CAPTURED = 2

/** A job from a create request. */
export function jobFromRequest(
  request: JobRequest,
  making: Making & {
    readonly key: DrawKey
    readonly cloud: string
    readonly at: Instant
    /** Whether the scenario was written into the request, by whoever may create jobs. */
    readonly isClientsOwn: boolean
  },
): Job {
  const { key, scenario, at } = making
  const items =
    request.items.kind === 'named' ? request.items.ids : madeItems(scenario.itemCount ?? request.items.count, key)
  if (making.isClientsOwn) refuseCostly(scenario, items)
  return {
    id: drawnId(key, 'job'),
    family: request.family,
    operation: request.operation,
    cloud: making.cloud,
    existsFrom: Math.min(at, making.now),
    document: undefined,
    echoes: request.echoes,
    plan: planJob({ ...making, items, createdAt: at, startedAt: at }),
    events: [],
  }
}

/** Some 50 ms of matching at worst: a client may write a scenario into a header, and every other client waits meanwhile. */
const MAX_MATCHING_COST = 20_000_000

function refuseCostly(scenario: Scenario, items: readonly string[]): void {
  if (matchingCost(scenario, items) <= MAX_MATCHING_COST) return
  throw new EmulatorError(
    'badRequest',
    `X-Emulator-Scenario: its id globs are too long for a job of ${items.length} items with ids as long as these`,
    'use fewer or shorter globs or a smaller itemCount, or put the scenario into a file or the control API',
  )
}

/** A job from a document that a CM sent: over as it was, or going on from where it was. */
export function jobFromCapture(captured: CapturedJob, making: CaptureMaking): Job {
  return {
    id: captured.id,
    family: captured.family,
    operation: captured.operation,
    cloud: captured.cloud,
    existsFrom: Math.min(captured.createdAt, making.now),
    document: captured.text,
    echoes: {},
    plan: captured.status === IN_PROGRESS ? resumedPlan(captured, making) : finishedPlan(captured),
    events: [],
  }
}

function finishedPlan({ createdAt, updatedAt, completedAt, status, abort, results }: CapturedJob): Plan {
  return { kind: 'finished', createdAt, updatedAt, completedAt, status, abort, items: results }
}

function resumedPlan({ text, createdAt, updatedAt, results, pending }: CapturedJob, making: CaptureMaking): Plan {
  const { scenario, randomSeed, now } = making
  const key = drawKey(randomSeed, text, 0)
  const items = pending.length > 0 ? pending : madeItems(scenario.itemCount ?? ITEMS_OF_CAPTURED, key)
  return planJob({ ...making, key, items, done: results, createdAt, updatedAt, startedAt: now })
}

function madeItems(count: number, key: DrawKey): string[] {
  return Array.from({ length: count }, (_, index) => drawnId(key, `backup ${index}`))
}
