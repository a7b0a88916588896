// A separate domain for each test, with a client that signs in like a real one.

import { expect } from 'vitest'
import { AZURE, openWorld, type Answer, type Caller, type Running } from '../support/world.ts'
import type { DomainHandle, EmulatorOptions } from '../../src/index.ts'

export const CREATE = { operation: 'delete-key-backups' }

export interface World extends Running {
  readonly world: DomainHandle
  readonly client: Caller
  /** A client with a fresh token. */
  readonly fresh: () => Promise<Caller>
  /** Creates a job; returns its path. */
  readonly job: (scenario?: string) => Promise<string>
}

/** A domain of an emulator with a frozen clock, unless the options name another. */
export async function startWorld(options: EmulatorOptions = {}): Promise<World> {
  const { handle: world, ...running } = await openWorld(options)
  const fresh = async (): Promise<Caller> => running.as(await world.token())
  const client = await fresh()
  const job = async (scenario = 'default'): Promise<string> => {
    const { id } = await world.jobs.create({ family: 'azure.bulkjobs', request: CREATE, scenario })
    return `${AZURE}/${id}`
  }
  return { ...running, world, client, fresh, job }
}

/** Polls until the domain has so many requests in flight. */
export async function flying(world: DomainHandle, count: number): Promise<void> {
  while ((await world.requestsInFlight()).length !== count) await new Promise(setImmediate)
}

/** Matchers, typed as unknown, since `expect` returns any. */
export const TEXT: unknown = expect.any(String)
export const NUMBER: unknown = expect.any(Number)
export const like = (form: RegExp): unknown => expect.stringMatching(form)
export const fields = (some: object): unknown => expect.objectContaining(some)
export const holding = (part: string): unknown => expect.stringContaining(part)

export const statusesOf = (answers: readonly Answer[]): number[] => answers.map(({ status }) => status)

/** Calls a function so many times, one call after the other. */
export async function times<T>(count: number, act: (index: number) => Promise<T>): Promise<T[]> {
  const results: T[] = []
  for (let index = 0; index < count; index += 1) results.push(await act(index))
  return results
}
