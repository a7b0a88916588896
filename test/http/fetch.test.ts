// `emulator.fetch`, compared with fetch over a socket.

import { describe, expect, it, vi, onTestFinished } from 'vitest'
import { AWS, enable, openWorld, type TestWorld } from '../support/world.ts'

const JOBS = `/api/v1${AWS}`
const keys = Array.from({ length: 100 }, (_, index) => `4e8a4f0e-71f5-4f7b-9c8d-${String(index).padStart(12, '0')}`)

function headersFor({ access }: TestWorld, more: Record<string, string> = {}): Record<string, string> {
  return { authorization: `Bearer ${access.jwt}`, 'content-type': 'application/json', ...more }
}

/** A job with a document long enough for compression. */
async function largeJob(world: TestWorld): Promise<string> {
  const { json } = await world.vendor.post(AWS, enable(...keys))
  return `${JOBS}/${(json as { id: string }).id}`
}

describe('emulator.fetch', () => {
  it.each(['gzip, deflate, br', 'gzip', 'br', 'br;q=1, gzip;q=0', 'identity', '*'])(
    'decodes responses for a client that accepts %s',
    async (accepted) => {
      const world = await openWorld()
      const path = await largeJob(world)
      const headers = headersFor(world, { 'accept-encoding': accepted })
      const one = (await (await world.emulator.fetch(path, { headers })).json()) as { keys: string[] }
      const list = (await (await world.emulator.fetch(JOBS, { headers })).json()) as { total: number }
      const body = JSON.stringify(enable(...keys))
      const created = await world.emulator.fetch(JOBS, { method: 'POST', headers, body })
      expect([one.keys.length, list.total, created.status]).toEqual([100, 1, 201])
      expect(((await created.json()) as { keys: string[] }).keys).toEqual(keys)
    },
  )

  it('returns what fetch returns over a socket', async () => {
    const world = await openWorld({ port: 0 })
    const path = await largeJob(world)
    const { url } = await world.emulator.listen()
    const headers = headersFor(world, { 'accept-encoding': 'gzip' })
    const fields = async (answer: Response) => ({
      ...{ url: answer.url, ok: answer.ok, status: answer.status, statusText: answer.statusText, type: answer.type },
      ...{ redirected: answer.redirected, encoding: answer.headers.get('content-encoding') },
      ...{ length: answer.headers.get('content-length'), type: answer.headers.get('content-type') },
      body: answer.body === null ? null : (await answer.text()).replace(/"requestID":"[^"]*"/, '"requestID":"ID"'),
    })
    for (const [target, method] of [
      [`${url}${path}?a=b#c`, 'GET'],
      [`${url}/api/v1/vault/x`, 'GET'],
      [`${url}${path}`, 'HEAD'],
      [`${url}/__admin/domains/t-1/requests`, 'DELETE'],
      [`${url}${path}/cancel`, 'POST'],
    ] as const) {
      const over = await fields(await fetch(target, { method, headers }))
      const within = await fields(await world.emulator.fetch(target, { method, headers }))
      expect(within).toEqual(over)
    }
  })

  it('keeps the URL of a response in its clone', async () => {
    const { emulator } = await openWorld()
    const answer = await emulator.fetch('healthz')
    const copy = answer.clone()
    expect(answer.url).toBe('http://localhost/healthz')
    expect([copy.url, copy.status, await copy.text()]).toEqual([answer.url, 200, await answer.text()])
  })

  it('sends bodies of every kind', async () => {
    const world = await openWorld()
    const { emulator } = world
    const text = JSON.stringify(enable('k1'))
    const stream = () => new Blob([text]).stream()
    const url = new URL(JOBS, 'http://cm.example')
    const headers = headersFor(world)
    const bodies = [text, new TextEncoder().encode(text), new Blob([text]), stream()]
    for (const body of bodies) {
      const init = { method: 'POST', headers, body, duplex: 'half' } as RequestInit
      expect((await emulator.fetch(url, init)).status).toBe(201)
      const request = new Request(url, {
        ...init,
        body: body instanceof ReadableStream ? stream() : body,
      })
      expect((await emulator.fetch(request)).status).toBe(201)
      expect(request.bodyUsed).toBe(true)
      await expect(emulator.fetch(request)).rejects.toThrow(TypeError)
    }
    const authorization = `Bearer ${world.access.jwt}`
    for (const [body, type] of [
      [new URLSearchParams({ a: 'b' }), 'application/x-www-form-urlencoded'],
      [new FormData(), 'multipart/form-data'],
    ] as const) {
      await emulator.fetch(url, { method: 'POST', headers: { authorization }, body })
      const [last] = await world.handle.requests({ limit: 1 })
      expect(last?.headers['content-type']).toMatch(type)
    }
  })

  it('refuses what fetch refuses', async () => {
    const { emulator } = await openWorld()
    await expect(emulator.fetch('http://u:p@h/healthz')).rejects.toThrow(TypeError)
    await expect(emulator.fetch('ftp://h/healthz')).rejects.toThrow(new TypeError('fetch failed'))
    await expect(emulator.fetch('/healthz', { body: 'x' })).rejects.toThrow(TypeError)
    await expect(emulator.fetch('http://[/')).rejects.toThrow(TypeError)
  })
})

