// What a sweep says of clients with a mistake. Each is a function, run in this process against a real domain.

import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { sweep, type Emulator, type SweepOptions, type SweepReport, type SweepWorld } from '../../src/index.ts'
import { start } from '../support/world.ts'

const JOBS = '/api/v1/cckm/azure/bulkjobs'
const CREATE = { operation: 'delete-key-backups', delete_key_backups_param: { backups: ['b1', 'b2'] } }

interface Reply {
  readonly status: number
  readonly json: {
    readonly id: string
    readonly overall_status: string
    readonly resources?: readonly { id: string }[]
  }
}
type Call = (method: string, path: string, body?: object) => Promise<Reply>
type Client = (call: Call, world: SweepWorld) => Promise<unknown>

/** Sweeps a client whose calls reject without a response, and with half of one. */
async function sweepClient(client: Client, options: SweepOptions): Promise<SweepReport> {
  const { emulator } = await start()
  const run = (world: SweepWorld) => client(callOf(emulator, world.access.jwt), world)
  return sweep(emulator, run, { retryAfter: '10ms', slow: '10ms', ...options })
}

function callOf({ fetch: send }: Pick<Emulator, 'fetch'>, token: string): Call {
  return async (method, path, body) => {
    // Lets the time limit of the run pass, and a client that polls for ever be stopped.
    await setImmediate()
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const answer = await send(path, { method, headers, ...(body && { body: JSON.stringify(body) }) })
    const text = await answer.text()
    return { status: answer.status, json: (text === '' ? {} : JSON.parse(text)) as Reply['json'] }
  }
}

const verdicts = ({ results }: SweepReport) =>
  Object.fromEntries(results.map(({ name, verdict }) => [name.replace('azure.bulkjobs.', ''), verdict]))

/** Calls until there is a success, three times at most. */
const persistent =
  (call: Call): Call =>
  async (...args) => {
    for (let left = 2; ; left -= 1) {
      const reply = await call(...args).catch((error: unknown) => {
        if (left === 0) throw error
      })
      if (reply !== undefined && reply.status < 300) return reply
      if (left === 0) throw new Error(`answered ${reply?.status ?? 'not'}`)
    }
  }

const strict =
  (call: Call): Call =>
  async (...args) => {
    const reply = await call(...args)
    if (reply.status >= 300) throw new Error(`answered ${reply.status}`)
    return reply
  }

/** Polls a job to its end. */
async function finished(get: Call, id: string, signal?: AbortSignal): Promise<string> {
  for (;;) {
    signal?.throwIfAborted()
    const { json } = await get('GET', `${JOBS}/${id}`)
    if (json.overall_status !== 'in_progress') return json.overall_status
  }
}

const create = async (call: Call, body: object = CREATE): Promise<string> => (await call('POST', JOBS, body)).json.id

