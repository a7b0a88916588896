// Listeners of a domain receive every transition once and in order, from one shared read.

import { fc } from '../support/fast-check.ts'
import { describe, expect, it } from 'vitest'
import { openLargeWorld, seedOf, turn, type LargeWorld } from '../support/large.ts'
import { AWS, enable, type Caller } from '../support/world.ts'

const SLOWLY = { timeout: 120_000 }

interface Heard {
  readonly transitions: unknown[]
  /** True once the stream has ended. */
  readonly isOver: () => boolean
  readonly leave: () => void
}

/** Listens to the events of a domain and collects its transitions. */
async function listen(url: string, domain: string): Promise<Heard> {
  const controller = new AbortController()
  const answer = await fetch(`${url}/__admin/domains/${domain}/events`, { signal: controller.signal })
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader()
  const transitions: unknown[] = []
  let isOver = false
  let text = (await reader.read()).value ?? ''
  const read = async (): Promise<void> => {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      text += value
      const parts = text.split('\n\n')
      text = parts.pop() ?? ''
      for (const part of parts) {
        const data = /^event: transition\ndata: (.*)$/s.exec(part)?.[1]
        if (data !== undefined) transitions.push(JSON.parse(data))
      }
    }
  }
  read()
    .catch(() => undefined)
    .finally(() => {
      isOver = true
    })
  return {
    transitions,
    isOver: () => isOver,
    leave: () => {
      controller.abort()
    },
  }
}

async function until(holds: () => boolean): Promise<void> {
  await expect.poll(holds, { timeout: 60_000, interval: 5 }).toBe(true)
}

async function openHeard(clock = 'frozen', seed: object = { jobs: [] }): Promise<LargeWorld & { url: string }> {
  const world = await openLargeWorld({ port: 0 })
  const { url } = await world.emulator.listen()
  await world.server.put('/domains/t-1', { clock, seed })
  return { ...world, url }
}

/** As the response of an advance names them. */
async function advance(control: Caller, by: string): Promise<unknown[]> {
  const { json } = await control.post('/clock/advance', { by, limit: 10_000 })
  return (json as { transitions: unknown[] }).transitions
}

