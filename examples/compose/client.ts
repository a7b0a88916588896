// A client that keeps working: it signs in, creates bulk jobs of both families, polls them to their end and cancels some.
// compose.yaml runs it beside the emulator, so that the demo always shows something.
//
//   CIPHERTRUST_ADDRESS=http://127.0.0.1:7443 CIPHERTRUST_USERNAME=admin CIPHERTRUST_PASSWORD=admin node client.ts
//
// Needs Node 22.19, 24.5 or newer, and nothing else. CIPHERTRUST_INTERVAL is the number of seconds between two jobs (5),
// CIPHERTRUST_JOBS the number of jobs to create (unlimited). While the server is unavailable, the client waits.

import { setTimeout as sleep } from 'node:timers/promises'

interface Job {
  readonly id: string
  readonly overall_status: string
  readonly detailed_status?: Readonly<Record<string, string>> | null
}

const { CIPHERTRUST_ADDRESS: address = 'http://127.0.0.1:7443' } = process.env
const { CIPHERTRUST_USERNAME: username = 'admin', CIPHERTRUST_PASSWORD: password = 'admin' } = process.env
const intervalMs = Number(process.env.CIPHERTRUST_INTERVAL ?? 5) * 1000
const mostJobs = Number(process.env.CIPHERTRUST_JOBS ?? Infinity)

const AWS = '/cckm/aws/bulkjob'
const AZURE = '/cckm/azure/bulkjobs'
const AWS_OPERATIONS = ['enablekey', 'disablekey', 'cancelkeydeletion']
const CANCEL_EVERY = 6
const LONGEST_PAUSE_MS = 10_000

let token = ''

const request = (method: string, path: string, body?: object): Promise<Response> =>
  fetch(`${address}/api/v1${path}`, {
    method,
    headers: { ...(token && { authorization: `Bearer ${token}` }), 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(30_000),
  })

async function signIn(): Promise<void> {
  token = ''
  const answer = await request('POST', '/auth/tokens', { grant_type: 'password', username, password })
  if (answer.status === 401) throw new Refused(`sign-in as ${username}: ${await answer.text()}`)
  if (!answer.ok) throw new Error(`sign-in: ${answer.status}`)
  token = ((await answer.json()) as { jwt: string }).jwt
  console.log(`signed in as ${username}`)
}

/** An error that a retry does not fix. */
class Refused extends Error {}

/** A token is valid for five minutes. After a 401 the call is repeated with a new one. */
async function call(method: string, path: string, body?: object): Promise<Response> {
  if (token === '') await signIn()
  let answer = await request(method, path, body)
  if (answer.status === 401) {
    await signIn()
    answer = await request(method, path, body)
  }
  if (answer.status === 429 || answer.status >= 500) throw new Error(`${method} ${path}: ${answer.status}`)
  return answer
}

/** Retries until the server answers. A create whose response was lost may create two jobs, which does no harm here. */
async function patiently(method: string, path: string, body?: object): Promise<Response> {
  for (let pause = 500; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      return await call(method, path, body)
    } catch (error) {
      if (error instanceof Refused) throw error
      console.log(`${(error as Error).message}; again in ${pause / 1000} s`)
      await sleep(pause)
    }
  }
}

/** The paths of the open jobs, the oldest first. */
const running = new Set<string>()

const KEYS = '/cckm/aws/keys?gone=false&limit=100'

/** Keys of the inventory, different ones each time. Without an inventory, made-up ids. */
async function pickKeys(count: number): Promise<string[]> {
  const answer = await patiently('GET', KEYS)
  if (!answer.ok) throw new Refused(`GET ${KEYS}: ${answer.status} ${await answer.text()}`)
  const { resources } = (await answer.json()) as { resources: { id: string }[] }
  const first = Math.floor(Math.random() * resources.length)
  const picked = [...resources.slice(first), ...resources.slice(0, first)].slice(0, count).map(({ id }) => id)
  return picked.length > 0 ? picked : madeUp(count)
}

const madeUp = (count: number): string[] => Array.from({ length: count }, () => crypto.randomUUID())

async function create(number: number): Promise<void> {
  const isAws = number % 2 === 1
  const count = 2 + (number % 9)
  const ids = isAws ? await pickKeys(count) : madeUp(count)
  const operation = isAws ? AWS_OPERATIONS[number % AWS_OPERATIONS.length] : 'delete-key-backups'
  const body = isAws ? { operation, keys: ids } : { operation, delete_key_backups_param: { backups: ids } }
  const base = isAws ? AWS : AZURE
  const answer = await patiently('POST', base, body)
  if (!answer.ok) throw new Refused(`POST ${base}: ${answer.status} ${await answer.text()}`)
  const { id } = (await answer.json()) as Job
  running.add(`${base}/${id}`)
  console.log(`created ${base}/${id}: ${String(operation)} of ${ids.length}`)
}

async function look(path: string): Promise<void> {
  const answer = await patiently('GET', path)
  // A reset, or a restart without data, removed the job.
  const job = answer.ok ? ((await answer.json()) as Job) : undefined
  if (job?.overall_status === 'in_progress') return
  running.delete(path)
  const results = Object.values(job?.detailed_status ?? {})
  const failed = results.filter((result) => result !== 'Success').length
  console.log(job ? `${job.overall_status} ${path}: ${failed} of ${results.length} not done` : `gone ${path}`)
}

async function cancelOldest(): Promise<void> {
  const [oldest] = running
  if (oldest === undefined) return
  const { status } = await patiently('POST', `${oldest}/cancel`)
  console.log(`cancelled ${oldest}: ${status}`)
}

// The first process of a container has no default signal handlers.
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => process.exit(0))

try {
  for (let number = 1; number <= mostJobs; number += 1) {
    await create(number)
    if (number % CANCEL_EVERY === 0) await cancelOldest()
    await sleep(intervalMs)
    for (const path of running) await look(path)
  }
} catch (error) {
  console.error(`FAILED: ${(error as Error).message}`)
  process.exitCode = 1
}
