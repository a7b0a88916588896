// An ordinary client: deletes expired key backups, waits for the end, and returns the failed ones. It has no code for the
// emulator.

export interface Access {
  /** `https://ciphertrust.example.com` */
  readonly baseUrl: string
  readonly username: string
  readonly password: string
  readonly domain?: string
  /** Ids of backups; if absent, all expired ones. */
  readonly backups?: readonly string[]
}

export interface Deletion {
  readonly status: string
  /** Ids of the backups that were not deleted, each with the reason. */
  readonly failed: readonly (readonly [id: string, reason: string])[]
}

interface Job {
  readonly id: string
  readonly overall_status: string
  readonly detailed_status?: Readonly<Record<string, string>>
}

const JOBS = '/cckm/azure/bulkjobs'
const FIRST_WAIT_MS = 250
const LONGEST_WAIT_MS = 10_000
const PATIENCE_MS = 10 * 60_000

/** Throws if the job cannot be created, or if it has not ended after ten minutes; then it is cancelled. */
export async function deleteBackups({ backups, ...access }: Access): Promise<Deletion> {
  const call = signedIn(access)
  const selected = backups === undefined ? {} : { delete_key_backups_param: { backups } }
  const { id } = await call('POST', JOBS, { operation: 'delete-key-backups', ...selected })
  const deadline = Date.now() + PATIENCE_MS
  for (let wait = FIRST_WAIT_MS; Date.now() < deadline; wait = Math.min(wait * 1.5, LONGEST_WAIT_MS)) {
    await sleep(wait)
    const job = await call('GET', `${JOBS}/${id}`)
    if (job.overall_status !== 'in_progress') return toDeletion(job)
  }
  await call('POST', `${JOBS}/${id}/cancel`)
  throw new Error(`job ${id} was still in progress after ten minutes, and was cancelled`)
}

function toDeletion({ overall_status: status, detailed_status: details = {} }: Job): Deletion {
  return { status, failed: Object.entries(details).filter(([, result]) => result !== 'Success') }
}

/** Signs in at the first call and after a 401; honors `Retry-After`. */
function signedIn({ baseUrl, ...credentials }: Omit<Access, 'backups'>) {
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
    if (answer.status === 429) {
      await sleep(Number(answer.headers.get('retry-after') ?? 1) * 1000)
      answer = await send(method, path, body)
    }
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as Job
  }
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
