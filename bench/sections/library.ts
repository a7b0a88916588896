import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Outcome, Section } from '../section.ts'
import { pinned, SERVER_CORE } from '../support/processes.ts'
import { median } from '../support/statistics.ts'
import type { Tools } from '../support/tools.ts'

export const library: Section = {
  name: 'library',
  title: 'The library',
  explanation:
    'In a new process for each round: the import of the package, then `createEmulator()` repeatedly, each closed ' +
    'before the next. The first one includes late loading and code that V8 has not compiled yet.',
  run,
}

const EMULATORS = fileURLToPath(new URL('../support/emulators.mjs', import.meta.url))
const call = promisify(execFile)

interface Times {
  readonly imported: number
  readonly first: number
  readonly next: readonly number[]
}

async function run({ rounds }: Tools): Promise<Outcome> {
  const samples: Times[] = []
  const [program, ...args] = pinned(SERVER_CORE, [process.execPath, EMULATORS])
  for (let round = 0; round < rounds; round += 1) samples.push(JSON.parse((await call(program, args)).stdout) as Times)
  const imported = median(samples.map((each) => each.imported))
  const first = median(samples.map((each) => each.first))
  const next = median(samples.flatMap((each) => each.next))
  return {
    columns: ['step', 'ms'],
    rows: [
      ['import', imported.toFixed(0)],
      ['first createEmulator()', first.toFixed(1)],
      ['next createEmulator()', next.toFixed(1)],
    ],
    measures: { 'first ready': first, 'next ready': next },
  }
}
