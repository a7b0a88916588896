// Law 10 on a full disk: for each call that writes, each of its writes fails in turn.

import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Emulator } from '../../src/emulator.ts'
import { CALL_OPERATIONS, OPERATIONS } from '../../src/wire/operations.ts'
import { KINDS } from '../../src/wire/resources/index.ts'
import type { Disk, Failure } from '../support/failing-database.ts'
import { halfSeeded, startOnDisk, unnamedRows } from '../support/on-disk.ts'
import { AWS, AZURE, callerOf, enable, NOW, type Answer } from '../support/world.ts'
import { PATIENTLY } from './cases.ts'
import { prepareWorld, UNKEPT, WRITING_CALLS, type Callers, type Known, type WritingCall } from './law-10-calls.ts'

const FAILURES: readonly Failure[] = ['once', 'until room']

/** A call with more writes fails at its first writes, at its last ones, and at this many in between. */
const MAX_FAILURES = 6

const folder = mkdtempSync(join(tmpdir(), 'cckm-law-10-'))
let known: Known | undefined
let folders = 0

interface Running extends AsyncDisposable {
  readonly disk: Disk
  readonly emulator: Emulator
  readonly to: Callers
}

async function startOn(data: string): Promise<Running> {
  const options = { data, seed: 'none', clock: `frozen@${NOW}`, randomSeed: 42, auth: { tokenTtl: '876000h' } } as const
  const { disk, emulator } = await startOnDisk(options)
  const to = callersOf(emulator, known?.jwt ?? '')
  return { disk, emulator, to, [Symbol.asyncDispose]: () => emulator.close() }
}

function callersOf(emulator: Emulator, jwt: string): Callers {
  const as = (token: string) => callerOf(emulator, '/api/v1', { authorization: `Bearer ${token}` })
  return {
    vendor: as(jwt),
    anyone: callerOf(emulator, '/api/v1'),
    server: callerOf(emulator, '/__admin'),
    control: callerOf(emulator, '/__admin/domains/t-1'),
  }
}

function knownOf(): Known {
  if (known === undefined) throw new Error('the world is not prepared')
  return known
}

const send = (call: WritingCall, { to }: Running): Promise<Answer> => call.send(to, knownOf())

/** A copy of a data folder, which one emulator after the other may use. */
function copyOf(data: string): string {
  const copy = join(folder, `${(folders += 1)}`)
  cpSync(data, copy, { recursive: true })
  return copy
}

beforeAll(async () => {
  const { emulator, to } = await startOn(join(folder, 'first'))
  const as = (jwt: string) => callerOf(emulator, '/api/v1', { authorization: `Bearer ${jwt}` })
  known = await prepareWorld(to, as)
  await emulator.close()
})

afterAll(() => {
  rmSync(folder, { recursive: true })
})

const TRIED_FAMILIES = /^(azure\.bulkjobs|aws\.bulkjob|aws\.synchronization-jobs\.(create|cancel)$)/

