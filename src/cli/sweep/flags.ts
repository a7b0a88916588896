import { SWEEP_FAULTS } from '../../model/sweep.ts'

/** The values of the flags that only `sweep` has. */
export interface SweepFlags {
  readonly only?: readonly string[]
  readonly faults?: string
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
    description: "a case by name or glob, such as 'azure.bulkjobs.get#2:reset'; may be repeated (default: all)",
    isRepeatable: true,
  },
  { term: '--faults <list>', description: `which faults to try (default: ${SWEEP_FAULTS.join(',')})` },
  { term: '--parallel <number>', description: 'how many runs at once, each in its own domain (default: 1)' },
  {
    term: '--time-limit <duration>',
    description: 'how long a run may take before it hangs (default: 10s and five times what it takes without faults)',
  },
  { term: '--retry-after <duration>', description: 'what 503 and 429 ask a client to wait (default: 1s)' },
  { term: '--slow <duration>', description: 'how late a slow answer is (default: 2s)' },
  { term: '--json <file>', description: 'write the report as JSON' },
  { term: '--junit <file>', description: 'write the report as JUnit XML, a test case for each case' },
  {
    term: '--baseline <file>',
    description: 'a file of cases that are known not to survive, and do not fail the sweep',
  },
  { term: '--update-baseline', description: 'write what did not survive into that file' },
]

/** Flags that the command to repeat one case leaves out. */
const OF_THE_WHOLE = ['--only', '--parallel', '--json', '--junit', '--baseline']

/** The command line that runs one case again, as a shell takes it. */
export function repeatCommand(name: string, args: readonly string[], words: readonly string[]): string {
  const kept: string[] = []
  const own = args.slice(0, args.length - words.length)
  for (let index = 0; index < own.length; index += 1) {
    const arg = own[index] ?? ''
    if (arg === '--' || arg === '--update-baseline') continue
    const isWhole = OF_THE_WHOLE.some((flag) => arg === flag || arg.startsWith(`${flag}=`))
    if (!isWhole) kept.push(arg)
    else if (!arg.includes('=')) index += 1
  }
  return ['cckm-emulator', 'sweep', '--only', name, ...kept, '--', ...words].map(quoted).join(' ')
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
