import type { Outcome, Section } from '../section.ts'
import { createdJobs, JOBS_PATH } from '../support/jobs.ts'
import { ask, bearer, control, startEmulator, temporaryFolder, tokenOf, withJobs } from '../support/servers.ts'
import { median } from '../support/statistics.ts'
import type { Tools } from '../support/tools.ts'

/** How far a deep page is, as a share of what there is. */
const DEEP = 0.6

const TIMES = 5

/** Jobs that are still running, among those that are over. */
const RUNNING_SHARE = 0.01

const FIELDS = ['id', 'createdAt', 'updatedAt', 'completed_at', 'overall_status', 'cloud', 'operation'] as const

const FILTERS = ['overall_status=failed', 'overall_status=in_progress', 'operation=delete-key-backups'] as const

export const pages: Section = {
  name: 'pages',
  title: 'Pages of 100,000 jobs',
  explanation:
    'CPU of the server for one page of ten and its total, with data on disk: the first page, one 60% down, with each ' +
    'filter, and in each order in both directions. The most expensive one counts.',
  run,
}

async function run({ rounds, jobs }: Tools): Promise<Outcome> {
  using folder = temporaryFolder()
  await using emulator = await startEmulator(...withJobs(folder.path, jobs))
  await control(emulator.url, 'POST', 'root/seed', { jobs: createdJobs(Math.ceil(jobs * RUNNING_SHARE), 1) })
  const headers = bearer(await tokenOf(emulator))
  const skip = Math.floor(jobs * DEEP)
  const sorts = FIELDS.flatMap((field) => [`sort=${field}`, `sort=-${field}`, `sort=-${field}&skip=${skip}`])
  const queries = ['', `skip=${skip}`, ...FILTERS, ...sorts, 'sort=-updatedAt&overall_status=failed']
  const costs: { query: string; ms: number }[] = []
  for (const query of queries) {
    const url = `${emulator.url}${JOBS_PATH}?limit=10&${query}`
    const samples: number[] = []
    await ask(url, { headers })
    for (let time = 0; time < Math.max(TIMES, rounds); time += 1) {
      const before = emulator.usage().cpuMs
      await ask(url, { headers })
      samples.push(emulator.usage().cpuMs - before)
    }
    costs.push({ query, ms: median(samples) })
  }
  return {
    columns: ['page', 'CPU ms'],
    rows: costs.map(({ query, ms }) => [query === '' ? 'the first' : `\`${query}\``, ms.toFixed(1)]),
    measures: { 'first page': costs[0]!.ms, 'slowest page': Math.max(...costs.map(({ ms }) => ms)) },
  }
}
