import { DAY, HOUR, MILLISECOND, MINUTE, SECOND } from '../model/time.ts'

const SMALL = [1, 2, 5, 10, 20, 50, 100, 200, 500]
/** Round lengths of time up to two weeks, in microseconds. */
export const STEPS = [
  ...SMALL,
  ...SMALL.map((count) => count * MILLISECOND),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
  ...[1, 2, 3, 6, 12].map((count) => count * HOUR),
  ...[1, 2, 7, 14].map((count) => count * DAY),
]

/** The least round length of time, in microseconds, that is at least so long. */
export function niceStep(least: number): number {
  return STEPS.find((step) => step >= least) ?? Math.ceil(least / DAY) * DAY
}
