import { createHash } from 'node:crypto'
import { closeSync, openSync, writeSync } from 'node:fs'

export const JOBS_PATH = '/api/v1/cckm/azure/bulkjobs'

const LINES_PER_WRITE = 10_000

/** The id of the n-th seeded job: the same in every run, and in no order that an index would like. */
export function jobId(index: number): string {
  const hex = createHash('md5').update(`job ${index}`).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

/** Every so many seeded jobs have failed. */
const FAILED_EVERY = 4

/** A finished job as the vendor documents one: the seeds hold it, and the bare servers send it. */
export function documentOf(index: number, items = 1): object {
  const id = jobId(index)
  const details = Array.from({ length: items }, (_, item) => [jobId(index * items + item), 'Success'])
  return {
    id,
    uri: `kylo:kylo:cckm:azure-bulkjob:${id}`,
    account: 'kylo:kylo:admin:accounts:kylo',
    createdAt: '2024-02-06T09:22:54.517569Z',
    updatedAt: '2024-02-06T09:22:54.549719Z',
    completed_at: '2024-02-06T09:22:54.54953Z',
    overall_status: index % FAILED_EVERY === 0 ? 'failed' : 'completed',
    detailed_status: Object.fromEntries(details) as object,
    abort: false,
    cloud: 'AzureCloud',
    operation: 'delete-key-backups',
  }
}

/** Jobs of a seed that the emulator makes itself: they run, and end five seconds after they began. */
export function createdJobs(count: number, items: number): object[] {
  return Array.from({ length: count }, (_, index) => ({
    family: 'aws.bulkjob',
    request: {
      operation: 'enablekey',
      keys: Array.from({ length: items }, (_each, item) => jobId(index * items + item)),
    },
  }))
}

/** Writes a seed of finished jobs, a line each. */
export function writeSeed(file: string, jobs: number, items = 1): void {
  const descriptor = openSync(file, 'w')
  for (let from = 0; from < jobs; from += LINES_PER_WRITE) {
    const count = Math.min(LINES_PER_WRITE, jobs - from)
    writeSync(descriptor, Array.from({ length: count }, (_, index) => lineOf(from + index, items)).join(''))
  }
  closeSync(descriptor)
}

function lineOf(index: number, items: number): string {
  return `${JSON.stringify({ job: documentOf(index, items) })}\n`
}
