// The event stream of a domain over a real socket, and how it ends when the server stops.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readFileSync, watch } from 'node:fs'
import { describe, expect, it, onTestFinished } from 'vitest'
import { connect } from '../../src/index.ts'
import { folderOf } from '../files/folder.ts'
import { at, enable, JOBS, NOON, seeded, start } from './enter.ts'

interface Event {
  readonly event: string
  readonly data: Readonly<Record<string, unknown>>
}

/** Reads events: `next()` waits for one, `rest()` for the end of the stream. */
async function listen(url: string, domain: string, query = '') {
  const answer = await fetch(`${url}/__admin/domains/${domain}/events${query}`)
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/event-stream'])
  const reader = (answer.body ?? new ReadableStream<Uint8Array>()).pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  const part = async (): Promise<string | undefined> => {
    while (!text.includes('\n\n')) {
      const { done, value } = await reader.read()
      if (done) return undefined
      text += value
    }
    const end = text.indexOf('\n\n')
    const found = text.slice(0, end)
    text = text.slice(end + 2)
    return found
  }
  const next = async (): Promise<Event | undefined> => {
    const found = await part()
    const match = /^event: (\w+)\ndata: (.*)$/s.exec(found ?? '')
    return match === null ? undefined : { event: match[1] ?? '', data: JSON.parse(match[2] ?? '') as Event['data'] }
  }
  expect(await part()).toBe(': listening')
  return { next, leave: () => reader.cancel() }
}

describe('the event stream of a domain', () => {
  it('sends each request and each transition in order, also on a frozen clock', async () => {
    const { enter, emulator } = await start({ port: 0 })
    const { url } = await emulator.listen()
    const { client, world } = await enter('t-1')
    const { next, leave } = await listen(url, 't-1')
    const { id } = (await client('POST', JOBS, enable('k1', 'k2'))).json
    expect(await next()).toMatchObject({
      event: 'request',
      data: { operation: 'aws.bulkjob.create', method: 'POST', path: `/api/v1${JOBS}`, status: 201, at: NOON },
    })
    await world.clock.advance('1h')
    const transitions = [await next(), await next(), await next()].map((each) => each?.data)
    expect(transitions).toEqual([
      { subject: { job: id }, job: id, item: 'k1', from: null, to: 'Success', at: at('12:00:02.5') },
      { subject: { job: id }, job: id, item: 'k2', from: null, to: 'Success', at: at('12:00:05') },
      { subject: { job: id }, job: id, from: 'in_progress', to: 'completed', at: at('12:00:05') },
    ])
    const manual = await world.jobs.create(seeded('manual', 'k1'))
    await world.jobs.signal(manual.id, 'finish')
    expect([await next(), await next()]).toMatchObject([
      { event: 'transition', data: { job: manual.id, item: 'k1' } },
      { event: 'transition', data: { job: manual.id, to: 'completed', at: at('13:00:00') } },
    ])
    await leave()
  })

  it('sends other changes on request', async () => {
    const { enter, emulator } = await start({ port: 0 })
    const { url } = await emulator.listen()
    const { world } = await enter('t-1')
    const { next, leave } = await listen(url, 't-1', '?changes=true')
    await world.clock.set({ mode: 'step' })
    expect(await next()).toMatchObject({ event: 'change', data: { clock: { mode: 'step', now: NOON } } })
    await world.fault({ do: { delay: '5ms' } })
    expect(await next()).toMatchObject({ event: 'change' })
    await leave()
    expect((await fetch(`${url}/__admin/domains/t-1/events?changes=1`)).status).toBe(400)
  })

  it('sends each event of the seed once again after a reset', async () => {
    const { enter, emulator } = await start({ port: 0 })
    const { url } = await emulator.listen()
    const { world } = await enter('t-1')
    const { next, leave } = await listen(url, 't-1')
    const ended = []
    for (let round = 0; round < 3; round += 1) {
      const { id } = await world.jobs.create(seeded('manual', 'k1'))
      await world.jobs.signal(id, 'finish')
      ended.push((await next())?.data.item, (await next())?.data.to)
      await world.reset()
    }
    expect(ended).toEqual(Array.from({ length: 3 }, () => ['k1', 'completed']).flat())
    await leave()
  })

  it('sends transitions of a running clock without a request', async () => {
    const { enter, emulator } = await start({ port: 0 })
    const { url } = await emulator.listen()
    const { world } = await enter('t-1', { clock: { mode: 'running', rate: 100 } })
    const { next, leave } = await listen(url, 't-1')
    const { id } = await world.jobs.create(seeded('default', 'k1', 'k2'))
    expect([await next(), await next(), await next()].map((each) => each?.data.job)).toEqual([id, id, id])
    await leave()
  })

  it('ends with the domain and with the emulator, and sends nothing of other domains', async () => {
    const { enter, emulator } = await start({ port: 0 })
    const { url } = await emulator.listen()
    const { admin } = await enter('t-1')
    const { client } = await enter('t-2')
    const dropped = await listen(url, 't-1')
    const closed = await listen(url, 'root')
    await client('POST', JOBS, enable('k1'))
    await admin('DELETE', '')
    expect(await dropped.next()).toBeUndefined()
    await emulator.close()
    expect(await closed.next()).toBeUndefined()
  })
})

/** The address of a started command, from its ready file. */
async function urlFrom(folder: string): Promise<string> {
  const changed = watch(folder)
  onTestFinished(() => {
    changed.close()
  })
  const read = (): string | undefined => {
    try {
      return (JSON.parse(readFileSync(join(folder, 'ready.json'), 'utf8')) as { url: string }).url
    } catch {
      return undefined
    }
  }
  for (;;) {
    const url = read()
    if (url !== undefined) return url
    await once(changed, 'change')
  }
}

describe('SIGTERM', () => {
  it('ends streams and waits at SIGTERM, then the process', async () => {
    const folder = folderOf({})
    const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url))
    const args = ['--port', '0', '--seed', 'none', '--clock', 'frozen', '--ready-file', join(folder, 'ready.json')]
    const server = spawn(process.execPath, [cli, ...args], { stdio: 'ignore' })
    onTestFinished(() => void server.kill('SIGKILL'))
    const url = await urlFrom(folder)
    const world = connect(url).domain('t-1')
    const { id } = await world.jobs.create(seeded('stuck', 'k1'))
    const { next } = await listen(url, 't-1')
    const waiting = world.jobs.wait(id, { timeout: '10m' }).catch((error: unknown) => error)
    // Once a later call on another connection is answered, the wait has arrived.
    await world.jobs.explain(id)
    server.kill('SIGTERM')
    expect(await once(server, 'exit')).toEqual([0, null])
    expect(await next()).toBeUndefined()
    expect(await waiting).toMatchObject({ status: 408 })
  })
})
