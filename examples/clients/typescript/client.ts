// What the examples share: a client of CipherTrust Manager with fetch. Needs Node 22.19, 24.5 or newer, and nothing else.
//
// CIPHERTRUST_ADDRESS, CIPHERTRUST_USERNAME and CIPHERTRUST_PASSWORD are required. CIPHERTRUST_DOMAIN names a domain other
// than root. CIPHERTRUST_CA_FILE, or CIPHERTRUST_CA_CERT (Terraform's name), is the PEM file of the CA; without it the
// certificate is not checked. CIPHERTRUST_TIMEOUT is the time limit of a job in seconds (600).

import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'

export interface Job {
  readonly id: string
  readonly overall_status: string
  /** The result of each item, by its id. */
  readonly detailed_status?: Readonly<Record<string, string>> | null
  readonly abort: boolean
}

interface Failure {
  readonly codeDesc?: string
  readonly message?: string
}

const address = required('CIPHERTRUST_ADDRESS').replace(/\/+$/, '')
const credentials = {
  grant_type: 'password',
  username: required('CIPHERTRUST_USERNAME'),
  password: required('CIPHERTRUST_PASSWORD'),
  ...(process.env.CIPHERTRUST_DOMAIN && { domain: process.env.CIPHERTRUST_DOMAIN }),
}
const timeoutMs = Number(process.env.CIPHERTRUST_TIMEOUT ?? 600) * 1000

function required(name: string): string {
  const value = process.env[name]
  if (value === undefined || value === '') throw new Error(`${name} is not set`)
  return value
}

/** Must come before the first connection. */
function trust(caFile: string | undefined): void {
  if (caFile) setDefaultCACertificates([...getCACertificates('default'), readFileSync(caFile, 'utf8')])
  else process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'
}

let token = ''

async function request(method: string, path: string, body?: object): Promise<Response> {
  return fetch(`${address}/api/v1${path}`, {
    method,
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(60_000),
  })
}

async function signIn(): Promise<void> {
  token = ''
  const answer = await request('POST', '/auth/tokens', credentials)
  if (answer.status !== 200) throw new Error(`sign-in: ${await explain(answer)}`)
  token = ((await answer.json()) as { jwt: string }).jwt
}

async function explain(answer: Response): Promise<string> {
  const text = await answer.text()
  try {
    const { codeDesc, message } = JSON.parse(text) as Failure
    return `${answer.status} ${codeDesc ?? ''}: ${message ?? ''}`
  } catch {
    return `${answer.status} ${text}`
  }
}

const BAD_MOMENTS = [429, 502, 503, 504]

/** Signs in again after a 401, and retries a GET after a temporary error. */
export async function call(method: string, path: string, body?: object, expected?: number): Promise<Response> {
  const delays = [1, 2, 4]
  for (let isRenewed = false; ;) {
    const answer = await request(method, path, body)
    if (expected === undefined ? answer.ok : answer.status === expected) return answer
    const delay = method === 'GET' && BAD_MOMENTS.includes(answer.status) ? delays.shift() : undefined
    if (delay !== undefined) await pause(answer, delay)
    else if (answer.status !== 401 || isRenewed) throw new Error(`${method} ${path}: ${await explain(answer)}`)
    else {
      isRenewed = true
      await signIn()
    }
  }
}

/** Waits for the seconds of `Retry-After`, or else for the delay. */
async function pause(answer: Response, delaySeconds: number): Promise<void> {
  const asked = answer.headers.get('retry-after') ?? ''
  await sleep((/^\d+$/.test(asked) ? Number(asked) : delaySeconds) * 1000)
}

/** Returns the path of the new job. */
export async function create(path: string, body: object): Promise<string> {
  const { id } = (await (await call('POST', path, body)).json()) as Job
  return `${path}/${encodeURIComponent(id)}`
}

/** Polls with back-off until the job has ended, and returns its final state. */
export async function waitFor(path: string): Promise<Job> {
  const deadline = Date.now() + timeoutMs
  for (let delay = 0.5; ; delay = Math.min(delay * 2, 10)) {
    const answer = await call('GET', path)
    const job = (await answer.json()) as Job
    if (job.overall_status !== 'in_progress') return job
    if (Date.now() >= deadline) throw new Error(`${path} was still in progress after ${timeoutMs / 1000} s`)
    await pause(answer, delay)
  }
}

/** A completed job can have failed items, so each item is checked. */
export function checkResults(name: string, { overall_status: status, detailed_status: details }: Job): void {
  const results = Object.entries(details ?? {})
  console.log(`${name}: ${status}`)
  for (const [item, result] of results) console.log(`  ${item}: ${result}`)
  if (status !== 'completed') throw new Error(`${name}: ended as ${status}`)
  if (results.length === 0 || results.some(([, result]) => result !== 'Success'))
    throw new Error(`${name}: not every item succeeded`)
}

/** Signs in and takes each step; the exit code is 1, with the reason, if one fails. */
export async function run(...steps: readonly (() => Promise<void>)[]): Promise<void> {
  try {
    trust([process.env.CIPHERTRUST_CA_FILE, process.env.CIPHERTRUST_CA_CERT].find(Boolean))
    await signIn()
    for (const step of steps) await step()
  } catch (error) {
    console.error(`FAILED: ${reasons(error).join(': ')}`)
    process.exitCode = 1
  }
}

/** The message of fetch says only that it failed; the causes say why. */
function reasons(error: unknown): string[] {
  if (!(error instanceof Error)) return []
  return [error.message, ...reasons(error.cause)]
}
