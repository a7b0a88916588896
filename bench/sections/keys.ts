import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Outcome, Section } from '../section.ts'
import { ask, bearer, startEmulator, temporaryFolder, tokenOf } from '../support/servers.ts'
import type { Tools } from '../support/tools.ts'

const AWS = '/api/v1/cckm/aws/keys'
const AZURE = '/api/v1/cckm/azure/keys'

/** How far a deep page is, as a share of what there is. */
const DEEP = 0.6

const TIMES = 5

const REGIONS = ['eu-west-1', 'eu-central-1', 'us-east-1', 'us-west-2']
const VAULTS = ['vault-0', 'vault-1', 'vault-2', 'vault-3']

/** How many versions each Azure key has. */
const VERSIONS = 4

const LINES_PER_WRITE = 10_000

/** What is read of each list, beside the first page and a deep one. Each of these has been slow. */
const AWS_QUERIES = [
  'sort=arn',
  'sort=-updatedAt',
  'sort=region,createdAt',
  'sort=updatedAt,-createdAt',
  'keystate=Enabled&sort=region,-updatedAt',
  'region=eu-west-1&sort=-updatedAt',
]
const AZURE_QUERIES = [
  'sort=-updatedAt',
  'sort=key_name,-createdAt',
  'backup=true',
  'tags=team',
  'version=-1',
  'version=-1&sort=-updatedAt',
  'version=-1&sort=region,-createdAt',
  'version=-1&key_vault=vault-1',
]

export const keys: Section = {
  name: 'keys',
  title: 'Pages of 100,000 keys',
  explanation:
    'CPU of the server for one page of ten and its total, with data on disk, in lists of 100,000 AWS keys and of 100,000 ' +
    'versions of 25,000 Azure keys, all with the same `updatedAt`: the first page, one 60% down, and the filters and ' +
    'orders that cost most, both on the first page and 60% down. The minimum of several samples is shown, and the most expensive page counts.',
  run,
}

async function run({ rounds, jobs: count }: Tools): Promise<Outcome> {
  using folder = temporaryFolder()
  const seed = join(folder.path, 'keys.ndjson')
  writeKeys(seed, count)
  await using emulator = await startEmulator('--data', join(folder.path, 'data'), '--seed', seed)
  const headers = bearer(await tokenOf(emulator))
  const costs: { page: string; ms: number }[] = []
  for (const page of pages(count)) {
    const samples: number[] = []
    for (let time = 0; time <= Math.max(TIMES, rounds); time += 1) {
      const before = emulator.usage().cpuMs
      await ask(emulator.url + page, { headers })
      samples.push(emulator.usage().cpuMs - before)
    }
    costs.push({ page, ms: Math.min(...samples) })
  }
  const first = costs.filter(({ page }) => page === `${AWS}?limit=10` || page === `${AZURE}?limit=10`)
  return {
    columns: ['page', 'CPU ms'],
    rows: costs.map(({ page, ms }) => [`\`${page.replace('/api/v1/cckm/', '')}\``, ms.toFixed(1)]),
    measures: {
      'first page': Math.max(...first.map(({ ms }) => ms)),
      'slowest page': Math.max(...costs.map(({ ms }) => ms)),
    },
  }
}

/** Each query with its first and its deep page. */
function pages(count: number): readonly string[] {
  const of = (path: string, queries: readonly string[]): string[] =>
    ['', ...queries.map((query) => `&${query}`)].flatMap((query) => {
      const total = Math.floor(query.includes('version=-1') ? count / VERSIONS : count)
      return [`${path}?limit=10${query}`, `${path}?limit=10${query}&skip=${Math.floor(total * DEEP)}`]
    })
  return [...of(AWS, AWS_QUERIES), ...of(AZURE, AZURE_QUERIES)]
}

/** Writes a seed of so many keys of each cloud, a line each, after their containers. */
function writeKeys(file: string, count: number): void {
  const descriptor = openSync(file, 'w')
  const containers = [
    { kind: 'aws.kms', record: { id: 'kms-1', name: 'kms-1' } },
    ...VAULTS.map((azure_name) => ({ kind: 'azure.vault', record: { id: azure_name, azure_name } })),
  ]
  writeSync(descriptor, textOf(containers))
  for (let from = 0; from < count; from += LINES_PER_WRITE) {
    const indexes = Array.from({ length: Math.min(LINES_PER_WRITE, count - from) }, (_, index) => from + index)
    writeSync(descriptor, textOf(indexes.flatMap((index) => [awsKey(index), azureKey(index, count / VERSIONS)])))
  }
  closeSync(descriptor)
}

function textOf(elements: readonly object[]): string {
  return elements.map((element) => `${JSON.stringify(element)}\n`).join('')
}

/** All keys were last changed by one call, some time after each was made. */
const UPDATED = '2024-02-06T09:22:54.517569Z'

function createdAt(index: number): string {
  return new Date(Date.UTC(2024, 0, 1) + index * 1000).toISOString()
}

function awsKey(index: number): object {
  const region = REGIONS[index % REGIONS.length]
  return { kind: 'aws.key', record: { kms: 'kms-1', region, createdAt: createdAt(index), updatedAt: UPDATED } }
}

/** A name for every so many versions, in an order that is not that of their creation. */
function azureKey(index: number, names: number): object {
  const name = (index * 7919) % Math.ceil(names)
  const record = { key_vault: VAULTS[name % VAULTS.length], key_name: `key-${name}` }
  return { kind: 'azure.key', record: { ...record, createdAt: createdAt(index), updatedAt: UPDATED } }
}