describe('listeners of a domain', SLOWLY, () => {
  it('receive the transitions of an advance, thousands at one instant, and only later ones if they join late', async () => {
    const { url, control } = await openHeard('frozen', seedOf(3000))
    const domain = control('t-1')
    const early = [await listen(url, 't-1'), await listen(url, 't-1')]
    const first = await advance(domain, '1h')
    expect(first).toHaveLength(6000)
    await until(() => early.every(({ transitions }) => transitions.length === first.length))
    const late = await listen(url, 't-1')
    await domain.post('/jobs', { family: 'aws.bulkjob', request: enable('k1', 'k2') })
    const second = await advance(domain, '1h')
    await until(() => late.transitions.length === second.length)
    await until(() => early.every(({ transitions }) => transitions.length === first.length + second.length))
    expect(late.transitions).toEqual(second)
    for (const { transitions } of early) expect(transitions).toEqual([...first, ...second])
  })

  it('receive transitions by time before those of a command, while a catch-up takes several slices', async () => {
    const { url, control, vendor } = await openHeard('frozen', seedOf(4000))
    const [domain, client] = [control('t-1'), await vendor('t-1')]
    const manual = (await client.post(AWS, enable('m'), { 'x-emulator-scenario': 'manual' })).job
    const heard = await listen(url, 't-1')
    const [named] = await Promise.all([
      advance(domain, '1h'),
      domain.post(`/jobs/${manual.id}/signal`, { name: 'finish' }),
    ])
    await until(() => heard.transitions.length === named.length + 2)
    expect(heard.transitions.slice(0, -2)).toEqual(named)
    expect(heard.transitions.slice(-2)).toMatchObject([{ job: manual.id }, { job: manual.id, to: 'completed' }])
  })

  it('receive the transitions of seeded jobs that a running clock causes during seeding', async () => {
    const { url, control } = await openHeard('running')
    const domain = control('t-1')
    await domain.put('/clock', { rate: 1000 })
    const heard = await listen(url, 't-1')
    await domain.post('/seed', seedOf(2000))
    await until(() => heard.transitions.length >= 4000)
    await domain.put('/clock', { mode: 'frozen' })
    const keys = heard.transitions.map((each) => JSON.stringify(each))
    expect([keys.length, new Set(keys).size]).toEqual([4000, 4000])
    const instants = heard.transitions.map((each) => (each as { at: string }).at)
    const order = instants.map((at) => at.padEnd(27, '0').replace('Z', '0'))
    expect(
      order.filter((at, index) => index > 0 && Date.parse(instants[index]!) < Date.parse(instants[index - 1]!)),
    ).toEqual([])
  })

  it('receive each poll on a step clock, and start again after a reset, a load and a change of rate', async () => {
    const { url, control, vendor } = await openHeard('step')
    const [domain, client] = [control('t-1'), await vendor('t-1')]
    const heard = await listen(url, 't-1')
    const run = async (): Promise<void> => {
      const { id } = (await client.post(AWS, enable('k1', 'k2'))).job
      for (let n = 0; n < 4; n += 1) await client.get(`${AWS}/${id}`)
    }
    await run()
    await until(() => heard.transitions.length === 3)
    await domain.put('/snapshots/s')
    await domain.post('/reset')
    await run()
    await until(() => heard.transitions.length === 6)
    await domain.post('/snapshots/s/load')
    await run()
    await until(() => heard.transitions.length === 9)
    await domain.put('/clock', { mode: 'running', rate: 100 })
    await client.post(AWS, enable('r'))
    await domain.put('/clock', { rate: 10_000 })
    await until(() => heard.transitions.length === 11)
    expect(heard.isOver()).toBe(false)
  })

  it('are closed with the domain, and at an unreadable row; other calls of the domain still work', async () => {
    const { url, control, vendor, database, server } = await openHeard()
    const client = await vendor('t-1')
    const { id } = (await client.post(AWS, enable('k'))).job
    const heard = await listen(url, 't-1')
    const waiting = control('t-1').get(`/jobs/${id}/wait?timeout=60s`)
    await turn()
    database.prepare(`update job set plan = '[]' where id = ?`).run(id)
    await control('t-1').post('/clock/advance', { by: '1h', limit: 0 })
    await until(heard.isOver)
    expect((await waiting).status).toBe(503)
    expect((await client.post(AWS, enable('other'))).status).toBe(201)
    const again = await listen(url, 't-1')
    await server.delete('/domains/t-1')
    await until(again.isOver)
  })

  it('share one read; without listeners there is none', async () => {
    const { control, vendor, statements } = await openHeard()
    const [domain, client] = [control('t-1'), await vendor('t-1')]
    const { id } = (await client.post(AWS, enable('k1', 'k2', 'k3'))).job
    const reads = async (by: string): Promise<number> => {
      statements.length = 0
      await domain.post('/clock/advance', { by, limit: 0 })
      return statements.filter((text) => text.includes('order by ends_at, seq limit')).length
    }
    const looks = (): number => statements.filter((text) => /^select id, .* and id = \? and seq/.test(text)).length
    expect(await reads('1ms')).toBe(0)
    const waits = Array.from({ length: 1000 }, () => domain.get(`/jobs/${id}/wait?timeout=60s`))
    await until(() => looks() >= 1000)
    // One read before the command and one after it.
    expect(await reads('1s')).toBeLessThanOrEqual(2)
    // None of the waits reads before the job completes.
    expect(looks()).toBe(0)
    expect(await reads('1h')).toBeLessThanOrEqual(2)
    for (const { status } of await Promise.all(waits)) expect(status).toBe(200)
    expect(await reads('1h')).toBe(0)
  })

  it('receive the state of jobs at each instant, whatever commands happen in between', async () => {
    const step = fc.oneof(
      fc.integer({ min: 1, max: 9000 }).map((ms) => ({ kind: 'advance', ms }) as const),
      fc
        .uniqueArray(fc.constantFrom('a', 'b', 'c'), { minLength: 1 })
        .map((keys) => ({ kind: 'create', keys }) as const),
      fc.nat({ max: 5 }).map((of) => ({ kind: 'cancel', of }) as const),
      fc.nat({ max: 5 }).map((of) => ({ kind: 'signal', of }) as const),
    )
    const { url, control, vendor, server } = await openHeard()
    let runs = 0
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 12 }), async (steps) => {
        const name = `p-${(runs += 1)}`
        await server.put(`/domains/${name}`, { clock: 'frozen' })
        const [domain, client] = [control(name), await vendor(name)]
        const heard = await listen(url, name)
        const known = new Map<string, string>()
        const expected: string[] = []
        const statuses = async (): Promise<void> => {
          const { jobs } = (await domain.get('/jobs?limit=-1')).json as { jobs: { job: Record<string, unknown> }[] }
          for (const { job } of jobs) {
            const { id, overall_status: status, detailed_status: items = {} } = job as never
            const parts = { ...(items as Record<string, string>), job: status as string }
            for (const [part, value] of Object.entries(parts)) {
              const key = `${String(id)} ${part}`
              const isNews = part === 'job' ? (known.get(key) ?? 'in_progress') !== value : known.get(key) !== value
              if (isNews) expected.push(`${key} ${value}`)
              known.set(key, value)
            }
          }
        }
        const made: string[] = []
        for (const each of steps) {
          const id = made['of' in each ? each.of % Math.max(1, made.length) : 0]
          if (each.kind === 'advance') await domain.post('/clock/advance', { by: `${each.ms}ms` })
          else if (each.kind === 'create') {
            const scenario = made.length % 2 === 0 ? 'default' : 'manual'
            made.push((await client.post(AWS, enable(...each.keys), { 'x-emulator-scenario': scenario })).job.id)
          } else if (id !== undefined && each.kind === 'cancel') await client.post(`${AWS}/${id}/cancel`)
          else if (id !== undefined) await domain.post(`/jobs/${id}/signal`, { name: 'finish' })
          await statuses()
        }
        const told = (): string[] =>
          (heard.transitions as { job: string; item?: string; to: string }[]).map(
            ({ job, item = 'job', to }) => `${job} ${item} ${to}`,
          )
        await until(() => told().length >= expected.length)
        heard.leave()
        expect(told().sort()).toEqual(expected.sort())
        const instants = (heard.transitions as { at: string }[]).map(({ at }) => Date.parse(at))
        expect(instants).toEqual([...instants].sort((a, b) => a - b))
      }),
      { numRuns: 15 },
    )
  })
})
