// Writes fixtures/demo/jobs.ndjson: what compose.yaml starts with, an estate and 200 jobs of both families in every state.
//
//   node scripts/write-demo-seed.ts        writes it
//
// test/files/demo-seed.test.ts holds the file to this source. Every id comes from a number, so the file is the same each time.

import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { FAILED_ITEM } from '../src/simulator/plan-job.ts'
import { namedId } from '../src/model/identifiers.ts'
import { awsBulkjob } from '../src/wire/families/aws-bulkjob.ts'
import { DEFAULT_SETTINGS } from '../src/model/settings.ts'
import { MILLISECOND, SECOND, toInstant } from '../src/model/time.ts'
import { formatInstant } from '../src/wire/timestamps.ts'

/** Jobs made as a client would make them, so many that began so long ago: the states that go by the clock. */
interface Group {
  readonly count: number
  readonly scenario: string
  /** Minutes between the start of the emulator and the creation of the latest of them, and from each to the next. */
  readonly latest: number
  readonly apart: number
}

const GROUPS: readonly Group[] = [
  // Over: all items done, some failed, all failed, the last failed. The latest are minutes old, the oldest weeks.
  { count: 64, scenario: 'default', latest: 2, apart: 311 },
  { count: 22, scenario: 'partial-failure', latest: 6, apart: 557 },
  { count: 14, scenario: 'failure', latest: 11, apart: 983 },
  { count: 8, scenario: 'late-failure', latest: 17, apart: 1201 },
  // Running: just begun, and so far that results show.
  { count: 18, scenario: 'demo', latest: 0, apart: 0.5 },
  { count: 6, scenario: 'slow', latest: 0, apart: 1.5 },
  // Waiting for what may never come: a signal, polls, nothing.
  { count: 8, scenario: 'manual', latest: 1, apart: 45 },
  { count: 4, scenario: 'third-poll', latest: 3, apart: 30 },
  { count: 10, scenario: 'stuck', latest: 20, apart: 720 },
]

/** Jobs that were cancelled, and long finished ones, are documents: nothing in a request says that it was cancelled. */
const ABORTED = 26
const OLD = 20
const FIRST_DAY = Date.UTC(2025, 2, 3, 8, 30) * MILLISECOND + 517_569
const MINUTE = 60 * SECOND

type Line = Readonly<Record<string, unknown>>

const ACCOUNTS = ['production', 'staging']
const VAULTS = ['shop', 'office'].map((name) => `${name}::${namedId('demo subscription', name)}`)
const BACKED_UP = ['billing', 'mail', 'reports', 'search', 'wiki']

const numbered = <T>(count: number, make: (number: string) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(String(index + 1).padStart(4, '0')))

const awsKeyId = (account: string, alias: string): string => namedId('demo aws key', `${account} ${alias}`)
const azureKeyId = (vault: string, name: string): string => namedId('demo key', `${vault} ${name}`)
const backupId = (key: string, number: string): string => namedId('demo backup', `${key} ${number}`)

/** What jobs act on: keys of both accounts, and backups of both vaults. */
const KEYS = ACCOUNTS.flatMap((account) => numbered(12, (number) => awsKeyId(account, `orders-${number}`)))
const BACKUPS = VAULTS.flatMap((vault) =>
  BACKED_UP.flatMap((name) => numbered(10, (number) => backupId(azureKeyId(vault, name), number))),
)

/** So many of them, spread over all; which ones depends on the name. */
function itemsOf(name: string, count: number, from: readonly string[]): string[] {
  const first = Number.parseInt(namedId('demo items', name).slice(0, 6), 16)
  return Array.from({ length: count }, (_, index) => from[(first + index * 7) % from.length]!)
}

const isAws = (number: number): boolean => number % 5 < 3
const operationOf = (number: number): string => awsBulkjob.operations[number % 4]!

function requested({ count, scenario, latest, apart }: Group): Line[] {
  return Array.from({ length: count }, (_, number) => {
    const name = `${scenario} ${number}`
    const items = itemsOf(name, scenario === 'demo' ? 20 : 3 + (number % 10), isAws(number) ? KEYS : BACKUPS)
    const createdAt = before(Math.round((latest + number * apart) * 60))
    const operation = operationOf(number)
    const aws = { operation, keys: items, ...(operation === 'schedulekeydeletion' && { days: 7 + (number % 24) }) }
    const azure = { operation: 'delete-key-backups', delete_key_backups_param: { backups: items } }
    return isAws(number)
      ? { family: 'aws.bulkjob', request: aws, scenario, createdAt }
      : { family: 'azure.bulkjobs', request: azure, scenario, createdAt }
  })
}

