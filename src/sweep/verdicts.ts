/**
 * How a case ended. A case has one verdict, the first of these that holds:
 *
 * - `missed`: the run did not reach the fault or ending of the case, so nothing is known.
 * - `hung`: it exceeded its time limit.
 * - `deceived`: it reported success although its job failed.
 * - `doubled`: it created more jobs of one family, operation and items than without the fault.
 * - `gave-up`: it failed, and could not know whether its call had created something.
 * - `failed`: it failed.
 * - `left-open`: it left a job unfinished that is finished without the fault.
 * - `unnoticed`: it reported success and went on as without the fault, or without one of its jobs.
 * - `rude`: the polling report has an error that it does not have without the fault.
 * - `survived`: none of these.
 */
export const SWEEP_VERDICTS = [
  'missed',
  'hung',
  'deceived',
  'doubled',
  'gave-up',
  'failed',
  'left-open',
  'unnoticed',
  'rude',
  'survived',
] as const

export type SweepVerdict = (typeof SWEEP_VERDICTS)[number]

/** Verdicts that fail a sweep by default. */
export const DEFAULT_FAIL_ON: readonly SweepVerdict[] = SWEEP_VERDICTS.filter(
  (verdict) => !['survived', 'missed', 'gave-up'].includes(verdict),
)