describe('the signal of emulator.fetch', () => {
  it('aborts a request that a fault delays, on the server too', async () => {
    const world = await openWorld()
    await world.handle.fault({ do: { delay: '10m' } })
    const client = new AbortController()
    const reason = new Error('the user left')
    const answer = world.emulator.fetch(JOBS, { headers: headersFor(world), signal: client.signal })
    await expect.poll(() => world.handle.requestsInFlight()).toHaveLength(1)
    client.abort(reason)
    await expect(answer).rejects.toBe(reason)
    await world.handle.settle()
    expect(await world.handle.requests()).toMatchObject([{ method: 'GET', status: null }])
  })

  it('aborts a create that a fault delays', async () => {
    const world = await openWorld()
    await world.handle.fault({ do: { delay: '10m' } })
    const init = { method: 'POST', body: JSON.stringify(enable('k1')), headers: headersFor(world) }
    const client = new AbortController()
    const answer = world.emulator.fetch(JOBS, { ...init, signal: client.signal })
    await expect.poll(() => world.handle.requestsInFlight()).toHaveLength(1)
    client.abort(new DOMException('as AbortSignal.timeout does', 'TimeoutError'))
    await expect(answer).rejects.toMatchObject({ name: 'TimeoutError' })
    await world.handle.settle()
    expect(await world.handle.requests()).toMatchObject([{ method: 'POST', status: null }])
  })

  it('sends nothing to the server if it is already aborted', async () => {
    const world = await openWorld()
    const headers = headersFor(world)
    const signal = AbortSignal.abort('why')
    await expect(world.emulator.fetch(JOBS, { headers, signal })).rejects.toBe('why')
    await expect(world.emulator.fetch(new Request(`http://h${JOBS}`, { headers, signal }))).rejects.toBe('why')
    await expect(world.emulator.fetch(JOBS, { headers, signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    })
    expect(await world.handle.requests()).toEqual([])
  })

  it('aborts a body while it is being sent', async () => {
    const world = await openWorld()
    const cancelled = vi.fn()
    const body = new ReadableStream({ cancel: cancelled })
    const client = new AbortController()
    const init = { method: 'POST', headers: headersFor(world), body, duplex: 'half', signal: client.signal }
    const answer = world.emulator.fetch(JOBS, init as RequestInit)
    client.abort('enough')
    await expect(answer).rejects.toBe('enough')
    expect(cancelled).toHaveBeenCalledWith('enough')
  })

  it('aborts a response while it is being received, like a cancelled body', async () => {
    const world = await openWorld()
    const client = new AbortController()
    const path = '/__admin/domains/t-1/events'
    const answer = await world.emulator.fetch(path, { signal: client.signal })
    const reader = answer.body!.getReader()
    expect(String.fromCharCode(...((await reader.read()).value as Uint8Array))).toBe(': listening\n\n')
    const next = reader.read()
    client.abort('enough')
    await expect(next).rejects.toBe('enough')
    const other = await world.emulator.fetch(path)
    await other.body!.cancel()
  })

  it('has no effect after its request ended', async () => {
    const world = await openWorld()
    const client = new AbortController()
    const answer = await world.emulator.fetch('/healthz', { signal: client.signal })
    const text = await answer.text()
    client.abort()
    expect(text).not.toBe('')
    expect((await world.emulator.fetch('/healthz')).status).toBe(200)
  })
})

describe('faults of emulator.fetch', () => {
  it.each(['reset', 'close', 'garbage'] as const)('fails a request like fetch: %s', async (socket) => {
    const world = await openWorld()
    await world.handle.fault({ do: { socket } })
    const answer = world.emulator.fetch(JOBS, { headers: headersFor(world) }).then((response) => response.text())
    const error = (await answer.catch((cause: unknown) => cause)) as TypeError
    expect(error).toBeInstanceOf(TypeError)
    expect(error.message).toBe('fetch failed')
    expect(error.cause).toMatchObject({ code: 'ECONNRESET' })
  })

  it('cuts a response off like fetch: truncate', async () => {
    const world = await openWorld()
    const path = await largeJob(world)
    await world.handle.fault({ do: { socket: 'truncate' } })
    const answer = await world.emulator.fetch(path, { headers: headersFor(world) })
    await expect(answer.text()).rejects.toMatchObject({ message: 'terminated', cause: { code: 'ECONNRESET' } })
  })

  it('refuses a redirect if the client does', async () => {
    const world = await openWorld()
    await world.handle.fault({ do: { respond: { status: 302 } } })
    const headers = headersFor(world)
    await expect(world.emulator.fetch(JOBS, { headers, redirect: 'error' })).rejects.toThrow('fetch failed')
    expect((await world.emulator.fetch(JOBS, { headers, redirect: 'manual' })).status).toBe(302)
  })

  it('leaves no request open if its response is never read', async () => {
    const world = await openWorld()
    await world.emulator.fetch(await largeJob(world), { headers: headersFor(world) })
    await world.handle.settle()
    expect(await world.handle.requestsInFlight()).toEqual([])
  })
})

it('sends bodies while a test has fake timers', async () => {
  const world = await openWorld()
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const init = { method: 'POST', headers: headersFor(world), body: JSON.stringify(enable('k1')) }
  expect((await world.emulator.fetch(JOBS, init)).status).toBe(201)
})
