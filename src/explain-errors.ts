import type { BaseLogger } from 'pino'
import { EmulatorError, StartError } from './errors.ts'
import { isDamage } from './store/damage.ts'
import { damageReason, isOutOfRoom } from './store/sqlite-store.ts'
import { elapsedMs } from './timers.ts'

/** An error of the machine or of the data at start, for the user; others come back as they are. */
export function toStartError(error: unknown, data = 'memory'): unknown {
  if (isOutOfRoom(error)) return new StartError([`${NO_ROOM}: --data ${data} is as it was before`], 1)
  return isDamage(error) ? new StartError([`cannot use the data in ${data}: ${damageReason(error.message)}`], 1) : error
}

/**
 * Turns an error into one of the catalogue; undefined: it is unexpected. What the operator must fix is logged at most once a
 * minute.
 */
export function createExplainer(
  log: Pick<BaseLogger, 'error'> | undefined,
): (error: unknown) => EmulatorError | undefined {
  const logged = new Map<string, number>()
  const logOnce = (error: unknown, message: string): void => {
    const last = logged.get(message) ?? -Infinity
    if (elapsedMs() - last <= LOG_INTERVAL_MS) return
    logged.set(message, elapsedMs())
    log?.error({ err: error }, message)
  }
  return (error) => {
    if (error instanceof EmulatorError) return error
    if (isOutOfRoom(error)) {
      logOnce(error, `${NO_ROOM}: whatever has to be kept is refused with 507 until there is room`)
      const hint = 'make room where --data is, and send it again: nothing of it was done'
      return new EmulatorError('outOfRoom', NO_ROOM, hint)
    }
    // A seed is read again for each new domain: the file may have changed since the start.
    if (error instanceof StartError) {
      logOnce(error, `a seed cannot be used any more: ${error.problems.join('; ')}`)
      return new EmulatorError(
        'notReady',
        `a seed cannot be used any more: ${error.problems[0] ?? ''}`,
        'mend the file',
      )
    }
    if (!isDamage(error)) return undefined
    const message = `the emulator's data is damaged: ${error.message}`
    logOnce(error, message)
    return new EmulatorError('notReady', message, 'stop the emulator, and put a copy of its --data folder in place')
  }
}

const NO_ROOM = "the emulator's disk is full"
const LOG_INTERVAL_MS = 60_000
