// --watch: a folder of scenarios that is edited while the emulator runs.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { pino } from 'pino'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readOptions } from '../../src/config.ts'
import { startEmulator } from '../../src/emulator.ts'
import { folderOf } from '../files/folder.ts'

/** A log that resolves a promise at the first line that has a text. */
function listeningLog() {
  const seen: string[] = []
  const waiting = new Set<() => void>()
  const sink = new Writable({
    write: (line: Buffer, _encoding, done) => {
      seen.push(line.toString())
      for (const look of waiting) look()
      done()
    },
  })
  const line = (text: string) =>
    new Promise<void>((resolve) => {
      const look = (): void => {
        const at = seen.findIndex((each) => each.includes(text))
        if (at < 0) return
        seen.splice(0, at + 1)
        waiting.delete(look)
        resolve()
      }
      waiting.add(look)
      look()
    })
  return { log: pino({ level: 'info' }, sink), line }
}

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
  return { line, create }
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
})
