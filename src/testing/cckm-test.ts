import { relative } from 'node:path'
import type { Cckm } from './handle.ts'
import type { TestIdentity } from './naming.ts'
import type { CckmOptions } from './options.ts'
import { politenessOf, type PolitenessOptions } from './politeness.ts'
import { openSession, type Session } from './session.ts'

export type { Cckm, CckmClock, Credentials } from './handle.ts'
export type { Allowance, CckmOptions, FailureKind } from './options.ts'
export type { PolitenessOptions, PollingRule } from './politeness.ts'
export type { FakeTimers } from './timers.ts'

/** A handle for one test, where a runner has no fixtures: end it with what became of the test. */
export interface OpenCckm {
  readonly cckm: Cckm
  /** Throws what fails a test that was green; tells of one that was red. Drops the domain. */
  readonly end: (outcome?: { readonly hasFailed?: boolean }) => Promise<void>
}

/** Which test it is: its domain and its random seed are made from that. */
export interface TestName {
  readonly name: string
  /** Its file, where names are not unique. */
  readonly file?: string
}

/**
 * The handle for a test of any runner. `cckmTest` does this around a test function.
 *
 * @example
 * ```ts
 * import { openCckm } from 'cckm-emulator/testing'
 *
 * const { cckm, end } = await openCckm({ name: 'renews its token' })
 * await cckm.nextJob({ scenario: 'stuck' })
 * await end()
 * ```
 */
export async function openCckm({ name, file = '' }: TestName, options: CckmOptions = {}): Promise<OpenCckm> {
  const root = process.cwd()
  const nth = countOf(file, name)
  const identity: TestIdentity = { file: file === '' ? '' : relative(root, file), name, nth }
  const { cckm, end }: Session = await openSession({ identity, root, options })
  return { cckm, end: ({ hasFailed = false } = {}) => end({ hasFailed }) }
}

/** The same test again, be it tried once more or only called the same, gets a domain of its own. */
const counts = new Map<string, number>()

function countOf(file: string, name: string): number {
  const key = JSON.stringify([file, name])
  const count = counts.get(key) ?? 0
  counts.set(key, count + 1)
  return count
}

/**
 * A test function with the handle, for node:test, mocha and jest: `test('name', cckmTest(async (cckm) => { ... }))`.
 *
 * @example
 * ```ts
 * import { test } from 'node:test'
 * import { cckmTest } from 'cckm-emulator/testing'
 *
 * test('cancels a stuck job', cckmTest(async (cckm) => {
 *   await cckm.nextJob({ scenario: 'stuck' })
 *   cckm.allow('unused')
 * }))
 * ```
 */
export function cckmTest(
  body: (cckm: Cckm) => Promise<void> | void,
  options: CckmOptions = {},
): (this: unknown, ...args: unknown[]) => Promise<void> {
  // No named parameter: mocha and jest would take one for a callback.
  return async function (this: unknown, ...args) {
    const { cckm, end } = await openCckm(nameOf(this, args[0]), options)
    try {
      await body(cckm)
    } catch (error) {
      await end({ hasFailed: true })
      throw error
    }
    await end()
  }
}

/** The name as the runner tells it: node:test by the first argument, mocha by `this`, jest by its `expect`. */
function nameOf(self: unknown, context: unknown): TestName {
  const { fullName, name, filePath } = fieldsOf(context)
  if (typeof name === 'string') return named(fullName ?? name, filePath)
  const { test } = fieldsOf(self)
  const { title, file, fullTitle } = fieldsOf(test)
  if (typeof title === 'string')
    return named(typeof fullTitle === 'function' ? Reflect.apply(fullTitle, test, []) : title, file)
  const { expect } = globalThis as { expect?: { getState?: () => { currentTestName?: string; testPath?: string } } }
  const { currentTestName, testPath } = expect?.getState?.() ?? {}
  if (currentTestName !== undefined) return named(currentTestName, testPath)
  throw new Error('the runner does not say which test this is: use openCckm({ name }) instead of cckmTest')
}

function named(name: unknown, file: unknown): TestName {
  return { name: String(name), ...(typeof file === 'string' && { file }) }
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
}

/** Throws what the polling report finds wrong; vitest's `toHavePolledPolitely` for other runners. */
export async function assertPolite(cckm: Pick<Cckm, 'pollingReport'>, options: PolitenessOptions = {}): Promise<void> {
  const { isPolite, text } = await politenessOf(cckm, options)
  if (!isPolite) throw new Error(text)
}
