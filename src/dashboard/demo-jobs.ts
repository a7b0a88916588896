import type { NewJob } from './create-request.ts'
import { sampleItems } from './create-request.ts'

/** Jobs of the demo that the page starts. */
const COUNT = 20
/** The clock's rate of the demo: a job of ten minutes takes ten seconds. */
export const DEMO_RATE = 60

const SCENARIOS = ['demo', 'partial-failure', 'slow', 'demo', 'failure', 'default'] as const

/** Jobs of all families and operations with different scenarios. */
export function demoJobs(
  families: readonly { readonly name: string; readonly operations: readonly string[] }[],
): NewJob[] {
  const kinds = families.flatMap(({ name: family, operations }) =>
    operations.map((operation) => ({ family, operation })),
  )
  return Array.from({ length: kinds.length === 0 ? 0 : COUNT }, (_each, index) => ({
    ...(kinds[index % kinds.length] ?? { family: '', operation: '' }),
    items: sampleItems(4 + (index % 9)),
    scenario: SCENARIOS[index % SCENARIOS.length] ?? 'demo',
  }))
}
