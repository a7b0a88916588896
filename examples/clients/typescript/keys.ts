// Bulk jobs over keys of the inventory: list keys, pick some, start a job, poll it, check the keys.
//
//   CIPHERTRUST_ADDRESS=https://127.0.0.1:7443 CIPHERTRUST_USERNAME=admin CIPHERTRUST_PASSWORD=admin node keys.ts
//
// Disables up to two AWS keys and enables them again; makes a backup of an Azure key and deletes it. client.ts lists further
// variables.

import { call, checkResults, create, run, waitFor } from './client.ts'

interface Item {
  readonly id: string
  readonly name?: string
  readonly key_name?: string
  readonly status?: string
  readonly aws_param?: { readonly KeyState: string }
}

const BACKUP = 'made-by-an-example'

const get = async (path: string): Promise<Item> => (await (await call('GET', path)).json()) as Item

/** The records of a list; fails if there are none. */
async function items(path: string, filters: Readonly<Record<string, string>>): Promise<[Item, ...Item[]]> {
  const answer = await call('GET', `${path}?${new URLSearchParams(filters).toString()}`)
  const [first, ...rest] = ((await answer.json()) as { resources: Item[] }).resources
  if (first === undefined) throw new Error(`${path}: nothing fits ${JSON.stringify(filters)}`)
  return [first, ...rest]
}

async function aws(): Promise<void> {
  const keys = await items('/cckm/aws/keys', { enabled: 'true', gone: 'false', keymanager: 'CUSTOMER', limit: '2' })
  const ids = keys.map(({ id }) => id)
  const job = await create('/cckm/aws/bulkjob', { operation: 'disablekey', keys: ids })
  checkResults('aws', await waitFor(job))
  for (const id of ids) {
    const path = `/cckm/aws/keys/${encodeURIComponent(id)}`
    const state = (await get(path)).aws_param?.KeyState
    console.log(`aws: ${id} is ${state}`)
    if (state !== 'Disabled') throw new Error(`aws: ${id} is ${state}`)
    await call('POST', `${path}/enable`)
  }
}

async function azure(): Promise<void> {
  const [{ name: key_vault = '' }] = await items('/cckm/azure/vaults', { limit: '1' })
  const [key] = await items('/cckm/azure/keys', { key_vault, status: 'AVAILABLE', version: '-1', limit: '1' })
  const path = `/cckm/azure/keys/${encodeURIComponent(key.id)}`
  await call('POST', `${path}/backups`, { name: BACKUP })
  const backups = (await items(`${path}/backups`, { name: BACKUP, sort: '-createdAt' })).map(({ id }) => id)
  const request = { operation: 'delete-key-backups', delete_key_backups_param: { backups } }
  checkResults('azure', await waitFor(await create('/cckm/azure/bulkjobs', request)))
  for (const id of backups) await call('GET', `${path}/backups/${encodeURIComponent(id)}`, undefined, 404)
  console.log(`azure: ${backups.length} backups are gone, ${key.key_name} is ${(await get(path)).status}`)
}

await run(aws, azure)
