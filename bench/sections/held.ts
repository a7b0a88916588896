import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Outcome, Section } from '../section.ts'
import { JOBS_PATH } from '../support/jobs.ts'
import { textOf } from '../support/load.ts'
import { bearer, startEmulator, temporaryFolder, tokenOf, withJobs, type Running } from '../support/servers.ts'
import { interleave, median } from '../support/statistics.ts'
import type { Tools } from '../support/tools.ts'

const MAX_ROUNDS = 3
const DOMAINS = 12
const REQUESTS_A_DOMAIN = 200
const BODY_BYTES = 60_000
const LISTS = 1000
const UNREAD_MS = 3000

/** Jobs whose pages nobody reads: some 500 KiB each. */
const JOBS = 1000

export const held: Section = {
  name: 'held',
  title: 'What a client can make the server hold',
  explanation:
    'Resident memory added by the journals of one domain and of 12, each after 200 creates with a body of 60 kB, ' +
    'which are refused; and by one connection that requests 1,000 lists of 1,000 jobs and reads nothing. Memory that ' +
    'V8 has not collected yet is included.',
  run,
}

async function run({ rounds }: Tools): Promise<Outcome> {
  const samples = await interleave(Math.min(MAX_ROUNDS, rounds), { journals: journalsOf, unread: unreadAnswers })
  const measures = {
    'journal of one domain': median(samples.journals.map(({ one }) => one)),
    'journals of 12 domains': median(samples.journals.map(({ all }) => all)),
    'unread answers': median(samples.unread),
  }
  return {
    columns: ['what', 'MiB more'],
    rows: Object.entries(measures).map(([name, more]) => [name, more.toFixed(0)]),
    measures,
  }
}

async function journalsOf(): Promise<{ one: number; all: number }> {
  await using emulator = await startEmulator('--seed', 'none')
  // Code and buffers that the first requests of any domain take.
  await refusedCreates(emulator, 'first', 20)
  const before = emulator.usage().memory
  await refusedCreates(emulator, 'domain-0', REQUESTS_A_DOMAIN)
  const one = emulator.usage().memory - before
  for (let index = 1; index < DOMAINS; index += 1) await refusedCreates(emulator, `domain-${index}`, REQUESTS_A_DOMAIN)
  return { one, all: emulator.usage().memory - before }
}

async function refusedCreates(emulator: Running, domain: string, requests: number): Promise<void> {
  const headers = { ...bearer(await tokenOf(emulator, domain)), 'content-type': 'application/json' }
  const body = JSON.stringify({ operation: 'none', text: 'x'.repeat(BODY_BYTES) })
  for (let sent = 0; sent < requests; sent += 1) {
    const answer = await fetch(emulator.url + JOBS_PATH, { method: 'POST', headers, body })
    await answer.arrayBuffer()
    if (answer.status !== 400) throw new Error(`a create of ${BODY_BYTES} bytes: ${answer.status}`)
  }
}

async function unreadAnswers(): Promise<number> {
  using folder = temporaryFolder()
  await using emulator = await startEmulator(...withJobs(folder.path, JOBS))
  const headers = bearer(await tokenOf(emulator))
  const before = emulator.usage().memory
  const socket = connect(Number(new URL(emulator.url).port), '127.0.0.1')
  await once(socket, 'connect')
  socket.pause().on('error', () => undefined)
  socket.write(textOf({ method: 'GET', path: `${JOBS_PATH}?limit=${JOBS}`, headers }).repeat(LISTS))
  await sleep(UNREAD_MS)
  const more = emulator.usage().memory - before
  socket.destroy()
  return more
}
