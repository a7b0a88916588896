import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { describe, expect, it } from 'vitest'
import type { FaultSource } from '../../src/index.ts'
import { AZURE } from '../support/world.ts'
import { CREATE, NUMBER, startWorld, TEXT, type World } from './support.ts'

interface Outcome {
  readonly status?: number
  readonly body: string
  readonly declared?: number
  readonly error?: string
}

/** POSTs a create with Node's client and returns the outcome. */
async function create({ emulator, world }: World, scheme: 'http' | 'https'): Promise<Outcome> {
  const { port } = await emulator.listen()
  const headers = { authorization: `Bearer ${await world.token()}`, 'content-type': 'application/json' }
  const send = scheme === 'http' ? requestHttp : requestHttps
  const options = { port, host: '127.0.0.1', path: `/api/v1${AZURE}`, method: 'POST', headers }
  return new Promise((resolve) => {
    const sent = send({ ...options, rejectUnauthorized: false, agent: false }, (response) => {
      let body = ''
      const end = (error?: NodeJS.ErrnoException): void => {
        const declared = Number(response.headers['content-length'])
        resolve({
          status: response.statusCode!,
          body,
          declared,
          ...(error?.code !== undefined && { error: error.code }),
        })
      }
      response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk))
      response.on('end', () => end()).on('error', end)
    })
    sent.on('error', (error: NodeJS.ErrnoException) => resolve({ body: '', error: error.code ?? error.message }))
    sent.end(JSON.stringify(CREATE))
  })
}

describe.each(['http', 'https'] as const)('over %s', (scheme) => {
  const play = async (action: FaultSource['do']): Promise<Outcome & { jobs: number; entry: object }> => {
    const world = await startWorld()
    await world.world.fault({ do: action })
    const outcome = await create(world, scheme)
    const [entry] = await world.world.waitForRequest({ operation: 'azure.bulkjobs.create' })
    return { ...outcome, jobs: (await world.world.jobs.list()).total, entry: entry! }
  }
  const unanswered = { status: null, durationMs: NUMBER, body: CREATE, fault: TEXT }

  it('resets the TCP connection', async () => {
    const { error, jobs, entry } = await play({ socket: 'reset' })
    expect([error, jobs]).toEqual(['ECONNRESET', 0])
    expect(entry).toMatchObject(unanswered)
  })

  it('closes the connection without a response', async () => {
    const { error, jobs, entry } = await play({ socket: 'close' })
    expect([error, jobs]).toEqual(['ECONNRESET', 0])
    expect(entry).toMatchObject(unanswered)
  })

  it('sends garbage that is not HTTP', async () => {
    const { error, jobs, entry } = await play({ socket: 'garbage' })
    expect(error).toMatch(/^HPE_/)
    expect(jobs).toBe(0)
    expect(entry).toMatchObject(unanswered)
  })

  it('does the work and sends half of the response', async () => {
    const { status, body, declared, error, jobs, entry } = await play({ socket: 'truncate' })
    expect([status, error, jobs]).toEqual([201, 'ECONNRESET', 1])
    expect(body.length).toBe(Math.ceil(declared! / 2))
    expect(entry).toMatchObject({ ...unanswered, status: 201 })
  })

  it('does the work and sends no response', async () => {
    const { error, jobs, entry } = await play({ lose: true })
    expect([error, jobs]).toEqual(['ECONNRESET', 1])
    expect(entry).toMatchObject({ ...unanswered, job: TEXT })
  })
})

it('rejects an inject() call, which has no connection to break', async () => {
  const { world, client } = await startWorld()
  const actions: FaultSource['do'][] = [
    { socket: 'reset' },
    { socket: 'close' },
    { socket: 'garbage' },
    { socket: 'truncate' },
    { lose: true },
  ]
  for (const action of actions) {
    await world.fault({ times: 1, do: action })
    await expect(client.get(AZURE)).rejects.toThrow()
  }
  expect((await client.get(AZURE)).status).toBe(200)
  expect((await world.requests()).map(({ status }) => status)).toEqual([null, null, null, 200, null, 200])
})

it('creates a second job for a client that retries after a lost response', async () => {
  const { world, client } = await startWorld()
  await world.fault({ on: { operation: '*.create', nth: 1 }, do: { lose: true } })
  await expect(client.post(AZURE, CREATE)).rejects.toThrow()
  expect((await client.post(AZURE, CREATE)).status).toBe(201)
  const requests = await world.requests({ operation: 'azure.bulkjobs.create' })
  expect(new Set(requests.map(({ job }) => job)).size).toBe(2)
  expect((await world.jobs.list()).total).toBe(2)
})
