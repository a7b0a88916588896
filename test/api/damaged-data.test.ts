// Data that another program has changed: a start fails with one line that names the problem and changes nothing.

import { readFileSync, rmSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readOptions } from '../../src/config/config.ts'
import { startEmulator } from '../../src/emulator.ts'
import { createEmulator, StartError, type EmulatorOptions } from '../../src/index.ts'
import { runCli } from '../cli/run-cli.ts'
import { folderOf } from '../files/folder.ts'
import { writeOldData } from '../store/old-data.ts'
import { listeningLog } from '../support/log.ts'
import { AWS, callerOf, enable, openWorld, Answer } from '../support/world.ts'

const FORMAT_3 = new URL('../store/fixtures/format-3.json', import.meta.url)
type OldRow = Readonly<Record<string, string | number | null>>

interface KeptData {
  readonly folder: string
  readonly job: string
}

/** A data folder with a domain `t-1` that has a job. */
async function keptData(options: EmulatorOptions = {}): Promise<KeptData> {
  const folder = folderOf({})
  const { vendor, emulator } = await openWorld({ ...options, data: folder })
  const created = await vendor.post(AWS, enable('k1'))
  await emulator.close()
  return { folder, job: (created.json as { id: string }).id }
}

function change(folder: string, sql: string): void {
  const database = new Database(join(folder, 'emulator.db'))
  database.exec(sql)
  database.close()
}

async function problemsOf(options: EmulatorOptions): Promise<readonly string[]> {
  const started: unknown = await createEmulator(options).catch((error: unknown) => error)
  if (!(started instanceof StartError)) throw started
  expect(started.exitCode).toBe(1)
  return started.problems
}

describe('a start with damaged data', () => {
  const domain = 'the domain "t-1" (table domain) cannot be read'
  const where = `where name = 't-1'`
  it.each<[string, string, string]>([
    [
      'a domain that is not JSON',
      `update domain set state = 'oops' ${where}`,
      `${domain}: it holds text that is not JSON`,
    ],
    [
      'a truncated domain',
      `update domain set state = substr(state, 1, 20) ${where}`,
      `${domain}: it holds text that is not JSON`,
    ],
    [
      'a domain without a clock',
      `update domain set state = json_remove(state, '$.clock') ${where}`,
      `${domain}: its state is wrong: /clock is required`,
    ],
    [
      'a domain whose clock is a string',
      `update domain set state = json_set(state, '$.clock.base', 'x') ${where}`,
      `${domain}: its state is wrong: /clock/base must be number`,
    ],
    ['a domain that is a list', `update domain set state = '[]' ${where}`, `${domain}: its state is wrong`],
    [
      'a domain whose origin is not JSON',
      `update domain set origin = '{' ${where}`,
      `${domain}: it holds text that is not JSON`,
    ],
    ['a domain whose origin is empty', `update domain set origin = 'null' ${where}`, `${domain}: its origin is wrong`],
    ['a job whose plan is not JSON', `update job set plan = '{'`, 'it holds text that is not JSON'],
    [
      'a job whose plan is something else',
      `update job set plan = '{"kind":"dancing","items":[]}'`,
      'its plan is not a plan',
    ],
    ['a job whose plan is null', `update job set plan = 'null'`, 'its plan is not a plan'],
    [
      'a job with an unknown event',
      `update job set events = '[{"kind":"dance","at":1}]'`,
      'its events is not a list of events that are known',
    ],
    ['a job with an event without an instant', `update job set events = '[{"kind":"cancel"}]'`, 'its events is not'],
    ['a job whose events are not a list', `update job set events = '{}'`, 'its events is not'],
    ['a job whose echoes are not strings', `update job set echoes = '{"a":1}'`, 'its echoes is not'],
  ])('refuses to start with %s, in one line that names the row, and changes nothing', async (_name, sql, problem) => {
    const { folder, job } = await keptData()
    change(folder, sql)
    const before = readFileSync(join(folder, 'emulator.db'))
    const [line = '', ...others] = await problemsOf({ data: folder })
    expect(others).toEqual([])
    expect(line).toContain(`cannot use the data in ${folder}: emulator.db is damaged: `)
    expect(line).toContain(problem)
    if (sql.includes('job')) expect(line).toContain(`the job ${job} (table job)`)
    expect(line).toContain('put a copy of the folder in its place, or choose another --data folder')
    expect(line).not.toContain('\n')
    expect(readFileSync(join(folder, 'emulator.db'))).toEqual(before)
  })

  it('refuses to start with a row of an older format that is not JSON', async () => {
    const folder = folderOf({})
    const { job, domain } = JSON.parse(readFileSync(FORMAT_3, 'utf8')) as { job: OldRow[]; domain: OldRow[] }
    writeOldData(folder, 3, { domain, job: job.map((row, index) => (index === 1 ? { ...row, plan: '{' } : row)) })
    const before = readFileSync(join(folder, 'emulator.db'))
    expect(await problemsOf({ data: folder })).toEqual([
      expect.stringContaining(
        `emulator.db is damaged: the job ${String(job[1]?.id)} (table job) cannot be read: it holds text that is not JSON`,
      ),
    ])
    expect(readFileSync(join(folder, 'emulator.db'))).toEqual(before)
  })

  it('refuses to start with a truncated file', async () => {
    const { folder } = await keptData()
    truncateSync(join(folder, 'emulator.db'), 10_000)
    expect(await problemsOf({ data: folder })).toEqual([expect.stringContaining('emulator.db is damaged')])
  })

  it('refuses to start with an invalid signing key', async () => {
    const { folder } = await keptData({ auth: { algorithm: 'ES256' } })
    change(folder, `update secret set value = 'oops' where name = 'jwt-es256'`)
    expect(await problemsOf({ data: folder, auth: { algorithm: 'ES256' } })).toEqual([
      expect.stringContaining('the signing key in the data (table secret, jwt-es256) cannot be read'),
    ])
  })

  it('refuses to start from the command line with exit code 1 and no stack trace', async () => {
    const { folder } = await keptData()
    change(folder, `update domain set state = 'oops' ${where}`)
    const { code, stderr } = await runCli(['--port', '0', '--data', folder])
    expect(code).toBe(1)
    expect(stderr.split('\n')).toEqual([expect.stringContaining(`cckm-emulator: cannot use the data in ${folder}`), ''])
  })
})