describe('the verdict over a client', () => {
  it('that repeats a create is `doubled` where the first was processed', async () => {
    const report = await sweepClient(async (call) => finished(persistent(call), await create(persistent(call))), {
      only: ['*create*', '*get#1:lose'],
      faults: ['500', '503', 'reset', 'truncate', 'lose'],
    })
    expect(verdicts(report)).toEqual({
      'create#1:500': 'survived',
      'create#1:503': 'survived',
      'create#1:reset': 'survived',
      'create#1:truncate': 'doubled',
      'create#1:lose': 'doubled',
      'get#1:lose': 'survived',
    })
    const { reason, also } = report.results.find(({ name }) => name.endsWith('lose'))!
    expect(reason).toContain('2 jobs of azure.bulkjobs delete-key-backups over b1, b2: 1 without the fault')
    // Nor is the job that it cannot know of left open.
    expect(also).toEqual([])
  })

  it('that repeats a create without items is `doubled` too', async () => {
    const report = await sweepClient((call) => create(persistent(call), { operation: 'delete-key-backups' }), {
      faults: ['lose'],
    })
    expect(verdicts(report)).toEqual({ 'create#1:lose': 'doubled' })
  })

  it('that fails when its create may have been processed is `gave-up`, and `failed` elsewhere', async () => {
    const report = await sweepClient(async (call) => finished(strict(call), await create(strict(call))), {
      faults: ['500', 'reset', 'truncate', 'lose'],
      only: ['*create*', '*get#1:500', '*get#1:lose'],
    })
    expect(
      report.results.map(({ name, verdict, also }) => [name.replace('azure.bulkjobs.', ''), verdict, also]),
    ).toEqual([
      ['create#1:500', 'failed', []],
      ['create#1:reset', 'gave-up', []],
      ['create#1:truncate', 'gave-up', []],
      ['create#1:lose', 'gave-up', []],
      ['get#1:500', 'failed', ['left-open']],
      ['get#1:lose', 'failed', ['left-open']],
    ])
    expect(report.failOn).not.toContain('gave-up')
    expect(report.results[0]!.reason).toBe('the run failed: threw Error: answered 500')
  })

  it('that looks for the job of a lost create survives', async () => {
    const report = await sweepClient(
      async (call) => {
        const id = await create(strict(call)).catch(async () => {
          const { json } = await strict(call)('GET', JOBS)
          return json.resources![0]?.id ?? create(strict(call))
        })
        await finished(persistent(call), id)
      },
      { only: ['*create*'], faults: ['reset', 'truncate', 'lose', 'slow'] },
    )
    expect(Object.values(verdicts(report))).toEqual(['survived', 'survived', 'survived', 'survived'])
  })

  it('that takes an error for an answer is `unnoticed`, and `left-open` if its job goes on', async () => {
    const report = await sweepClient(
      async (call) => {
        await call('GET', JOBS).catch(() => undefined)
        const id = await create(strict(call))
        for (;;) {
          const { json } = await call('GET', `${JOBS}/${id}`)
          if (json.overall_status !== 'in_progress') return
        }
      },
      { faults: ['500', 'lose', 'slow'], only: ['*list*', '*get#1:500'] },
    )
    expect(verdicts(report)).toEqual({
      'list#1:500': 'unnoticed',
      'list#1:lose': 'unnoticed',
      'list#1:slow': 'survived',
      'get#1:500': 'left-open',
    })
    expect(report.results[0]!.reason).toBe(
      `the run went on after GET ${JOBS} -> 500 as without the fault, and reported success`,
    )
    expect(report.results[3]).toMatchObject({ also: ['unnoticed'] })
  })

  it('that succeeds without its job is `unnoticed`, although it went on in another way', async () => {
    const report = await sweepClient(
      async (call) => {
        const id = await create(strict(call)).catch(() => '')
        await call('GET', `${JOBS}/${id}`)
      },
      { faults: ['500', 'reset'], only: ['*create*'] },
    )
    expect(verdicts(report)).toEqual({ 'create#1:500': 'unnoticed', 'create#1:reset': 'unnoticed' })
    expect(report.results[0]!.reason).toMatch(/^the run created 0 jobs of azure\.bulkjobs .*, 1 without the fault, and/)
  })

  it('that asks again before Retry-After is `rude`', async () => {
    const report = await sweepClient(async (call) => finished(persistent(call), await create(persistent(call))), {
      only: ['*get#1:429'],
      faults: ['429'],
      retryAfter: '30s',
    })
    expect(verdicts(report)).toEqual({ 'get#1:429': 'rude' })
    expect(report.results[0]!.reason).toMatch(/Retry-After/)
  })

  it('is not about what it does without a fault too', async () => {
    const report = await sweepClient(
      async (call) => {
        await create(strict(call))
        const id = await create(strict(call))
        await finished(persistent(call), id)
        await call('GET', `${JOBS}/${id}`)
      },
      { only: ['*get#1:500'] },
    )
    expect(verdicts(report)).toEqual({ 'get#1:500': 'survived' })
  })
})

describe('the endings of jobs', () => {
  const OPTIONS = { only: ['outcome:*'] }

  it('deceive a client that does not look at the status', async () => {
    const report = await sweepClient(async (call, { signal }) => finished(call, await create(call), signal), {
      ...OPTIONS,
      timeLimit: '3s',
    })
    expect(verdicts(report)).toEqual({
      'outcome:partial-failure': 'survived',
      'outcome:failure': 'deceived',
      'outcome:late-failure': 'deceived',
      'outcome:aborted': 'deceived',
      'outcome:unknown-word': 'deceived',
      'outcome:stuck': 'hung',
    })
    expect(report.results[1]).toMatchObject({
      nextJob: { scenario: { extends: 'failure' } },
      reason: 'the run reported success although its job ended with failure',
    })
  })

  it('are survived by a client that fails with its job, and gives up', async () => {
    const report = await sweepClient(async (call) => {
      const id = await create(call)
      for (let left = 5; left > 0; left -= 1) {
        const { json } = await call('GET', `${JOBS}/${id}`)
        if (json.overall_status === 'completed') return
      }
      throw new Error('gave up')
    }, OPTIONS)
    expect(new Set(Object.values(verdicts(report)))).toEqual(new Set(['survived']))
  })

  it('are `missed` by a client that chooses the scenario itself, and follow the cases with faults', async () => {
    const report = await sweepClient(
      async (call, { domain }) => {
        await domain.clearRules()
        await create(call)
      },
      { outcomes: true, faults: ['slow'] },
    )
    expect(Object.values(verdicts(report))).toEqual(['survived', ...Array.from({ length: 6 }, () => 'missed')])
    expect(Object.keys(verdicts(report))[0]).toBe('create#1:slow')
  })
})

it('refuses to compare with runs whose jobs differ', async () => {
  let runs = 0
  const client: Client = (call) => {
    runs += 1
    return create(call, { operation: 'delete-key-backups', delete_key_backups_param: { backups: [`b${runs}`] } })
  }
  await expect(sweepClient(client, {})).rejects.toThrow(
    'the run is not repeatable, so its jobs cannot be compared: the first run created 1 job of azure.bulkjobs delete-key-backups over b1, and the second 0',
  )
})
