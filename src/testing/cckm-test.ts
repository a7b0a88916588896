import { relative } from 'node:path'
import { requireSupportedNode } from '../supported-node.ts'
import type { Cckm } from './handle.ts'
import type { TestIdentity } from './naming.ts'
import type { CckmOptions } from './options.ts'
import { politenessOf, type PolitenessOptions } from './politeness.ts'
import { openSession, type Session } from './session.ts'
import { startTimeLimit } from './time-limit.ts'

export type { Cckm, CckmClock, Credentials } from './handle.ts'
export type { Allowance, CckmOptions, FailureKind } from './options.ts'
export type { PolitenessOptions, PollingRule } from './politeness.ts'
export type { FakeTimers } from './timers.ts'

/** The handle of one test, for runners without fixtures. Call `end` with the result of the test. */
export interface OpenCckm {
  readonly cckm: Cckm
  /**
   * Ends the test and deletes its domain. Of a failed test it prints a report. Of a passed test it throws if the emulator saw
   * something that fails it (`failOn`).
   */
  readonly end: (outcome?: { readonly hasFailed?: boolean }) => Promise<void>
}

/** Identifies a test: its domain and its random seed are derived from that. */
export interface TestName {
  readonly name: string
  /** Its file, if names are not unique. */
  readonly file?: string
}

/**
 * Opens the handle for a test of any runner. `cckmTest` does this for a test function.
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

/** Counts tests of the same name, so that a retry, or another test of that name, has its own domain. */
const counts = new Map<string, number>()

function countOf(file: string, name: string): number {
  const key = JSON.stringify([file, name])
  const count = counts.get(key) ?? 0
  counts.set(key, count + 1)
  return count
}

/** Options of a test function. */
export interface CckmTestOptions extends CckmOptions {
  /**
   * Fails the test after this time: milliseconds, or a duration such as `'5s'`. jest needs it, slightly below its own, since it
   * does not provide its timeout; those of node:test and mocha are known without it.
   */
  readonly timeout?: number | string
}

/**
 * Makes a test function for node:test, mocha and jest: `test('name', cckmTest(async (cckm) => { ... }))`. At a timeout it
 * prints the report and deletes the domain, so that a client which still polls gets 401 and ends.
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
  { timeout, ...options }: CckmTestOptions = {},
): (this: unknown, ...args: unknown[]) => Promise<void> {
  // No named parameter: mocha and jest would pass a callback for it.
  return async function (this: unknown, ...args) {
    requireSupportedNode()
    const limit = startTimeLimit({ signal: signalOf(args[0]), timeouts: [timeout, timeoutOf(this)] })
    try {
      const { cckm, end } = await openCckm(nameOf(this, args[0]), options)
      try {
        const work = (async () => body(cckm))()
        await Promise.race([work, limit.isUp])
      } catch (error) {
        await end({ hasFailed: true })
        throw error
      }
      await end()
    } finally {
      limit.release()
    }
  }
}

/** The signal that node:test aborts when a test times out. */
function signalOf(context: unknown): AbortSignal | undefined {
  const { signal } = fieldsOf(context)
  return signal instanceof AbortSignal ? signal : undefined
}

/** The timeout of mocha, which has already started; 0: none. */
function timeoutOf(self: unknown): number | undefined {
  const { timeout } = fieldsOf(self)
  const milliseconds: unknown = typeof timeout === 'function' ? Reflect.apply(timeout, self, []) : undefined
  return typeof milliseconds === 'number' ? milliseconds : undefined
}

/** The name of the test: node:test passes it in the first argument, mocha in `this`, jest in its `expect`. */
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

/** Throws if the polling report has findings: `toHavePolledPolitely` for runners other than vitest. */
export async function assertPolite(cckm: Pick<Cckm, 'pollingReport'>, options: PolitenessOptions = {}): Promise<void> {
  const { isPolite, text } = await politenessOf(cckm, options)
  if (!isPolite) throw new Error(text)
}
