// --watch: scenario files that change while the emulator runs.

import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readOptions } from '../../src/config/config.ts'
import { startEmulator } from '../../src/emulator.ts'
import { folderOf } from '../files/folder.ts'
import { listeningLog } from '../support/log.ts'

async function watching(folder: string) {
  const reading = readOptions({ seed: 'none', clock: 'frozen', scenariosDir: folder, watch: true })
  if ('problems' in reading) throw new Error('the options are wrong')
  const { log, line, lines } = listeningLog()
  const emulator = await startEmulator(reading.config, { log })
  onTestFinished(() => emulator.close())
  const world = emulator.domain('t-1')
  const request = { keys: ['k1'], operation: 'enablekey' }
  const create = async () => {
    const { id } = await world.jobs.create({ family: 'aws.bulkjob', request, scenario: 'mine' })
    return (await world.jobs.explain(id)).text
  }
  /** Creates a job as a client, since job rules apply only to clients. */
  const send = async () => {
    const authorization = `Bearer ${await emulator.token({ domain: 't-1' })}`
    const call = { method: 'POST', url: '/api/v1/cckm/aws/bulkjob', payload: request } as const
    const { statusCode, body } = await emulator.inject({ ...call, headers: { authorization } })
    return { status: statusCode, body }
  }
  return { line, lines, create, send, world }
}

describe('a watched folder of scenarios', () => {
  it('uses a changed scenario for new jobs, and the previous one while a file is invalid', async () => {
    const folder = folderOf({ 'mine.json': '{"after":"5s"}' })
    const { line, create } = await watching(folder)
    expect(await create()).toContain('completed 5s after its start')

    writeFileSync(join(folder, 'mine.json'), '{"after":"7s"}')
    await line('the scenarios were read again')
    expect(await create()).toContain('completed 7s after its start')

    writeFileSync(join(folder, 'mine.json'), '{"after":')
    await line('the previous scenarios stay in use')
    expect(await create()).toContain('completed 7s after its start')

    writeFileSync(join(folder, 'mine.json'), '{"after":"9s"}')
    await line('the scenarios were read again')
    expect(await create()).toContain('completed 9s after its start')
  })

  it('refuses a create if its job rule is no longer valid, names the rule and does not use it up', async () => {
    const folder = folderOf({ 'mine.json': '{"after":"9s"}' })
    const { line, send, world } = await watching(folder)
    const { id } = await world.nextJob({ scenario: { extends: 'mine', items: [{ index: 0, at: '8s' }] } })
    writeFileSync(join(folder, 'mine.json'), '{"after":"5s"}')
    await line('the scenarios were read again')
    const refused = await send()
    expect(refused.status).toBe(400)
    expect(refused.body).toMatch(new RegExp(`the job rule ${id} is no longer valid: .*after the end of the job`))
    expect(await world.rules()).toMatchObject([{ id, left: 1 }])

    writeFileSync(join(folder, 'mine.json'), '{"after":"10s"}')
    await line('the scenarios were read again')
    expect((await send()).status).toBe(201)
    expect(await world.rules()).toMatchObject([{ id, left: 0 }])
  })

  describe('a watched folder that is replaced', () => {
    const first = { 'sc/mine.json': '{"after":"5s"}' }
    it.each<[string, (folder: string) => void]>([
      [
        'removed and made again at once',
        (folder) => {
          rmSync(folder, { recursive: true })
          mkdirSync(folder)
        },
      ],
      [
        'another folder renamed to its name',
        (folder) => {
          mkdirSync(`${folder}.new`)
          renameSync(folder, `${folder}.old`)
          renameSync(`${folder}.new`, folder)
        },
      ],
      [
        'the folder around it removed and made again',
        (folder) => {
          rmSync(dirname(folder), { recursive: true })
          mkdirSync(folder, { recursive: true })
        },
      ],
    ])('is read again after it is replaced: %s', async (_name, replace) => {
      const folder = join(folderOf(first), 'sc')
      const { line, create } = await watching(folder)
      replace(folder)
      await line('the scenarios were read again')
      writeFileSync(join(folder, 'mine.json'), '{"after":"7s"}')
      await line('the scenarios were read again')
      expect(await create()).toContain('completed 7s after its start')
      writeFileSync(join(folder, 'mine.json'), '{"after":"9s"}')
      await line('the scenarios were read again')
      expect(await create()).toContain('completed 9s after its start')
    })

    it('is read again when the path becomes a link to another folder', async () => {
      const root = folderOf({ 'a/mine.json': '{"after":"5s"}', 'b/mine.json': '{"after":"7s"}' })
      const link = join(root, 'sc')
      symlinkSync('a', link)
      const { line, create } = await watching(link)
      symlinkSync('b', `${link}.new`)
      renameSync(`${link}.new`, link)
      await line('the scenarios were read again')
      expect(await create()).toContain('completed 7s after its start')
      writeFileSync(join(root, 'b', 'mine.json'), '{"after":"9s"}')
      await line('the scenarios were read again')
      expect(await create()).toContain('completed 9s after its start')
    })

    it.each<[string, (folder: string) => void, string]>([
      ['gone', () => undefined, 'there is no such file or folder'],
      ['a file instead', (folder) => writeFileSync(folder, ''), 'is a file, not a folder'],
    ])('is read again after it is %s for a while, which is logged once', async (_name, meanwhile, problem) => {
      const folder = join(folderOf(first), 'sc')
      const { line, lines, create } = await watching(folder)
      rmSync(folder, { recursive: true })
      meanwhile(folder)
      expect(await line('the previous scenarios stay in use')).toContain(problem)
      expect(await create()).toContain('completed 5s after its start')

      rmSync(folder, { force: true })
      mkdirSync(folder)
      writeFileSync(join(folder, 'mine.json'), '{"after":"7s"}')
      await line('the scenarios were read again')
      expect(lines.filter((each) => each.includes('stay as they were'))).toEqual([])
      expect(await create()).toContain('completed 7s after its start')
      writeFileSync(join(folder, 'mine.json'), '{"after":"9s"}')
      await line('the scenarios were read again')
      expect(await create()).toContain('completed 9s after its start')
    })
  })

  it('reads a file that an editor replaces by renaming', async () => {
    const folder = folderOf({ 'mine.json': '{"after":"5s"}' })
    const { line, create } = await watching(folder)
    for (const after of ['7s', '9s']) {
      writeFileSync(join(folder, '.mine.json.swp'), `{"after":"${after}"}`)
      renameSync(join(folder, '.mine.json.swp'), join(folder, 'mine.json'))
      await line('the scenarios were read again')
      expect(await create()).toContain(`completed ${after} after its start`)
    }
  })
})