it('covers every call that writes', async () => {
  await using running = await startOn(copyOf(join(folder, 'first')))
  const { paths } = (await running.to.server.get('/openapi.json')).json as { paths: Record<string, object> }
  const ofControl = Object.entries(paths)
    .filter(([path]) => path.startsWith('/__admin/domains/{domain}'))
    .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`))
    .filter((call) => !call.startsWith('GET '))
  // A GET by id writes if it counts.
  // Calls on resources are all made by one call of the domain's inventory, which those that are tried use.
  const onResources = new Set(KINDS.flatMap(({ operations }) => operations.map(({ name }) => name)))
  const ofVendor = CALL_OPERATIONS.filter(({ methods, namesJob }) => namesJob || !methods.includes('GET'))
  // Families share their handlers: the bulk jobs, and one family whose items are containers, stand for the others.
  const ofOtherFamilies = new Set(
    OPERATIONS.flatMap(({ name, job }) => (job !== undefined && !TRIED_FAMILIES.test(name) ? [name] : [])),
  )
  const tried = new Set([...WRITING_CALLS.map(({ name }) => name), ...UNKEPT])
  const writing = [...ofControl, ...ofVendor.map(({ name }) => name)]
  expect(writing.filter((call) => !tried.has(call) && !onResources.has(call) && !ofOtherFamilies.has(call))).toEqual([])
  expect(writing.length).toBeGreaterThan(30)
})

const TITLED = WRITING_CALLS.map((call) => [`${call.name} ${call.special ?? ''}`.trim(), call] as const)

it.each(TITLED)('completes %s as a whole or not at all on a full disk', PATIENTLY, async (_title, call) => {
  const data = await dataFor(call)
  const done = await doneOn(data, call)
  for (const at of placesOf(done.writes)) for (const failure of FAILURES) await tryOn(data, call, { at, failure, done })
})

/** The data that the call starts with. */
async function dataFor({ prepare }: WritingCall): Promise<string> {
  const data = copyOf(join(folder, 'first'))
  if (prepare === undefined) return data
  await using running = await startOn(data)
  expect([200, 201]).toContain((await prepare(running.to, knownOf())).status)
  return data
}

interface Done {
  readonly after: object
  readonly writes: number
}

/** The result of a call without a failure. */
async function doneOn(data: string, call: WritingCall): Promise<Done> {
  await using running = await startOn(copyOf(data))
  const before = await lookAt(running)
  running.disk.fail(Infinity, 'once')
  const answer = await send(call, running)
  expect(answer.status, answer.text).toBe(call.status)
  const writes = running.disk.writes()
  expect(writes).toBeGreaterThan(0)
  const after = await lookAt(running)
  expect(after).not.toEqual(before)
  return { after: inGeneral(after), writes }
}

function placesOf(writes: number): number[] {
  const all = Array.from({ length: writes }, (_, index) => index + 1)
  if (writes <= MAX_FAILURES) return all
  const some = Array.from({ length: MAX_FAILURES - 4 }, (_, index) => Math.floor((index / (MAX_FAILURES - 4)) * writes))
  return [...new Set([1, 2, ...some.slice(1), writes - 1, writes])]
}

interface Trial {
  readonly at: number
  readonly failure: Failure
  readonly done: Done
}

async function tryOn(data: string, call: WritingCall, { at, failure, done }: Trial): Promise<void> {
  const trial = `write ${at} of ${done.writes}, ${failure}`
  const copy = copyOf(data)
  {
    await using running = await startOn(copy)
    const before = await lookAt(running)
    running.disk.fail(at, failure)
    const answer = await send(call, running)
    running.disk.makeRoom()
    const looked = await lookAt(running)
    if (answer.status === 507) expect(looked, trial).toEqual(before)
    else {
      // The failed write came after the call, such as sweeping, or before it: the count of a fault.
      expect(answer.status, `${trial}: ${answer.text}`).toBe(call.status)
      expect(inGeneral(looked), trial).toEqual(done.after)
      return
    }
    // Every other time the next call is sent to the same process, which then has to clean up by itself.
    if (failure === 'once' || at % 2 === 1) {
      await expectDone(running, call, { done, trial })
      return
    }
  }
  await using again = await startOn(copy)
  await expectDone(again, call, { done, trial: `${trial}, after a restart` })
  await expect.poll(() => unnamedRows(again.disk), { message: trial }).toEqual([])
  expect(halfSeeded(again.disk), trial).toEqual([])
}

async function expectDone(running: Running, call: WritingCall, { done, trial }: { done: Done; trial: string }) {
  const answer = await send(call, running)
  expect(answer.status, `${trial}, again: ${answer.text}`).toBe(call.status)
  expect(inGeneral(await lookAt(running)), `${trial}, again`).toEqual(done.after)
}

it('keeps the count of a fault and its clock advance if a full disk then fails the request', async () => {
  await using running = await startOn(copyOf(join(folder, 'first')))
  const { disk, to } = running
  const fault = { on: { operation: 'aws.bulkjob.create' }, do: { virtualDelay: '1s' } }
  const { id } = (await to.control.post('/faults', fault)).json as { id: string }
  const countOf = async () => {
    const { faults } = (await to.control.get('/faults')).json as { faults: { id: string; hits: number }[] }
    return faults.find((each) => each.id === id)?.hits
  }
  const clock = async () => Date.parse(((await to.control.get('/clock')).json as { now: string }).now)
  const before = await clock()
  const create = () => to.vendor.post(AWS, enable('x'))
  // The count and the clock are two writes each.
  for (const [at, seconds] of [
    [1, 0],
    [3, 0],
    [5, 1],
  ] as const) {
    const [hits = 0, now] = [await countOf(), await clock()]
    disk.fail(at, 'until room')
    expect((await create()).status).toBe(507)
    disk.makeRoom()
    expect([await countOf(), (await clock()) - now]).toEqual([hits + 1, seconds * 1000])
  }
  expect((await create()).status).toBe(201)
  expect([await countOf(), (await clock()) - before]).toEqual([4, 2000])
})

it('deletes with the next large call what a full disk kept', async () => {
  await using running = await startOn(copyOf(join(folder, 'first')))
  const { disk, to } = running
  disk.fail(3, 'until room')
  expect((await to.control.post('/fork', { to: 'forked' })).status).toBe(507)
  disk.makeRoom()
  expect(unnamedRows(disk)).not.toEqual([])
  expect((await to.control.post('/fork', { to: 'forked' })).status).toBe(201)
  await expect.poll(() => unnamedRows(disk)).toEqual([])
})

/** All stored and named data and all views, except counts of faults: they count a request, not its effect. */
async function lookAt({ disk, to }: Running): Promise<object> {
  const { domains } = (await to.server.get('/domains')).json as { domains: { name: string }[] }
  const shown: Record<string, unknown> = { domains }
  for (const { name } of domains)
    for (const path of [
      'clock',
      'settings',
      'scenarios',
      'rules',
      'faults',
      'jobs?limit=-1',
      'resources?limit=-1',
      'snapshots',
    ])
      shown[`${name}/${path}`] = (await to.server.get(`/domains/${name}/${path}`)).json
  const lists = [await to.vendor.get(`${AZURE}?limit=-1`), await to.vendor.get(`${AWS}?limit=-1`)]
  const others = await to.anyone.get('/auth/self/user', { authorization: `Bearer ${knownOf().other}` })
  const looked = {
    tables: tablesOf(disk),
    shown,
    lists: lists.map(({ status, text }) => (status === 200 ? text : status)),
    others: others.status,
  }
  return JSON.parse(JSON.stringify(looked).replace(/(\\*"(?:seen|hits)\\*"):\d+/g, '$1:0')) as object
}

/**
 * The tables, with contents by the names of their domains. Rows above a domain's `visible_to`, which its next command
 * deletes, and rows of contents that no domain names, are left out.
 */
function tablesOf({ read }: Disk): object {
  return {
    domains: read('select key, id, name, state, origin from domain order by key'),
    jobs: read(`select name, job.* from domain join job using (content)
      where seq <= coalesce(visible_to, seq) order by domain.key, seq`).map(withoutContent),
    items: read(`select name, item.* from domain join item using (content)
      where job <= coalesce(visible_to, job) order by domain.key, job, item`).map(withoutContent),
    resources: read(`select name, resource.* from domain join resource using (content)
      where seq <= coalesce(visible_to, seq) order by domain.key, seq`).map(withoutContent),
    steps: read(`select name, step.* from domain join step using (content)
      where resource <= coalesce(visible_to, resource) order by domain.key, resource, n`).map(withoutContent),
    effects: read(`select name, effect.* from domain join effect using (content)
      where job <= coalesce(visible_to, job) order by domain.key, job, resource`).map(withoutContent),
    refreshTokens: read('select * from refresh_token order by id'),
    revoked: read('select * from revoked_jwt order by id'),
    secrets: read('select * from secret order by name'),
  }
}

function withoutContent({ content: _content, ...row }: Record<string, unknown>): object {
  return row
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g

/**
 * Without values that differ between runs: random ids, digests, real time. Rows are then sorted by the remaining
 * values.
 */
function inGeneral(looked: object): object {
  const text = JSON.stringify(looked, (_key, value: unknown) =>
    Array.isArray(value) ? value.map(general) : general(value),
  )
  const { tables, ...rest } = JSON.parse(text) as { tables: Record<string, object[]> }
  return { ...rest, tables: Object.fromEntries(Object.entries(tables).map(([name, rows]) => [name, sorted(rows)])) }
}

function general(value: unknown): unknown {
  if (typeof value !== 'string') return value
  return value
    .replace(UUID, '*')
    .replace(/"(realStart|elapsedStart|createdAt|lastUsedAt|revokedAt)":-?[\d.]+/g, '"$1":0')
}

function sorted(rows: readonly object[]): string[] {
  return rows.map((row) => JSON.stringify({ ...row, key: 0, digest: '', expires_at: 0 })).sort()
}
