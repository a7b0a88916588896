// Records of what an emulator confirmed, and auditors that compare them with its state after a kill.

import { expect } from 'vitest'
import { AZURE, CREATE, type Caller } from './support.ts'

interface Entry {
  isCancelled: boolean
  isDeleted: boolean
  /** Sent but not answered: the result is unknown. */
  doubt: 'cancel' | 'delete' | undefined
  /** The last known state of a final job. */
  final: string | undefined
}

interface WireJob {
  readonly id: string
  readonly overall_status: string
}

export interface Totals {
  created: number
  cancelled: number
  deleted: number
  domains: number
  resets: number
  advances: number
}

export interface Books {
  /** Clients that send one request after the other until the emulator is gone. */
  work: (caller: Caller, random: () => number) => Promise<void>
  /** Resolves after this many more calls are answered. */
  answers: (count: number) => Promise<void>
  /** Compares the jobs that clients changed since the last audit, and the list of all, with the books. */
  audit: (caller: Caller) => Promise<void>
  /** Compares every job. */
  auditAll: (caller: Caller) => Promise<Totals>
}

const CLIENTS = 6
const CLOCK = '/__admin/domains/clock'
const FIRST = Date.parse('2026-01-01T00:00:00Z')
const SEED = {
  jobs: ['a', 'b', 'c'].map((key) => ({ family: 'aws.bulkjob', request: { keys: [key], operation: 'enablekey' } })),
}

