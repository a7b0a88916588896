// A client as an application has it: deletes the expired backups of keys, waits for the end, tells which failed. It knows
// nothing of an emulator.

import { setTimeout as sleep } from 'node:timers/promises'

export interface Access {
  /** `https://ciphertrust.example.com` */
  readonly baseUrl: string
  readonly username: string
  readonly password: string
  readonly domain?: string
}

export interface Deletion {
  readonly status: string
  /** Ids of backups that are still there, each with the reason. */
  readonly failed: readonly (readonly [id: string, reason: string])[]
}

interface Job {
  readonly id: string
  readonly overall_status: string
  readonly detailed_status?: Readonly<Record<string, string>>
}

const FIRST_WAIT_MS = 250
const LONGEST_WAIT_MS = 10_000

export async function deleteBackups(access: Access): Promise<Deletion> {
  const call = signedIn(access)
  const { id } = await call('POST', '/cckm/azure/bulkjobs', { operation: 'delete-key-backups' })
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 1.5, LONGEST_WAIT_MS)) {
    await sleep(wait)
    const job = await call('GET', `/cckm/azure/bulkjobs/${id}`)
    if (job.overall_status !== 'in_progress') return toDeletion(job)
  }
}

function toDeletion({ overall_status: status, detailed_status: details = {} }: Job): Deletion {
  return { status, failed: Object.entries(details).filter(([, result]) => result !== 'Success') }
}

/** Signs in at the first call, and once more when the token is refused. */
function signedIn({ baseUrl, ...credentials }: Access) {
  let token = ''
  const send = (method: string, path: string, body?: object): Promise<Response> =>
    fetch(`${baseUrl}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    })
  const signIn = async (): Promise<void> => {
    const answer = await send('POST', '/auth/tokens', { grant_type: 'password', ...credentials })
    if (!answer.ok) throw new Error(`sign-in: ${answer.status} ${await answer.text()}`)
    token = ((await answer.json()) as { jwt: string }).jwt
  }
  return async (method: string, path: string, body?: object): Promise<Job> => {
    if (token === '') await signIn()
    let answer = await send(method, path, body)
    if (answer.status === 401) {
      await signIn()
      answer = await send(method, path, body)
    }
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as Job
  }
}
