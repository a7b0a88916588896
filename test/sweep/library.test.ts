import { describe, expect, it } from 'vitest'
import { createEmulator, sweep, SweepError, type SweepOptions, type SweepWorld } from '../../src/index.ts'
import { start } from '../support/world.ts'

type Client = (list: () => Promise<Response>, world: SweepWorld) => Promise<void>

/** Sweeps a client that lists jobs. */
async function sweepClient(client: Client, options: SweepOptions = {}) {
  const { emulator } = await start()
  const run = async (world: SweepWorld): Promise<void> => {
    const headers = { authorization: `Bearer ${world.access.jwt}` }
    await client(() => emulator.fetch('/api/v1/cckm/azure/bulkjobs', { headers }), world)
  }
  return { emulator, report: await sweep(emulator, run, options) }
}

const ok = ({ status }: Response): void => {
  if (status !== 200) throw new Error(`answered ${status}`)
}
const verdicts = ({ results }: { results: readonly { name: string; verdict: string }[] }) =>
  Object.fromEntries(results.map(({ name, verdict }) => [name.replace('azure.bulkjobs.', ''), verdict]))

describe('sweep() in a program', () => {
  it('reports the fault and the request that a client does not survive', async () => {
    const { report } = await sweepClient(
      async (list) => {
        ok(await list())
        const answer = await list()
        ok(answer.status === 503 ? await list() : answer)
      },
      { faults: ['503', 'reset', '401'], retryAfter: '10ms', parallel: 3, timeLimit: '30d' },
    )
    expect(verdicts(report)).toEqual({
      'list#1:503': 'failed',
      'list#1:reset': 'failed',
      'list#1:401': 'failed',
      'list#2:503': 'survived',
      'list#2:reset': 'failed',
      'list#2:401': 'failed',
    })
    expect(report).toMatchObject({ requests: 2, planned: 6, fixed: [] })
    expect(report.results[0]).toMatchObject({
      fault: { on: { operation: 'azure.bulkjobs.list', nth: 1 }, do: { respond: { status: 503, retryAfter: '10ms' } } },
      output: expect.stringContaining('answered 503') as unknown,
    })
  })

  it('reports a run that hangs, and one that never sends the request', async () => {
    let runs = 0
    const { report } = await sweepClient(
      async (list, { signal }) => {
        runs += 1
        if (runs === 4) return
        const { status } = await list()
        if (status === 500) await new Promise((_resolve, reject) => signal.addEventListener('abort', reject))
      },
      { faults: ['500', '503'], timeLimit: '3s' },
    )
    expect(verdicts(report)).toEqual({ 'list#1:500': 'hung', 'list#1:503': 'missed' })
  })

  it('reports that two runs without faults differ', async () => {
    let runs = 0
    const sweeping = sweepClient(async (list) => {
      runs += 1
      for (let count = 0; count < runs; count += 1) await list()
    })
    await expect(sweeping).rejects.toThrow(
      'not repeatable, so faults cannot be assigned to requests: request 2 was not there in the first',
    )
  })

  it('reports a run that fails without faults, one without requests, and an unknown case', async () => {
    await expect(sweepClient(() => Promise.reject(new Error('no')))).rejects.toThrow('without any fault, the run fails')
    await expect(sweepClient(() => Promise.resolve())).rejects.toThrow(SweepError)
    const once: Client = async (list) => ok(await list())
    await expect(sweepClient(once, { only: ['x'] })).rejects.toThrow('no case is named x')
  })

  it('tries only the named cases, uses a baseline, and deletes its domains', async () => {
    const { emulator, report } = await sweepClient(async (list) => ok(await list()), {
      only: ['*#1:500', 'azure.bulkjobs.list#1:slow'],
      slow: '1ms',
      baseline: [
        { name: 'azure.bulkjobs.list#1:500', verdict: 'failed' },
        { name: 'azure.bulkjobs.list#1:slow', verdict: 'failed' },
      ],
    })
    expect(report.results.map(({ name, verdict, isKnown }) => [name, verdict, isKnown])).toEqual([
      ['azure.bulkjobs.list#1:500', 'failed', true],
      ['azure.bulkjobs.list#1:slow', 'survived', false],
    ])
    expect(report.fixed).toEqual(['azure.bulkjobs.list#1:slow'])
    const { json } = await emulator.fetch('/__admin/domains').then(async (answer) => ({ json: await answer.json() }))
    expect((json as { domains: object[] }).domains).toHaveLength(1)
  })

  it('ends early with the results so far', async () => {
    const end = new AbortController()
    let runs = 0
    const { report } = await sweepClient(
      async (list) => {
        runs += 1
        if (runs === 4) end.abort()
        await list()
      },
      { faults: ['500', '503', '429'], signal: end.signal },
    )
    expect(verdicts(report)).toEqual({ 'list#1:500': 'unnoticed' })
    expect(report.planned).toBe(3)
  })

  it('refuses invalid options', async () => {
    await using emulator = await createEmulator()
    const nothing = () => Promise.resolve()
    await expect(sweep(emulator, nothing, { parallel: 0 })).rejects.toThrow('parallel takes a whole number from 1')
    await expect(sweep(emulator, nothing, { timeLimit: '5' })).rejects.toThrow('timeLimit: "5" is not a duration')
  })
})