export async function createBooks({ ask }: Caller): Promise<Books> {
  const jobs = new Map<string, Entry>()
  const touched = new Set<string>()
  const domains = new Map<string, { isThere: boolean; isDoubtful: boolean; touched: boolean }>()
  const totals: Totals = { created: 0, cancelled: 0, deleted: 0, domains: 0, resets: 0, advances: 0 }
  let creations = 0 // in doubt
  let seconds = 0 // the answered advances of the frozen clock
  let isAdvancing = false
  let named = 0
  let answered = 0
  let onAnswer: () => void = () => undefined
  await ask('PUT', CLOCK, { clock: { mode: 'frozen', now: new Date(FIRST).toISOString() } }, 201)

  async function create({ call }: Caller, scenario: string): Promise<boolean> {
    creations += 1
    const answer = await call('POST', AZURE, CREATE, { 'x-emulator-scenario': scenario })
    if (answer === undefined) return false
    expect(answer.status, answer.text).toBe(201)
    creations -= 1
    totals.created += 1
    const { id } = JSON.parse(answer.text) as WireJob
    jobs.set(id, { isCancelled: false, isDeleted: false, doubt: undefined, final: undefined })
    touched.add(id)
    return true
  }

  /** Each client has its own jobs, so that no two change the same one. */
  async function change({ call }: Caller, id: string): Promise<boolean> {
    const entry = jobs.get(id)!
    const [doubt, method, path, status] = entry.isCancelled
      ? (['delete', 'DELETE', `${AZURE}/${id}`, 204] as const)
      : (['cancel', 'POST', `${AZURE}/${id}/cancel`, 200] as const)
    entry.doubt = doubt
    touched.add(id)
    const answer = await call(method, path)
    if (answer === undefined) return false
    expect(answer.status, answer.text).toBe(status)
    entry.doubt = undefined
    entry[doubt === 'cancel' ? 'isCancelled' : 'isDeleted'] = true
    totals[doubt === 'cancel' ? 'cancelled' : 'deleted'] += 1
    return true
  }

  async function workOnJobs(caller: Caller, random: () => number): Promise<void> {
    const own: string[] = []
    for (let goesOn = true; goesOn;) {
      const dice = random()
      const id = own.at(-1)
      if (dice < 0.6 || id === undefined) {
        const before = new Set(jobs.keys())
        goesOn = await create(caller, dice < 0.1 ? 'instant' : 'stuck')
        if (goesOn && dice >= 0.1) own.push([...jobs.keys()].findLast((each) => !before.has(each))!)
      } else {
        goesOn = await change(caller, id)
        if (jobs.get(id)!.isDeleted) own.pop()
      }
    }
  }

  async function workOnDomains({ call }: Caller): Promise<void> {
    for (;;) {
      const name = `d-${(named += 1)}`
      const domain = { isThere: false, isDoubtful: true, touched: true }
      domains.set(name, domain)
      const path = `/__admin/domains/${name}`
      const made = await call('PUT', path, { seed: SEED })
      if (made === undefined) return
      expect(made.status, made.text).toBe(201)
      Object.assign(domain, { isThere: true, isDoubtful: false })
      totals.domains += 1
      for (let n = 0; n < 3; n += 1) {
        const reset = await call('POST', `${path}/reset`)
        if (reset === undefined) return
        expect(reset.status, reset.text).toBe(200)
        totals.resets += 1
      }
      if (named % 2 === 0) continue
      domain.isDoubtful = true
      const gone = await call('DELETE', path)
      if (gone === undefined) return
      Object.assign(domain, { isThere: false, isDoubtful: false })
    }
  }

  async function workOnClock({ call }: Caller): Promise<void> {
    for (;;) {
      isAdvancing = true
      const answer = await call('POST', `${CLOCK}/clock/advance`, { by: '1s' })
      if (answer === undefined) return
      isAdvancing = false
      seconds += 1
      totals.advances += 1
    }
  }

  async function auditJob({ call }: Caller, id: string, listed: WireJob | undefined): Promise<void> {
    const entry = jobs.get(id)!
    const answer = (await call('GET', `${AZURE}/${id}`))!
    const isGone = answer.status === 404
    expect(listed === undefined, `${id}: list and get agree`).toBe(isGone)
    if (isGone) {
      expect(entry.isDeleted || entry.doubt === 'delete', `${id} is lost`).toBe(true)
      Object.assign(entry, { isDeleted: true, doubt: undefined })
      return
    }
    expect(answer.status, answer.text).toBe(200)
    expect(entry.isDeleted, `${id} came back`).toBe(false)
    const job = JSON.parse(answer.text) as WireJob
    expect(job, `${id}: list and get agree`).toEqual(listed)
    const isAborted = job.overall_status === 'aborted'
    expect(isAborted || !entry.isCancelled, `the cancel of ${id} is lost`).toBe(true)
    expect(!isAborted || entry.isCancelled || entry.doubt === 'cancel', `${id} was never cancelled`).toBe(true)
    Object.assign(entry, { isCancelled: isAborted, doubt: undefined })
    if (entry.final !== undefined) expect(answer.text, `${id} changed after its end`).toBe(entry.final)
    if (job.overall_status !== 'in_progress') entry.final = answer.text
  }

  async function listOf({ ask }: Caller): Promise<Map<string, WireJob>> {
    const { total, resources } = await ask<{ total: number; resources: WireJob[] }>('GET', `${AZURE}?limit=1000000`)
    expect(resources).toHaveLength(total)
    return new Map(resources.map((job) => [job.id, job]))
  }

  /**
   * A job that was created but not confirmed exists completely or not at all; if it exists, it is added to the books.
   */
  function adopt(listed: ReadonlyMap<string, WireJob>): void {
    const found = [...listed.keys()].filter((id) => !jobs.has(id))
    expect(found.length).toBeLessThanOrEqual(creations)
    creations = 0
    for (const id of found) {
      jobs.set(id, { isCancelled: false, isDeleted: false, doubt: undefined, final: undefined })
      touched.add(id)
    }
  }

  async function auditDomains({ call, ask }: Caller): Promise<void> {
    const all = await ask<{ domains: { name: string; jobs: number }[] }>('GET', '/__admin/domains')
    const found = new Map(all.domains.map(({ name, jobs }) => [name, jobs]))
    for (const [name, domain] of domains) {
      if (!domain.isDoubtful) expect(found.has(name), `${name} is there`).toBe(domain.isThere)
      if (found.has(name)) expect(found.get(name), `the seed of ${name}`).toBe(SEED.jobs.length)
      Object.assign(domain, { isThere: found.has(name), isDoubtful: false })
      // Keeps the list from growing with each round.
      if (found.has(name)) expect((await call('DELETE', `/__admin/domains/${name}`))?.status).toBe(204)
      domains.delete(name)
      found.delete(name)
    }
    expect([...found.keys()].sort()).toEqual(['clock', 'root'])
    const { now } = await ask<{ now: string }>('GET', `${CLOCK}/clock`)
    const shown = (Date.parse(now) - FIRST) / 1000
    expect(isAdvancing ? [seconds, seconds + 1] : [seconds]).toContain(shown)
    seconds = shown
    isAdvancing = false
  }

  async function audit(caller: Caller, ids: Iterable<string>): Promise<void> {
    const listed = await listOf(caller)
    adopt(listed)
    for (const [id, { isDeleted }] of jobs) if (!touched.has(id)) expect(listed.has(id), id).toBe(!isDeleted)
    for (const id of [...ids]) await auditJob(caller, id, listed.get(id))
    await auditDomains(caller)
    touched.clear()
  }

  return {
    work: async ({ ask: askOf, call }, random) => {
      const caller: Caller = {
        ask: askOf,
        call: async (...sent) => {
          const answer = await call(...sent)
          if (answer !== undefined) answered += 1
          onAnswer()
          return answer
        },
      }
      const clients = Array.from({ length: CLIENTS }, () => workOnJobs(caller, random))
      await Promise.all([...clients, workOnDomains(caller), workOnClock(caller)])
    },
    answers: (count) => {
      const until = answered + count
      return new Promise((resolve) => {
        onAnswer = () => {
          if (answered >= until) resolve()
        }
        onAnswer()
      })
    },
    audit: (caller) => audit(caller, touched),
    auditAll: async (caller) => {
      await audit(caller, jobs.keys())
      return totals
    },
  }
}
