import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Outcome, Section } from '../section.ts'
import { writeSeed } from '../support/jobs.ts'
import { startEmulator, temporaryFolder } from '../support/servers.ts'
import { interleave, median } from '../support/statistics.ts'
import type { Tools } from '../support/tools.ts'

const MAX_ROUNDS = 3
const MILLION = 1_000_000

export const seeding: Section = {
  name: 'seeding',
  title: 'Seeding',
  explanation:
    'The difference between a start with a seed (NDJSON, into a database on disk) and a start with the data that it ' +
    'leaves; memory is the peak of the process. The million is for `--full`.',
  run,
}

interface Sample {
  readonly ms: number
  readonly cpuMs: number
  readonly peak: number
}

interface Seed {
  readonly jobs: number
  readonly items: number
}

async function run({ rounds, jobs, isFull }: Tools): Promise<Outcome> {
  using folder = temporaryFolder()
  const seeds: Record<string, Seed> = {
    '100k of one': { jobs, items: 1 },
    '100k of four': { jobs, items: 4 },
    ...(isFull && { '1M of one': { jobs: MILLION, items: 1 } }),
  }
  const contestants = Object.entries(seeds).map(([name, seed]) => {
    const file = join(folder.path, `${name}.ndjson`)
    writeSeed(file, seed.jobs, seed.items)
    return [name, () => sample(file, join(folder.path, 'data'))]
  })
  const samples = await interleave(
    Math.min(MAX_ROUNDS, rounds),
    Object.fromEntries(contestants) as Record<string, () => Promise<Sample>>,
  )
  const measured = Object.entries(samples).map(([name, taken]) => {
    const of = (field: keyof Sample): number => median(taken.map((each) => each[field]))
    return { name, ms: of('ms'), cpuMs: of('cpuMs'), peak: of('peak'), jobs: seeds[name]!.jobs }
  })
  return {
    columns: ['jobs', 's', 'CPU s', 'CPU us a job', 'peak MiB'],
    rows: measured.map(({ name, ms, cpuMs, peak, jobs: count }) => [
      name,
      (ms / 1000).toFixed(1),
      (cpuMs / 1000).toFixed(1),
      ((cpuMs * 1000) / count).toFixed(0),
      peak.toFixed(0),
    ]),
    measures: Object.fromEntries(measured.map(({ name, cpuMs }) => [name, cpuMs / 1000])),
  }
}

async function sample(seed: string, data: string): Promise<Sample> {
  try {
    const first = await startEmulator('--data', data, '--seed', seed)
    const { cpuMs, peakMemory: peak } = first.usage()
    await first.stop()
    await using next = await startEmulator('--data', data, '--seed', 'none')
    return { ms: first.startMs - next.startMs, cpuMs: cpuMs - next.usage().cpuMs, peak }
  } finally {
    rmSync(data, { recursive: true })
  }
}
