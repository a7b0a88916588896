import { DURATION_EXPECTED, parseDuration } from '../../model/duration.ts'
import { SWEEP_FAULTS, type SweepFaultName, type SweepPlanRequest } from '../../model/sweep.ts'
import { namesOutcome } from '../../sweep/cases.ts'
import { DEFAULT_FAIL_ON, SWEEP_VERDICTS, type SweepVerdict } from '../../sweep/verdicts.ts'
import { usageError } from '../failures.ts'
import type { SweepFlags } from './flags.ts'

/** The flags of `sweep` as values. */
interface SweepSettings {
  readonly plan: SweepPlanRequest
  readonly outcomes: boolean
  readonly failOn: readonly SweepVerdict[]
  readonly only: readonly string[]
  readonly parallel: number
  readonly timeLimitMs: number | undefined
}

/** @throws CommanderError that names the flag. */
export function readSweepFlags(flags: SweepFlags): SweepSettings {
  const { only = [], faults, outcomes, failOn, parallel = '1', timeLimit, retryAfter, slow } = flags
  return {
    plan: {
      ...(faults !== undefined && { faults: faults.split(',').map(faultNamed) }),
      ...(retryAfter !== undefined && { retryAfter: duration('--retry-after', retryAfter).text }),
      ...(slow !== undefined && { slow: duration('--slow', slow).text }),
    },
    outcomes: outcomes ?? only.some(namesOutcome),
    failOn: failOn === undefined ? DEFAULT_FAIL_ON : failOn.split(',').map(verdictNamed),
    only,
    parallel: parallelOf(parallel),
    timeLimitMs: timeLimit === undefined ? undefined : limitOf(timeLimit),
  }
}

const MAX_PARALLEL = 256

function parallelOf(text: string): number {
  const number = /^\d{1,3}$/.test(text) ? Number(text) : 0
  if (number < 1 || number > MAX_PARALLEL)
    throw usageError(`--parallel: ${JSON.stringify(text)} is not a number from 1 to ${MAX_PARALLEL}`)
  return number
}

function limitOf(text: string): number {
  const { milliseconds } = duration('--time-limit', text)
  if (milliseconds === 0) throw usageError('--time-limit: it must be longer than 0')
  return milliseconds
}

function faultNamed(text: string): SweepFaultName {
  const name = SWEEP_FAULTS.find((each) => each === text.trim())
  if (name === undefined) throw usageError(`--faults: ${JSON.stringify(text)} is none of ${SWEEP_FAULTS.join(', ')}`)
  return name
}

function verdictNamed(text: string): SweepVerdict {
  const name = SWEEP_VERDICTS.find((each) => each === text.trim())
  if (name === undefined) throw usageError(`--fail-on: ${JSON.stringify(text)} is none of ${SWEEP_VERDICTS.join(', ')}`)
  return name
}

function duration(flag: string, text: string): { readonly text: string; readonly milliseconds: number } {
  const micros = parseDuration(text)
  if (micros === undefined) throw usageError(`${flag}: ${JSON.stringify(text)} is not ${DURATION_EXPECTED}`)
  return { text, milliseconds: micros / 1000 }
}
