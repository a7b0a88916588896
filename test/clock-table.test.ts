// The table of docs/getting-started/clock-and-scenario.md: each row, played.

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createEmulator } from '../src/index.ts'
import { rowsWith, tablesOf } from './support/tables.ts'

const page = readFileSync(new URL('../docs/getting-started/clock-and-scenario.md', import.meta.url), 'utf8')
const COLUMNS = ['Client', 'Polls every', 'Flags', 'The job ends', 'Result']
const rows = rowsWith(tablesOf(page), COLUMNS).map(({ cells }) => COLUMNS.map((column) => cells[column] ?? ''))

const MAX_POLLS = 50
const JOBS = '/api/v1/cckm/aws/bulkjob'

interface Job {
  id: string
  overall_status: string
  detailed_status: Record<string, string>
}

/** A running clock is a frozen one that a poll's pause moves, times the rate: the test need not sleep. */
async function play(interval: string, flags: string): Promise<{ end: string; result: string }> {
  const flag = (name: string) => new RegExp(`--${name} ([\\w-]+)`).exec(flags)?.[1]
  const clock = flag('clock') ?? 'running'
  await using emulator = await createEmulator({
    clock: clock === 'step' ? 'step' : 'frozen',
    scenario: flag('scenario') ?? 'default',
    seed: 'none',
  })
  const headers = { authorization: `Bearer ${await emulator.token()}` }
  const payload = { keys: ['k1', 'k2', 'k3', 'k4'], operation: 'enablekey' }
  const { id } = (await emulator.inject({ method: 'POST', url: JOBS, headers, payload })).json<Job>()
  const poll = async () => (await emulator.inject({ url: `${JOBS}/${id}`, headers })).json<Job>()
  const { clock: control } = emulator.domain('root')
  const pause = Number.parseFloat(interval) * Number(flag('rate') ?? 1)
  let job = await poll()
  let polls = 1
  for (; job.overall_status === 'in_progress' && polls < MAX_POLLS; polls += 1) {
    if (clock === 'running') await control.advance(`${pause}${interval.replace(/[\d. ]/g, '')}`)
    job = await poll()
  }
  if (clock === 'frozen') {
    expect(polls).toBe(MAX_POLLS)
    await control.advance('10m')
    return { end: 'after advance by 10m', result: resultOf(await poll()) }
  }
  return { end: job.overall_status === 'in_progress' ? 'never' : `at poll ${polls}`, result: resultOf(job) }
}

function resultOf({ overall_status: status, detailed_status: details }: Job): string {
  const failed = Object.keys(details).filter((key) => details[key] !== 'Success')
  return [status, ...failed.map((key) => `${key} failed`)].join(', ')
}

describe('docs/getting-started/clock-and-scenario.md', () => {
  it.each(rows)('is right about %s (every %s, %s)', async (_client, interval, flags, end, result) => {
    expect(await play(interval, flags)).toEqual({ end, result })
  })

  it('has rows', () => expect(rows.length).toBeGreaterThan(5))
})
