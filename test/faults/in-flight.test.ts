// Requests that have arrived but are not answered, and waiting until there are none.

import { once } from 'node:events'
import { request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import type { DomainHandle, Emulator } from '../../src/index.ts'
import { AZURE } from '../support/world.ts'
import { flying, NUMBER, startWorld } from './support.ts'

const LIST = { operation: 'azure.bulkjobs.list' }

/** Lists jobs over a separate socket. */
async function list(emulator: Emulator, world: DomainHandle) {
  const { port } = await emulator.listen()
  const authorization = `Bearer ${await world.token()}`
  return request({ host: '127.0.0.1', port, path: `/api/v1${AZURE}`, agent: false, headers: { authorization } }).end()
}

/** A create whose body never arrives. */
async function half(emulator: Emulator, world: DomainHandle): Promise<Socket> {
  const { port } = await emulator.listen()
  const head = [`POST /api/v1${AZURE} HTTP/1.1`, 'host: localhost', 'content-length: 100']
  const socket = connect(port, '127.0.0.1')
  socket.write([...head, `authorization: Bearer ${await world.token()}`, '', '{"op'].join('\r\n'))
  return socket
}

describe('requests in flight', () => {
  it('lists the requests that are not answered', async () => {
    const { emulator, world } = await startWorld()
    await world.fault({ on: LIST, do: { delay: '24h' } })
    const sent = await list(emulator, world)
    await flying(world, 1)
    expect(await world.requestsInFlight()).toEqual([
      expect.objectContaining({ operation: 'azure.bulkjobs.list', status: null, durationMs: null }),
    ])
    await expect(world.settle({ timeout: '10ms' })).rejects.toMatchObject({
      status: 408,
      message: expect.stringContaining('1 of the requests were not answered within 10ms: GET /api/v1') as string,
    })
    sent.destroy()
    await once(sent, 'error')
    await world.settle()
    expect(await world.requests(LIST)).toEqual([expect.objectContaining({ status: null, durationMs: NUMBER })])
  })

  it('removes the request of a client that disconnects before it is complete', async () => {
    const { emulator, world } = await startWorld()
    const socket = await half(emulator, world)
    await flying(world, 1)
    socket.destroy()
    await world.settle()
    expect(await world.requestsInFlight()).toEqual([])
    expect(await world.requests()).toEqual([expect.objectContaining({ status: null, durationMs: NUMBER })])
  })

  it('keeps requests in flight when the journal is cleared', async () => {
    const { emulator, world } = await startWorld()
    const socket = await half(emulator, world)
    await flying(world, 1)
    await world.clearRequests()
    expect([await world.requests(), (await world.requestsInFlight()).length]).toEqual([[], 1])
    socket.destroy()
    await world.settle()
  })

  it('lists only requests of the domain, and none where nothing was requested', async () => {
    const { emulator, world } = await startWorld()
    const socket = await half(emulator, world)
    await flying(world, 1)
    await emulator.domain('t-2').settle({ timeout: '1ms' })
    socket.destroy()
  })

  it('accepts a duration as timeout of a wait', async () => {
    const { emulator } = await startWorld()
    const { statusCode, body } = await emulator.inject('/__admin/requests/in-flight?timeout=5')
    expect([statusCode, body]).toEqual([400, expect.stringContaining('/timeout')])
  })
})

it('reports how many requests the journal has dropped', async () => {
  const { client, world } = await startWorld()
  await client.get(AZURE)
  expect(await world.droppedRequests()).toBe(0)
  for (let sent = 1; sent < 1005; sent += 1) await client.get(AZURE)
  expect(await world.droppedRequests()).toBe(5)
  expect(await world.requests()).toHaveLength(1000)
  await world.clearRequests()
  expect(await world.droppedRequests()).toBe(0)
})
