import './refuse-old-node.ts'
import { expect, test as base, type Assertion, type TestAPI, type TestContext } from 'vitest'
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

/** What `expect` has for the handle of a test. */
interface PolitenessMatchers {
  /**
   * Fails if the polling report has an error. With `strict` also if it has a hint, or could not judge the client: nothing was
   * polled, or the clock is a `step` clock. Await it.
   */
  toHavePolledPolitely: (options?: PolitenessOptions) => Promise<void>
}

type PolitenessAssertion = Assertion & PolitenessMatchers & { readonly not: PolitenessMatchers }

declare module 'vitest' {
  // vitest's interfaces of matchers have other type parameters in each major version; this one has none in all of them.
  interface ExpectStatic {
    // `any` is left to vitest's own signature.
    // eslint-disable-next-line @typescript-eslint/prefer-function-type -- merges with vitest's
    <T extends Cckm>(actual: 0 extends 1 & T ? never : T, message?: string): PolitenessAssertion
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
type Suite = NonNullable<Task['suite']>

/** The identity of a test, and the root of its project. */
function testOf(task: Task): { identity: TestIdentity; root: string } {
  const { file, result } = task
  const name = nameOf(task)
  const namesakes = testsOf(file.tasks).filter((other) => nameOf(other) === name)
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

/** As `fullTestName`, which vitest 3 does not have. */
function nameOf({ name, suite, file }: Task | Suite): string {
  return suite === undefined || suite === file ? name : `${nameOf(suite)} > ${name}`
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
    return { pass: isPolite, message: () => text }
  },
})

export { expect }
