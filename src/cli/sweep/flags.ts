import { SWEEP_FAULTS, SWEEP_OUTCOMES } from '../../model/sweep.ts'
import { DEFAULT_FAIL_ON } from '../../sweep/verdicts.ts'
import { SLEEP_OPTION, type ExecFlags } from '../virtual-sleep.ts'

/** The values of the flags that only `sweep` has. */
export interface SweepFlags extends ExecFlags {
  readonly only?: readonly string[]
  readonly faults?: string
  readonly outcomes?: true
  readonly failOn?: string
  readonly parallel?: string
  readonly timeLimit?: string
  readonly retryAfter?: string
  readonly slow?: string
  readonly json?: string
  readonly junit?: string
  readonly baseline?: string
  readonly updateBaseline?: true
}

interface SweepOption {
  readonly term: string
  readonly description: string
  readonly isRepeatable?: boolean
}

/** The flags that only `sweep` has. */
export const SWEEP_OPTIONS: readonly SweepOption[] = [
  {
    term: '--only <case>',
    description: "case to run, by name or glob, such as 'azure.bulkjobs.get#2:reset'; repeatable (default: all)",
    isRepeatable: true,
  },
  { term: '--faults <list>', description: `faults to try (default: ${SWEEP_FAULTS.join(',')})` },
  {
    term: '--outcomes',
    description: `also run the command once for each ending of its jobs: ${Object.keys(SWEEP_OUTCOMES).join(', ')}`,
  },
  {
    term: '--fail-on <list>',
    description: `verdicts that fail the sweep (default: ${DEFAULT_FAIL_ON.join(',')})`,
  },
  { term: '--parallel <number>', description: 'number of parallel runs, each in its own domain (default: 1)' },
  {
    term: '--time-limit <duration>',
    description: 'after this time a run counts as hung (default: 10s plus five times the duration without faults)',
  },
  { term: '--retry-after <duration>', description: 'Retry-After of responses with 503 and 429 (default: 1s)' },
  { term: '--slow <duration>', description: 'delay of a slow response (default: 2s)' },
  SLEEP_OPTION,
  { term: '--json <file>', description: 'write the report as JSON' },
  { term: '--junit <file>', description: 'write the report as JUnit XML, with a test case for each case' },
  {
    term: '--baseline <file>',
    description: 'file of cases that are known not to survive; they do not fail the sweep',
  },
  { term: '--update-baseline', description: 'write the cases that did not survive to the baseline' },
]

/** Flags with a value that the command to repeat one case omits. */
const FLAGS_OF_FULL_SWEEP = ['--only', '--parallel', '--json', '--junit', '--baseline']

/** The command line that runs one case again, quoted for a shell. */
export function repeatCommand(name: string, args: readonly string[], words: readonly string[]): string {
  const kept: string[] = []
  const own = args.slice(0, args.length - words.length)
  for (let index = 0; index < own.length; index += 1) {
    const arg = own[index] ?? ''
    if (arg === '--' || arg === '--update-baseline') continue
    const isOmitted = FLAGS_OF_FULL_SWEEP.some((flag) => arg === flag || arg.startsWith(`${flag}=`))
    if (!isOmitted) kept.push(arg)
    else if (!arg.includes('=')) index += 1
  }
  return ['cckm-emulator', 'sweep', '--only', name, ...kept, '--', ...words].map(quoted).join(' ')
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
