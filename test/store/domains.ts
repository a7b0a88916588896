import type { ClockState } from '../../src/model/domain.ts'
import { toInstant, toMicros } from '../../src/model/time.ts'
import type { DomainRecord } from '../../src/store/store.ts'

export const CLOCK: ClockState = {
  ...{ mode: 'frozen', base: toInstant(5), rate: 1 },
  ...{ realStart: toInstant(6), elapsedStart: toMicros(7) },
}

/** A domain to add. */
export const domain = (id: string, name: string): Omit<DomainRecord, 'key'> => ({
  id,
  name,
  content: 0,
  visibleTo: undefined,
  randomSeed: 1,
  clock: CLOCK,
  settings: { failureWord: 'failed' },
  users: [{ name: 'ci', password: 'ci' }],
  scenario: undefined,
  scenarios: { mine: { after: '1s' } },
  faults: [],
  rules: [],
  isDirty: false,
  origin: { clock: undefined, settings: {}, users: [], randomSeed: undefined, scenario: 'slow', seed: { jobs: [] } },
})
