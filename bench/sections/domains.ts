import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Outcome, Section } from '../section.ts'
import { pinned, SERVER_CORE } from '../support/processes.ts'
import { median } from '../support/statistics.ts'
import type { Tools } from '../support/tools.ts'

const JOBS = 1000
const TURNS_A_ROUND = 5

export const domains: Section = {
  name: 'domains',
  title: 'Domains',
  explanation:
    'What a test does before it starts, through the control API without a socket, with a frozen clock and the ' +
    'database in memory. The reset of created jobs removes 1,000 jobs; the reset to seeded jobs restores 1,000 after ' +
    'one was created; fork, snapshot and load are of 1,000 seeded jobs.',
  run,
}

const SCRIPT = fileURLToPath(new URL('../support/domains.mjs', import.meta.url))
const call = promisify(execFile)

/** As the script names them, and for people. */
const STEPS = {
  make: 'create a domain',
  'reset of made jobs': 'reset of 1,000 created jobs',
  'reset to seeded jobs': 'reset to 1,000 seeded jobs',
  fork: 'fork of 1,000 jobs',
  snapshot: 'snapshot of 1,000 jobs',
  load: 'load of 1,000 jobs',
} as const

type Times = Readonly<Record<keyof typeof STEPS, readonly number[]>>

async function run({ rounds }: Tools): Promise<Outcome> {
  const [program, ...args] = pinned(SERVER_CORE, [process.execPath, SCRIPT, `${JOBS}`, `${TURNS_A_ROUND}`])
  const samples: Times[] = []
  for (let round = 0; round < rounds; round += 1) samples.push(JSON.parse((await call(program, args)).stdout) as Times)
  const steps = Object.keys(STEPS) as (keyof Times)[]
  const times = steps.map((step) => [step, median(samples.flatMap((each) => each[step]))] as const)
  return {
    columns: ['step', 'ms'],
    rows: times.map(([step, ms]) => [STEPS[step], ms.toFixed(2)]),
    measures: Object.fromEntries(times),
  }
}
