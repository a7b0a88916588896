import type { BaseLogger } from 'pino'
import { EmulatorError, StartError } from './errors.ts'
import { isDamage } from './store/damage.ts'
import { damageReason, isOutOfRoom } from './store/sqlite-store.ts'
import { elapsedMs } from './timers.ts'

/** Turns an error of the machine or the data at a start into one for the user; other errors are returned unchanged. */
export function toStartError(error: unknown, data = 'memory'): unknown {
  if (isOutOfRoom(error)) return new StartError([`${NO_ROOM}: --data ${data} is unchanged`], 1)
  return isDamage(error) ? new StartError([`cannot use the data in ${data}: ${damageReason(error.message)}`], 1) : error
}

/**
 * Turns an error into one of the catalogue; undefined if it is unexpected. Errors that the operator must fix are logged
 * at most once a minute.
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
      logOnce(error, `${NO_ROOM}: writes are refused with 507 until there is room`)
      const hint = 'free space on the disk of --data and send the request again: it changed nothing'
      return new EmulatorError('outOfRoom', NO_ROOM, hint)
    }
    // A seed is read again for each new domain: the file may have changed since the start.
    if (error instanceof StartError) {
      logOnce(error, `a seed is no longer valid: ${error.problems.join('; ')}`)
      return new EmulatorError('notReady', `a seed is no longer valid: ${error.problems[0] ?? ''}`, 'correct the file')
    }
    if (!isDamage(error)) return undefined
    const message = `the emulator's data is damaged: ${error.message}`
    logOnce(error, message)
    return new EmulatorError('notReady', message, 'stop the emulator, and put a copy of its --data folder in place')
  }
}

const NO_ROOM = "the emulator's disk is full"
const LOG_INTERVAL_MS = 60_000
