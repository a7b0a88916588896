import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Outcome, Section } from '../section.ts'
import { median } from '../support/statistics.ts'
import type { Tools } from '../support/tools.ts'

export const sleeps: Section = {
  name: 'sleeps',
  title: 'Clients that sleep',
  explanation:
    'The wall time of whole commands under `--sleep virtual`, with the start of the emulator and of the client. The ' +
    'Ansible loop has 11 polls ten seconds apart. The sweep has 56 cases, two at a time, over a Python client that waits 1 to 15 s ' +
    'between its polls.',
  run,
}

const fileAt = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const CLI = fileAt('../../dist/cli.js')
const PLAYBOOK = fileAt('../../examples/clients/ansible/poll-like-the-collection.yml')
const CLIENT = fileAt('../support/sleeping-client.py')

const lasting = (after: string): string[] => [
  '--seed',
  'none',
  '--scenario',
  JSON.stringify({ extends: 'default', after }),
]
const LOOP = `ansible-playbook '${PLAYBOOK}' -e server_ip=\${CCKM_EMULATOR_HTTPS_URL#https://}`
const COMMANDS = {
  'ansible loop': ['exec', ...lasting('99s'), '--sleep', 'virtual', '--', 'sh', '-c', LOOP],
  'sweep of 56': ['sweep', '--parallel', '2', ...lasting('40s'), '--sleep', 'virtual', '--', 'python3', CLIENT],
}

/** Seconds; undefined: a program is missing. */
function timeOf(args: readonly string[]): number | undefined {
  const start = performance.now()
  const { stdout, status } = spawnSync(process.execPath, [CLI, ...args], { encoding: 'utf8' })
  const isComplete = stdout.includes('done after 11 polls') || /\b56\b/.test(stdout)
  if (!isComplete && status === 127) return undefined
  if (!isComplete) throw new Error(`${args.join(' ')} ended with ${status}:\n${stdout}`)
  return (performance.now() - start) / 1000
}

function run({ rounds }: Tools): Promise<Outcome> {
  const times = Object.entries(COMMANDS).map(([name, args]) => {
    const found = Array.from({ length: Math.min(rounds, 3) }, () => timeOf(args))
    return [name, median(found.map((each) => each ?? NaN))] as const
  })
  return Promise.resolve({
    columns: ['command', 's'],
    rows: times.map(([name, time]) => [name, Number.isNaN(time) ? 'not installed' : time.toFixed(1)]),
    measures: Object.fromEntries(times),
  })
}
