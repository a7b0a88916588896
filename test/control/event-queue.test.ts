// Events that wait for a listener. Over a socket the system's buffers come first, so the bound is tested here.

import { describe, expect, it } from 'vitest'
import type { ServerEvent } from '../../src/control/route.ts'
import { createEventQueue } from '../../src/control/event-queue.ts'
import { turn } from '../support/large.ts'

const event = (data: number): ServerEvent => ({ event: 'transition', data })

async function rest(batches: AsyncIterable<readonly ServerEvent[]>): Promise<unknown[]> {
  const all: unknown[] = []
  for await (const batch of batches) all.push(...batch.map(({ data }) => data))
  return all
}

describe('a queue of events', () => {
  it('yields all events in order, then ends', async () => {
    const { add, end, read } = createEventQueue()
    const reading = rest(read())
    for (let n = 0; n < 2500; n += 1) add(event(n))
    end()
    add(event(-1))
    expect(await reading).toEqual(Array.from({ length: 2500 }, (_, n) => n))
  })

  it('ends a listener with too many unread events, and drops them', async () => {
    const { add, ended, read } = createEventQueue(10)
    for (let n = 0; n < 10; n += 1) add(event(n))
    expect(ended.aborted).toBe(false)
    add(event(10))
    expect(ended.aborted).toBe(true)
    expect(await rest(read())).toEqual([])
  })

  it('counts only unread events', async () => {
    const { add, end, ended, read } = createEventQueue(10)
    const reading = rest(read())
    for (let n = 0; n < 30; n += 1) {
      add(event(n))
      if (n % 5 === 0) await turn()
    }
    expect(ended.aborted).toBe(false)
    end()
    expect(await reading).toHaveLength(30)
  })
})
