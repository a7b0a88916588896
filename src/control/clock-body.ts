import type { Static } from 'typebox'
import type { ClockBody } from '../client/schemas.ts'
import type { ClockChange } from '../domain/clock.ts'
import { CLOCK_MODES, type ClockMode } from '../model/domain.ts'
import { instantOf, invalid, microsOf } from './values.ts'

/** A clock in a body, for a clock of this mode. `pointer` is its place in the body. */
export function clockChangeOf(
  { mode, now, rate, lease, sleepers }: Static<typeof ClockBody>,
  current: ClockMode,
  pointer: string,
): ClockChange {
  const isAuto = (mode ?? current) === 'auto'
  const misplaced = Object.entries({ lease, sleepers }).find(([, value]) => value !== undefined)
  if (!isAuto && misplaced !== undefined)
    throw invalid(`${pointer}/${misplaced[0]}`, 'is for a clock of the mode auto: set "mode":"auto" too')
  if (isAuto && rate !== undefined && rate !== 1)
    throw invalid(`${pointer}/rate`, `is not for a clock of the mode auto, which runs at rate 1`)
  return {
    mode,
    now: now === undefined ? undefined : instantOf(now, `${pointer}/now`),
    rate,
    lease: lease === undefined ? undefined : microsOf(lease, `${pointer}/lease`),
    expectedSleepers: sleepers,
  }
}

/** A clock that is written as text: `step@2026-01-01T00:00:00Z`. */
export function readClockText(written: string, pointer: string): ClockChange {
  const [word, ...rest] = written.split('@')
  const mode = CLOCK_MODES.find((each) => each === word)
  if (mode === undefined)
    throw invalid(pointer, `${JSON.stringify(written)} is not ${CLOCK_MODES.join(', ')}, with @INSTANT if need be`)
  return { mode, now: rest.length === 0 ? undefined : instantOf(rest.join('@'), pointer) }
}
