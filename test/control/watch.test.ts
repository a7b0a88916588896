// --watch: a folder of scenarios that is edited while the emulator runs.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readOptions } from '../../src/config.ts'
import { startEmulator } from '../../src/emulator.ts'
import { folderOf } from '../files/folder.ts'
import { listeningLog } from '../support/log.ts'

async function watching(folder: string) {
  const reading = readOptions({ seed: 'none', clock: 'frozen', scenariosDir: folder, watch: true })
  if ('problems' in reading) throw new Error('the options are wrong')
  const { log, line } = listeningLog()
  const emulator = await startEmulator(reading.config, { log })
  onTestFinished(() => emulator.close())
  const world = emulator.domain('t-1')
  const request = { keys: ['k1'], operation: 'enablekey' }
  const create = async () => {
    const { id } = await world.jobs.create({ family: 'aws.bulkjob', request, scenario: 'mine' })
    return (await world.jobs.explain(id)).text
  }
  /** As a client does it, whom job rules are about. */
  const send = async () => {
    const authorization = `Bearer ${await emulator.token({ domain: 't-1' })}`
    const call = { method: 'POST', url: '/api/v1/cckm/aws/bulkjob', payload: request } as const
    const { statusCode, body } = await emulator.inject({ ...call, headers: { authorization } })
    return { status: statusCode, body }
  }
  return { line, create, send, world }
}

describe('A watched folder', () => {
  it('gives new jobs the scenario as it is now, and keeps the old one where a file is wrong', async () => {
    const folder = folderOf({ 'mine.json': '{"after":"5s"}' })
    const { line, create } = await watching(folder)
    expect(await create()).toContain('completed 5s after its start')

    writeFileSync(join(folder, 'mine.json'), '{"after":"7s"}')
    await line('the scenarios were read again')
    expect(await create()).toContain('completed 7s after its start')

    writeFileSync(join(folder, 'mine.json'), '{"after":')
    await line('the scenarios stay as they were')
    expect(await create()).toContain('completed 7s after its start')

    writeFileSync(join(folder, 'mine.json'), '{"after":"9s"}')
    await line('the scenarios were read again')
    expect(await create()).toContain('completed 9s after its start')
  })

  it('does not use up a job rule that is wrong by now: the create that meets it is refused, and names it', async () => {
    const folder = folderOf({ 'mine.json': '{"after":"9s"}' })
    const { line, send, world } = await watching(folder)
    const { id } = await world.nextJob({ scenario: { extends: 'mine', items: [{ index: 0, at: '8s' }] } })
    writeFileSync(join(folder, 'mine.json'), '{"after":"5s"}')
    await line('the scenarios were read again')
    const refused = await send()
    expect(refused.status).toBe(400)
    expect(refused.body).toMatch(new RegExp(`the job rule ${id} is wrong by now: .*after the end of the job`))
    expect(await world.rules()).toMatchObject([{ id, left: 1 }])

    writeFileSync(join(folder, 'mine.json'), '{"after":"10s"}')
    await line('the scenarios were read again')
    expect((await send()).status).toBe(201)
    expect(await world.rules()).toMatchObject([{ id, left: 0 }])
  })
})
