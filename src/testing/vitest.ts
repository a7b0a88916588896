import './refuse-old-node.ts'
import { expect, test as base, type TestAPI, type TestContext } from 'vitest'
import type { Cckm } from './handle.ts'
import type { TestIdentity } from './naming.ts'
import type { CckmOptions } from './options.ts'
import { politenessOf, type PolitenessOptions } from './politeness.ts'
import { testServer } from './server.ts'
import { openSession } from './session.ts'

export type { Cckm, CckmClock, Credentials } from './handle.ts'
export type { Allowance, CckmOptions, FailureKind } from './options.ts'
export type { PolitenessOptions, PollingRule } from './politeness.ts'
export type { FakeTimers } from './timers.ts'

/** The fixtures that `test` adds to those of vitest. */
export interface CckmFixtures {
  /** The emulator, with a domain for this test only. */
  readonly cckm: Cckm
  /** Options of the domain. `test.override({ cckmOptions: { clock: 'frozen' } })` changes them for a suite. */
  readonly cckmOptions: CckmOptions
}

declare module 'vitest' {
  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- merges with vitest's, which has these two
  interface Matchers<R, T> {
    /** Fails if the polling report has an error (or, with `strict`, a hint). Await it. */
    toHavePolledPolitely: (options?: PolitenessOptions) => Promise<void>
  }
}

/**
 * Adds the fixture `cckm` to a `test` with your own fixtures.
 *
 * @example
 * ```ts
 * import { expect, test as base } from 'vitest'
 * import { withCckm } from 'cckm-emulator/vitest'
 *
 * const test = withCckm(base.extend({ backups: ['k1', 'k2'] }), { clock: 'frozen@2026-03-01T00:00:00Z' })
 *
 * test('has its own fixtures and the emulator', async ({ cckm, backups }) => {
 *   expect(backups).toHaveLength(2)
 *   expect((await cckm.clock.read()).mode).toBe('frozen')
 * })
 * ```
 */
export function withCckm<Context>(
  baseTest: TestAPI<Context>,
  options: CckmOptions = {},
): TestAPI<Context & CckmFixtures> {
  const extended = baseTest.extend<{ cckmOptions: CckmOptions; cckm: Cckm }>({
    cckmOptions: async ({}, use) => {
      await use(options)
    },
    cckm: async ({ task, cckmOptions }, use) => {
      const { identity, root } = testOf(task)
      const session = await openSession({ identity, root, options: cckmOptions })
      await use(session.cckm)
      const hasFailed = task.result?.state === 'fail'
      // Skipped while it ran, or failed as expected (`test.fails`).
      const isExcused = task.result?.state === 'skip' || (hasFailed && task.fails === true)
      await session.end({ hasFailed, isExcused })
    },
  })
  return extended as unknown as TestAPI<Context & CckmFixtures>
}

type Task = TestContext['task']
type Tasks = Task['file']['tasks']

/** The identity of a test, and the root of its project. */
function testOf(task: Task): { identity: TestIdentity; root: string } {
  const { file, result, fullTestName: name } = task
  const namesakes = testsOf(file.tasks).filter((other) => other.fullTestName === name)
  const identity = {
    file: file.name,
    name,
    retry: result?.retryCount,
    repeat: result?.repeatCount,
    nth: namesakes.indexOf(task),
  }
  const root = file.filepath.endsWith(file.name) ? file.filepath.slice(0, -file.name.length) : process.cwd()
  return { identity, root }
}

function testsOf(tasks: Tasks): Task[] {
  return tasks.flatMap((task) => (task.type === 'suite' ? testsOf(task.tasks) : [task]))
}

// Started while the file is loaded, so that a slow start does not count towards the timeout of the first test.
testServer().catch(() => undefined)

/** vitest's `test` with the fixture `cckm`. */
export const test = withCckm(base)

expect.extend({
  async toHavePolledPolitely(received: Cckm, options?: PolitenessOptions) {
    const { isPolite, text } = await politenessOf(received, options)
    return { pass: isPolite, message: () => (isPolite ? 'the polling report finds nothing wrong' : text) }
  },
})

export { expect }
