// Clients that read their responses slowly or not at all. Memory is measured in a separate process.

import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startCli, temporaryFolder, type Running } from '../cli/run-cli.ts'
import { open } from '../support/raw.ts'

const MIB = 1024 * 1024

const LIST = '/api/v1/cckm/aws/bulkjob?limit=-1'
/** So many that all of their lists together are much larger than what the garbage collector leaves for a while. */
const PIPELINED = { http: 84, https: 60 }

const residentMiB = ({ ready: { pid } }: Running): number =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024

const jobs = Array.from({ length: 3000 }, (_, index) => {
  const keys = Array.from(
    { length: 20 },
    (_, key) => `00000000-0000-4000-8000-${String(index * 20 + key).padStart(12, '0')}`,
  )
  const id = `10000000-0000-4000-8000-${String(index).padStart(12, '0')}`
  const at = '2024-02-06T09:22:54.517569Z'
  return {
    job: {
      ...{ id, uri: `kylo:kylo:cckm:bulkjob:${id}`, account: 'kylo:kylo:admin:accounts:kylo' },
      ...{ createdAt: at, updatedAt: at, completed_at: at, overall_status: 'completed' },
      detailed_status: Object.fromEntries(keys.map((key) => [key, 'Success'])),
      ...{ abort: false, cloud: 'aws', keys, operation: 'enablekey' },
    },
  }
})

/** An emulator with 3,000 finished jobs, whose list is several megabytes long. */
async function startWithJobs() {
  const seed = join(temporaryFolder(), 'jobs.json')
  writeFileSync(seed, JSON.stringify({ domain: 'root', jobs }))
  const running = await startCli(['--seed', seed, '--log-level', 'error'])
  const { url, port } = running.ready
  const signIn = await fetch(`${url}/api/v1/auth/tokens`, {
    method: 'POST',
    body: JSON.stringify({ username: 'admin', password: 'admin' }),
  })
  const { jwt } = (await signIn.json()) as { jwt: string }
  const authorization = `Bearer ${jwt}`
  const whole = await (await fetch(`${url}${LIST}`, { headers: { authorization } })).text()
  return {
    running,
    whole,
    connect: (scheme: 'http' | 'https') => open({ host: '127.0.0.1', port, url, httpsUrl: undefined }, scheme),
    request: `GET ${LIST} HTTP/1.1\r\nHost: a\r\nAuthorization: ${authorization}\r\n\r\n`,
    health: async () => (await fetch(`${url}/healthz`)).status,
  }
}

/** The bodies of this many responses of one connection, in order. */
async function bodiesOf(socket: Socket, count: number): Promise<string[]> {
  const bodies: string[] = []
  let chunks: Buffer[] = []
  let length = 0
  let needed = 0
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    length += chunk.length
    while (length > 0 && length >= needed) {
      const bytes = Buffer.concat(chunks)
      const end = bytes.indexOf('\r\n\r\n') + 4
      const [, size = '0'] = /content-length: (\d+)/i.exec(bytes.subarray(0, end).toString()) ?? []
      needed = end + Number(size)
      chunks = [bytes]
      if (end < 4 || length < needed) break
      bodies.push(bytes.subarray(end, needed).toString())
      chunks = [bytes.subarray(needed)]
      length -= needed
      needed = 0
    }
    if (bodies.length === count) break
  }
  return bodies
}

describe.each(['http', 'https'] as const)('large lists that a connection requests in one write over %s', (scheme) => {
  it('renders each list when the client reads it', async () => {
    const { running, whole, connect, request, health } = await startWithJobs()
    expect(whole.length).toBeGreaterThan(3_000_000)
    const before = residentMiB(running)
    const socket = connect(scheme)
    await once(socket, scheme === 'http' ? 'connect' : 'secureConnect')
    socket.pause().write(request.repeat(PIPELINED[scheme]))
    // Each of these responses takes a few turns of the event loop, in which lists could be rendered.
    for (let asked = 0; asked < 200; asked += 1) expect(await health()).toBe(200)
    expect(residentMiB(running) - before).toBeLessThan((PIPELINED[scheme] * whole.length) / MIB / 2)
    const bodies = await bodiesOf(socket, PIPELINED[scheme])
    expect(bodies).toHaveLength(PIPELINED[scheme])
    expect(bodies.every((body) => body === whole)).toBe(true)
  })
})

describe('large lists that many clients request', () => {
  it('renders no further lists while earlier ones are unread, until their clients disconnect', async () => {
    const { running, whole, connect, request, health } = await startWithJobs()
    const before = residentMiB(running)
    const sockets = await Promise.all(
      Array.from({ length: 100 }, async () => {
        const socket = connect('http')
        await once(socket, 'connect')
        socket.pause().write(request)
        return socket
      }),
    )
    for (let asked = 0; asked < 200; asked += 1) expect(await health()).toBe(200)
    // A hundred lists are 330 MB of text.
    expect(residentMiB(running) - before).toBeLessThan(200)
    const last = connect('http')
    last.write(request)
    for (const socket of sockets) socket.resetAndDestroy()
    expect(await bodiesOf(last, 1)).toEqual([whole])
  })
})