it('answers with an error that names a row damaged at run time, and serves all other rows', async () => {
  const folder = folderOf({})
  const { vendor, emulator } = await openWorld({ data: folder })
  const broken = (await vendor.post(AWS, enable('k1'))).json as { id: string }
  const whole = (await vendor.post(AWS, enable('k2'))).json as { id: string }
  await emulator.close()
  // Opening a small file checks its rows, so this one has more than 8 MiB.
  change(
    folder,
    `update job set events = '[{"kind":"dance","at":1}]' where id = '${broken.id}';
    create table padding (content blob); insert into padding values (zeroblob(9000000))`,
  )
  const again = await openWorld({ data: folder })
  for (const path of [`${AWS}/${broken.id}`, AWS]) {
    const answer = await again.vendor.get(path)
    expect(answer.status).toBe(503)
    expect(answer.text).toContain(`the job ${broken.id} (table job) cannot be read`)
  }
  expect((await again.vendor.post(`${AWS}/${broken.id}/cancel`)).status).toBe(503)
  expect((await again.control.get(`/jobs/${broken.id}`)).status).toBe(503)
  expect((await again.vendor.get(`${AWS}/${whole.id}`)).status).toBe(200)
})

it('is not ready once its data is removed, and logs that once', async () => {
  const folder = folderOf({})
  const reading = readOptions({ data: folder })
  if ('problems' in reading) throw new Error('the options are wrong')
  const { log, line, lines } = listeningLog()
  const emulator = await startEmulator(reading.config, { log })
  onTestFinished(() => emulator.close())
  const ready = async () => new Answer(await emulator.inject('/readyz'))
  expect((await ready()).status).toBe(200)
  rmSync(folder, { recursive: true })
  expect(await ready()).toMatchObject({ status: 503, json: { status: 'data lost' } })
  expect((await ready()).status).toBe(503)
  await line(`the data in ${folder} was removed or replaced`)
  expect(lines.filter((each) => each.includes('was removed'))).toEqual([])
  expect((await callerOf(emulator).get('/healthz')).status).toBe(200)
})