/** Seven seconds earlier, so that no item ends at the start of the emulator: the estate is whole then. */
function before(seconds: number): string {
  return seconds === 0 ? 'now' : `now-${seconds + 7}s`
}

/** A document as CM sends it; of an aborted one the later items were not done any more. */
function captured(kind: 'aborted' | 'completed', number: number): Line {
  const name = `${kind} ${number}`
  const id = namedId('demo job', name)
  const items = itemsOf(name, 4 + (number % 9), isAws(number) ? KEYS : BACKUPS)
  const done = kind === 'completed' ? items.length : 1 + (number % (items.length - 1))
  const begin = FIRST_DAY + number * (kind === 'aborted' ? 4001 : 6007) * MINUTE
  const [created, completed, updated] = [0, 6_205_311, 6_207_518].map((micros) =>
    formatInstant(toInstant(begin + micros)),
  )
  const result = (at: number): string => {
    if (at >= done) return DEFAULT_SETTINGS.undoneItem
    return number % 6 === 5 && at === 0 ? FAILED_ITEM : 'Success'
  }
  return {
    id,
    uri: `kylo:kylo:cckm:${isAws(number) ? 'bulkjob' : 'azure-bulkjob'}:${id}`,
    account: 'kylo:kylo:admin:accounts:kylo',
    createdAt: created,
    updatedAt: updated,
    completed_at: completed,
    overall_status: kind === 'aborted' ? DEFAULT_SETTINGS.abortedWord : 'completed',
    detailed_status: Object.fromEntries(items.map((item, at) => [item, result(at)])),
    abort: kind === 'aborted',
    ...(isAws(number)
      ? { cloud: 'aws', keys: items, operation: operationOf(number) }
      : { cloud: 'AzureCloud', operation: 'delete-key-backups' }),
  }
}

/** Two accounts and two vaults: in each 15 keys, 2 templates in each account, 10 backups of 5 keys in each vault. */
function estate(): Line[] {
  const [region, archive] = ['eu-west-1', 'us-east-1']
  const inAccounts = ACCOUNTS.flatMap((kms) => [
    { kind: 'aws.template', count: 2, record: { name: `${kms}-policy`, kms, key_admins: ['admin'] } },
    ...numbered(12, (number) => {
      const alias = `orders-${number}`
      const aws_param = { Alias: [`alias/${alias}`] }
      return { kind: 'aws.key', record: { id: awsKeyId(kms, alias), kms, region, aws_param } }
    }),
    {
      kind: 'aws.key',
      count: 3,
      record: { kms, region: archive, aws_param: { Alias: ['alias/archive'], KeyState: 'Disabled' } },
    },
  ])
  const inVaults = VAULTS.flatMap((key_vault) => [
    { kind: 'azure.key', count: 10, record: { key_name: 'customers', key_vault } },
    ...BACKED_UP.flatMap((key_name) => {
      const id = azureKeyId(key_vault, key_name)
      const backups = numbered(10, (number) => ({
        kind: 'azure.key-backup',
        of: id,
        record: { id: backupId(id, number), name: `nightly-${number}` },
      }))
      return [{ kind: 'azure.key', record: { id, key_name, key_vault } }, ...backups]
    }),
  ])
  return [
    ...['aws', 'azure'].map((service) => ({
      kind: 'connection',
      record: { service, name: `${service}-connection` },
    })),
    ...ACCOUNTS.map((name, number) => ({
      kind: 'aws.kms',
      record: { name, account_id: `12345678901${number}`, regions: [region, archive] },
    })),
    ...inAccounts,
    ...VAULTS.map((name) => ({ kind: 'azure.vault', record: { name } })),
    ...inVaults,
  ]
}

const documents = (kind: 'aborted' | 'completed', count: number): Line[] =>
  Array.from({ length: count }, (_, number) => captured(kind, number))

const lines = [
  { domain: 'root' },
  ...estate(),
  ...GROUPS.flatMap(requested),
  ...documents('aborted', ABORTED),
  ...documents('completed', OLD),
]

/** The file's text. */
export const DEMO_SEED = lines.map((line) => `${JSON.stringify(line)}\n`).join('')

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = new URL('../fixtures/demo/', import.meta.url)
  mkdirSync(folder, { recursive: true })
  writeFileSync(new URL('jobs.ndjson', folder), DEMO_SEED)
}
