// The polling report for clients whose sources are public, simulated against an emulator whose clock is frozen between
// calls: it advances by the client's sleeps, and tokens expire by it, so 300 s are 300 s.

import { expect, it } from 'vitest'
import type { Answer } from '../support/world.ts'
import { startWorld, times, type World } from './support.ts'

interface Player {
  readonly world: World['world']
  /** Signs in as a client does; later calls send that token. */
  readonly signIn: () => Promise<void>
  /** A GET of the job. */
  readonly poll: () => Promise<Answer>
  readonly sleep: (seconds: number) => Promise<unknown>
  /** Answers the n-th polls with this. */
  readonly refuse: (status: number, nth: number | number[], retryAfter?: string) => Promise<unknown>
}

async function startPlayer(scenario: string): Promise<Player> {
  const { world, as, job, signIn } = await startWorld({ settings: { tokenClock: 'domain' } })
  const path = await job(scenario)
  let client = as('')
  return {
    world,
    signIn: async () => {
      client = as((await signIn({ username: 'admin', password: 'admin', domain: world.name })).token.jwt)
    },
    poll: () => client.get(path),
    sleep: (seconds) => world.clock.advance(`${seconds * 1000}ms`),
    refuse: (status, nth, retryAfter) =>
      world.fault({
        on: { operation: 'azure.bulkjobs.get', nth },
        do: { respond: { status, ...(retryAfter !== undefined && { retryAfter }) } },
      }),
  }
}

const isOver = ({ job }: Answer): boolean => job.overall_status !== 'in_progress'

/** The vendor's playbook: 30 tries, 10 s apart, each in a process that signs in. */
async function ansiblePlaybook({ signIn, poll, sleep }: Player): Promise<Answer> {
  for (let tries = 1; ; tries += 1) {
    await signIn()
    const answer = await poll()
    if (isOver(answer) || tries === 30) return answer
    await sleep(10)
  }
}

/** One process: it assumes a token lifetime of 890 s, and signs in and retries once after a 401. */
async function ansibleProcess({ signIn, poll, sleep }: Player, tries: number): Promise<Answer[]> {
  await signIn()
  return times(tries, async () => {
    await sleep(10)
    const answer = await poll()
    if (answer.status !== 401) return answer
    await signIn()
    return poll()
  })
}

/** A GET that is retried after 1 s and 3 s when a gateway is unavailable or the server is busy. */
async function ansibleGet({ poll, sleep }: Player): Promise<Answer> {
  let answer = await poll()
  for (const seconds of [1, 3]) {
    if (![429, 502, 503, 504].includes(answer.status)) break
    await sleep(seconds)
    answer = await poll()
  }
  return answer
}

/** Ticks of 5 s, and a sign-in once a token has fewer than 60 s left. */
async function terraform({ signIn, poll, sleep }: Player, ticks: number): Promise<Answer[]> {
  let age = 300
  return times(ticks, async () => {
    if (300 - age < 60) {
      await signIn()
      age = 0
    }
    const answer = await poll()
    await sleep(5)
    age += 5
    return answer
  })
}

const findingsOf = async ({ world }: Player): Promise<string[]> =>
  (await world.pollingReport()).findings.map(({ level, rule }) => `${level} ${rule}`)

it('Ansible with 30 polls 10 s apart gives up on a job of ten minutes before it completes', async () => {
  const player = await startPlayer('slow')
  const last = await ansiblePlaybook(player)
  expect(last.job.overall_status).toBe('in_progress')
  expect((await player.world.pollingReport()).jobs).toMatchObject([{ gets: 30, backOff: false, pollsAfterEnd: 0 }])
  expect(await findingsOf(player)).toEqual(['hint flat-interval', 'hint sign-in-per-poll'])
})

it('Ansible completes at the first or third poll with the scenarios for it', async () => {
  for (const [scenario, gets] of [
    ['instant', 1],
    ['third-poll', 3],
  ] as const) {
    const player = await startPlayer(scenario)
    expect((await ansiblePlaybook(player)).job.overall_status).toBe('completed')
    expect(await player.world.countRequests({ operation: 'azure.bulkjobs.get' })).toEqual({ count: gets })
    expect(await findingsOf(player)).toEqual([])
  }
})

it('Ansible with a token of 890 s gets a 401 every 300 s and signs in again', async () => {
  const player = await startPlayer('slow')
  const answers = await ansibleProcess(player, 60)
  expect(answers.every(({ status }) => status === 200)).toBe(true)
  expect((await player.world.pollingReport()).jobs).toMatchObject([{ gets: 62, retries: { after401: 2 }, signIns: 2 }])
  expect(await findingsOf(player)).toEqual([])
})

it('Ansible retries after 1 s and 3 s while a gateway is unavailable for two calls', async () => {
  const player = await startPlayer('slow')
  await player.signIn()
  await player.refuse(503, [1, 2])
  expect((await ansibleGet(player)).status).toBe(200)
  expect(await findingsOf(player)).toEqual([])
})

it('Ansible retries after one second although the server asks for ten', async () => {
  const player = await startPlayer('slow')
  await player.signIn()
  await player.refuse(429, [1, 2, 3], '10s')
  expect((await ansibleGet(player)).status).toBe(429)
  expect(await findingsOf(player)).toEqual(['error retry-after-broken'])
})

it('Terraform polls every 5 s and renews its token in time: no 401 in ten minutes', async () => {
  const player = await startPlayer('stuck')
  const answers = await terraform(player, 120)
  expect(answers.every(({ status }) => status === 200)).toBe(true)
  expect((await player.world.pollingReport()).signIns).toBe(3)
  expect(await findingsOf(player)).toEqual(['hint flat-interval'])
})

it('Terraform for OCI waits 0.5, 1, 2 and 4 s regardless of Retry-After', async () => {
  const player = await startPlayer('slow')
  await player.signIn()
  await player.refuse(429, [1, 2, 3, 4], '5s')
  const answers = await times(5, async (index) => {
    if (index > 0) await player.sleep(0.25 * 2 ** index)
    return player.poll()
  })
  expect(answers.map(({ status }) => status)).toEqual([429, 429, 429, 429, 200])
  // On a slow machine the half second is longer.
  expect(await findingsOf(player)).toContain('error retry-after-broken')
})

it('the tink client retries after 502 to 504, but not after a 4xx', async () => {
  const player = await startPlayer('slow')
  await player.signIn()
  await player.refuse(502, 1)
  await player.refuse(403, 3)
  expect((await player.poll()).status).toBe(502)
  // Its wait is not known: one second here.
  await player.sleep(1)
  expect((await player.poll()).status).toBe(200)
  await player.sleep(5)
  expect((await player.poll()).status).toBe(403)
  expect(await findingsOf(player)).toEqual([])
})

it('the metrics exporter signs in once after a 401', async () => {
  const player = await startPlayer('stuck')
  expect((await ansibleProcess(player, 40)).every(({ status }) => status === 200)).toBe(true)
  expect(await findingsOf(player)).toEqual([])
})

it('the skills scripts never sign in again, and stop at the 401 after 300 s', async () => {
  const player = await startPlayer('stuck')
  await player.signIn()
  const statuses: number[] = []
  while (statuses.at(-1) !== 401) {
    await player.sleep(10)
    statuses.push((await player.poll()).status)
  }
  expect(statuses.length).toBe(30)
  expect(await findingsOf(player)).toEqual(['error no-sign-in-after-401', 'hint flat-interval'])
})
