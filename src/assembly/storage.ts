import type { FastifyBaseLogger } from 'fastify'
import type { Config } from '../config.ts'
import { EmulatorError, StartError } from '../errors.ts'
import { isOutOfRoom, openSqliteStore, StoreOpenError } from '../store/sqlite-store.ts'
import type { Store } from '../store/store.ts'
import { elapsedMs } from '../timers.ts'

export function openStore({ data }: Config): Store {
  try {
    return openSqliteStore(data)
  } catch (error) {
    if (error instanceof StoreOpenError) throw new StartError([error.message], 1)
    throw error
  }
}

/** The disk filled up while the emulator started: what it had begun is undone. */
export function toStartError(error: unknown, { data }: Config): unknown {
  return isOutOfRoom(error) ? new StartError([`${NO_ROOM}: --data ${data ?? ''} is as it was before`], 1) : error
}

/** Says what an error means to a client; undefined where nobody foresaw it. A full disk is logged once a minute. */
export function createExplainer(log: FastifyBaseLogger | undefined): (error: unknown) => EmulatorError | undefined {
  let saidAt = -Infinity
  return (error) => {
    if (error instanceof EmulatorError) return error
    if (!isOutOfRoom(error)) return undefined
    if (elapsedMs() - saidAt > SAY_AGAIN_MS) {
      saidAt = elapsedMs()
      log?.error({ err: error }, `${NO_ROOM}: whatever has to be kept is refused with 507 until there is room`)
    }
    return new EmulatorError(
      'outOfRoom',
      NO_ROOM,
      'make room where --data is, and send it again: nothing of it was done',
    )
  }
}

const NO_ROOM = "the emulator's disk is full"
const SAY_AGAIN_MS = 60_000
