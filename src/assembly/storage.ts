import type { FastifyBaseLogger } from 'fastify'
import type { Config } from '../config/config.ts'
import { EmulatorError, StartError } from '../errors.ts'
import { isDamage } from '../store/damage.ts'
import { itemTimes, jobTimes } from '../simulator/job-times.ts'
import { damageReason, isOutOfRoom, openStore, StoreOpenError, type StoreOptions } from '../store/sqlite-store.ts'
import type { Store } from '../store/store.ts'
import { elapsedMs } from '../timers.ts'

/** Opens the store of a configuration. Tests hand in a database of their own. */
export function openData({ data }: Config, Database?: StoreOptions['Database']): Store {
  try {
    return openStore({
      folder: data,
      derive: (plan, events) => ({ times: jobTimes(plan, events), items: itemTimes(plan, events) }),
      Database,
    })
  } catch (error) {
    if (error instanceof StoreOpenError) throw new StartError([error.message], 1)
    throw error
  }
}

/** What the machine or the data refused while the emulator started. After a full disk, what was begun is undone. */
export function toStartError(error: unknown, { data = 'memory' }: Config): unknown {
  if (isOutOfRoom(error)) return new StartError([`${NO_ROOM}: --data ${data} is as it was before`], 1)
  return isDamage(error) ? new StartError([`cannot use the data in ${data}: ${damageReason(error.message)}`], 1) : error
}

/** Says what an error means to a client; undefined for one that is not expected. What the operator must mend is logged once a minute. */
export function createExplainer(log: FastifyBaseLogger | undefined): (error: unknown) => EmulatorError | undefined {
  const logged = new Map<string, number>()
  const tell = (error: unknown, message: string): void => {
    const last = logged.get(message) ?? -Infinity
    if (elapsedMs() - last <= SAY_AGAIN_MS) return
    logged.set(message, elapsedMs())
    log?.error({ err: error }, message)
  }
  return (error) => {
    if (error instanceof EmulatorError) return error
    if (isOutOfRoom(error)) {
      tell(error, `${NO_ROOM}: whatever has to be kept is refused with 507 until there is room`)
      const hint = 'make room where --data is, and send it again: nothing of it was done'
      return new EmulatorError('outOfRoom', NO_ROOM, hint)
    }
    // A seed is read again for each new domain: the file may have changed since the start.
    if (error instanceof StartError) {
      tell(error, `a seed cannot be used any more: ${error.problems.join('; ')}`)
      return new EmulatorError(
        'notReady',
        `a seed cannot be used any more: ${error.problems[0] ?? ''}`,
        'mend the file',
      )
    }
    if (!isDamage(error)) return undefined
    const message = `the emulator's data is damaged: ${error.message}`
    tell(error, message)
    return new EmulatorError('notReady', message, 'stop the emulator, and put a copy of its --data folder in place')
  }
}

/** Whether the file of the data is where it was; logs once that it is not. */
export function createDataCheck(
  store: Store,
  { data = '' }: Config,
  log: FastifyBaseLogger | undefined,
): () => boolean {
  let wasInPlace = true
  return () => {
    const isInPlace = store.isInPlace()
    if (wasInPlace && !isInPlace)
      log?.error(`the data in ${data} was removed or replaced: what is written from now on is lost, so restart`)
    wasInPlace = isInPlace
    return isInPlace
  }
}

const NO_ROOM = "the emulator's disk is full"
const SAY_AGAIN_MS = 60_000
