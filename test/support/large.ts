// An emulator whose database a test can inspect, and a measure of whether a large call yields to others.

import Database from 'better-sqlite3'
import { onTestFinished } from 'vitest'
import { readOptions } from '../../src/config/config.ts'
import { startEmulator } from '../../src/emulator.ts'
import type { Emulator, EmulatorOptions } from '../../src/index.ts'
import { callerOf, NOW, type Caller } from './world.ts'

export interface LargeWorld {
  readonly emulator: Emulator
  readonly database: Database.Database
  /** Texts of the executed statements, one per execution. */
  readonly statements: string[]
  /** Makes each later statement that matches fail, as on a full disk. */
  readonly failOn: (text: RegExp | undefined) => void
  /**
   * Makes the next 40 statements that write jobs each longer than a slice: a large call then yields to others for that
   * many turns of the event loop, or one for each 200 jobs that it copies, however fast the machine is.
   */
  readonly slowDown: () => void
  /** The control API's part of a domain. */
  readonly control: (domain: string) => Caller
  readonly vendor: (domain: string) => Promise<Caller>
  readonly server: Caller
}

export async function openLargeWorld(options: EmulatorOptions = {}): Promise<LargeWorld> {
  const reading = readOptions({ seed: 'none', clock: `frozen@${NOW}`, randomSeed: 42, ...options })
  if ('problems' in reading) throw new Error('the options are wrong')
  const statements: string[] = []
  let failing: RegExp | undefined
  let slow = 0
  const opened: Database.Database[] = []
  class Watched extends Database {
    constructor(...args: ConstructorParameters<typeof Database>) {
      super(...args)
      opened.push(this)
    }
    override prepare(text: string): never {
      const statement = super.prepare(text)
      for (const method of ['run', 'get', 'all'] as const) {
        const own: (...values: unknown[]) => unknown = statement[method].bind(statement)
        Object.assign(statement, {
          [method]: (...values: unknown[]) => {
            statements.push(text)
            if (failing?.test(text) === true) throw new Database.SqliteError('database or disk is full', 'SQLITE_FULL')
            if (slow > 0 && WRITES_JOBS.test(text)) {
              slow -= 1
              waitBusily()
            }
            return own(...values)
          },
        })
      }
      return statement as never
    }
  }
  const emulator = await startEmulator(reading.config, { Database: Watched as unknown as typeof Database })
  onTestFinished(() => emulator.close())
  const [database] = opened
  if (database === undefined) throw new Error('no database was opened')
  const base = (domain: string): string => `/__admin/domains/${domain}`
  return {
    emulator,
    database,
    statements,
    failOn: (text) => {
      failing = text
    },
    slowDown: () => {
      slow = 40
    },
    control: (domain) => callerOf(emulator, base(domain)),
    vendor: async (domain) =>
      callerOf(emulator, '/api/v1', { authorization: `Bearer ${await emulator.token({ domain })}` }),
    server: callerOf(emulator, '/__admin'),
  }
}

const WRITES_JOBS = /insert into job|delete from job/

/** Longer than a slice (src/domain/slices.ts). */
const SLOW_MS = 22

function waitBusily(): void {
  const end = performance.now() + SLOW_MS
  while (performance.now() < end);
}

/** A seed document with this many jobs, each with a different request. */
export function seedOf(count: number, prefix = 'k'): { readonly jobs: object[] } {
  const request = (n: number): object => ({ keys: [`${prefix}${n}`], operation: 'enablekey' })
  return { jobs: Array.from({ length: count }, (_, n) => ({ family: 'aws.bulkjob', request: request(n) })) }
}

/** Resolves in the next turn of the event loop. */
export const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))

/** A started call, and whether it has ended. */
export interface Begun<T> {
  readonly answer: Promise<T>
  readonly isOver: () => boolean
}

export function begin<T>(answer: Promise<T>): Begun<T> {
  let isOver = false
  const settle = (): void => {
    isOver = true
  }
  answer.then(settle, settle)
  return { answer, isOver: () => isOver }
}

/** Runs a call; counts the turns of the event loop during it, and those with an open transaction. */
export async function turnsDuring(
  database: Database.Database,
  call: () => Promise<unknown>,
): Promise<{ readonly turns: number; readonly open: number }> {
  const { answer, isOver } = begin(call())
  let turns = 0
  let open = 0
  while (!isOver()) {
    await turn()
    turns += 1
    if (database.inTransaction) open += 1
  }
  await answer
  return { turns, open }
}
