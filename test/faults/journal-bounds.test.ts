// Maximum sizes of the journals, of one domain and of all domains.

import { expect, it } from 'vitest'
import { AZURE, deleteBackups, openWorld, type TestDomain } from '../support/world.ts'

const MIB = 1024 * 1024
/** 29 KB, of which the journal stores 8 KiB. */
const HEADERS = Object.fromEntries(Array.from({ length: 29 }, (_, index) => [`x-${index}`, 'h'.repeat(1000)]))
/** 16 KB, which the journal stores completely. */
const BODY = { ...deleteBackups('a'), note: 'x'.repeat(16_000) }

async function fill({ vendor }: TestDomain, count: number): Promise<void> {
  for (let sent = 0; sent < count; sent += 1) await vendor.post(`${AZURE}?n=${sent}`, BODY, HEADERS)
}

/** Characters of the journal in the control API. */
const sizeOf = async ({ handle }: TestDomain): Promise<number> => JSON.stringify(await handle.requests()).length

it('drops the oldest requests of a domain past 8 MiB', { timeout: 60_000 }, async () => {
  const world = await openWorld()
  const { handle } = world
  await fill(world, 1000)
  const [kept, dropped] = [await handle.requests(), await handle.droppedRequests()]
  expect(kept.length + dropped).toBe(1000)
  expect(await sizeOf(world)).toBeGreaterThan(6 * MIB)
  expect(await sizeOf(world)).toBeLessThan(9 * MIB)
  expect(kept.map(({ query }) => Number(query.n))).toEqual(kept.map((_, index) => dropped + index))
  expect(await handle.countRequests({ status: 201 })).toEqual({ count: kept.length })
  expect((await handle.pollingReport()).findings).toEqual([])
  expect((await handle.trace()).length).toBeLessThan(20 * MIB)
  await expect(handle.sweepPlan()).rejects.toThrow('the journal is full')
  await handle.clearRequests()
  expect([await handle.requests(), await handle.droppedRequests()]).toEqual([[], 0])
})

it('counts requests for a wait even if they are dropped before it ends', async () => {
  const world = await openWorld()
  const { handle } = world
  const waiting = handle.waitForRequest({ operation: 'azure.bulkjobs.create', count: 600, timeout: '60s' })
  await fill(world, 600)
  const answered = await waiting
  expect(await handle.droppedRequests()).toBeGreaterThan(0)
  expect(answered).toHaveLength(600 - (await handle.droppedRequests()))
  await expect(handle.waitForRequest({ count: 601, timeout: '1ms' })).rejects.toThrow(`${answered.length} of 601`)
})

it('keeps requests in flight in a full journal', async () => {
  const world = await openWorld()
  await world.handle.fault({ on: { operation: 'azure.bulkjobs.list' }, do: { delay: '1h' } })
  const leaving = new AbortController()
  const { signal } = leaving
  const headers = { authorization: `Bearer ${world.access.jwt}` }
  const slow = world.emulator.fetch(`http://cm/api/v1${AZURE}`, { headers, signal }).catch(() => 'gone')
  await expect.poll(() => world.handle.requestsInFlight()).toHaveLength(1)
  await fill(world, 600)
  expect((await world.handle.requests())[0]).toMatchObject({ operation: 'azure.bulkjobs.list', status: null })
  leaving.abort()
  await slow
  await world.handle.settle()
})

it('drops the oldest request of the largest domain past 64 MiB in total', { timeout: 180_000 }, async () => {
  const small = await openWorld()
  await small.vendor.get(AZURE)
  const large = await Promise.all(Array.from({ length: 9 }, (_, index) => small.enter(`large-${index}`)))
  for (const domain of large) await fill(domain, 350)
  const sizes = await Promise.all(large.map(sizeOf))
  const sum = sizes.reduce((total, size) => total + size, 0)
  expect(sum).toBeGreaterThan(48 * MIB)
  expect(sum).toBeLessThan(72 * MIB)
  expect(await small.handle.requests()).toHaveLength(1)

  const [emptied, removed, ...others] = large
  await emptied?.handle.clearRequests()
  await removed?.handle.drop()
  const before = await Promise.all(others.map(sizeOf))
  await fill(small, 350)
  expect(await sizeOf(small)).toBeGreaterThan(6 * MIB)
  expect(await Promise.all(others.map(sizeOf))).toEqual(before)
})
