// The comments that keep an idle event stream open.

import { expect, it } from 'vitest'
import { withHeartbeat } from '../../src/control/heartbeat.ts'

/** A stream of lines: `send` adds one, `end` ends it. */
function openLines() {
  const stream = new TransformStream<string, string>(undefined, undefined, { highWaterMark: 10 })
  const writer = stream.writable.getWriter()
  return { lines: stream.readable, send: (line: string) => writer.write(line), end: () => writer.close() }
}

async function all(lines: AsyncIterable<string>): Promise<string[]> {
  const found: string[] = []
  for await (const line of lines) found.push(line)
  return found
}

const BEAT = ': still listening\n\n'

it('sends a comment each time the stream was idle for the interval, and loses no line', async () => {
  const { lines, send, end } = openLines()
  const beating = withHeartbeat(lines, 10)
  expect((await beating.next()).value).toBe(BEAT)
  expect((await beating.next()).value).toBe(BEAT)
  await send('event: request\n\n')
  await send('event: transition\n\n')
  await end()
  const rest = (await all(beating)).filter((line) => line !== BEAT)
  expect(rest).toEqual(['event: request\n\n', 'event: transition\n\n'])
})

it('sends no comment between lines in quick succession', async () => {
  const { lines, send, end } = openLines()
  const sent = Array.from({ length: 5 }, (_, index) => `data: ${index}\n\n`)
  for (const line of sent) await send(line)
  await end()
  expect(await all(withHeartbeat(lines, 60_000))).toEqual(sent)
})

it('passes on an error of the stream', async () => {
  const failing = new ReadableStream<string>({ start: (controller) => controller.error(new Error('no more')) })
  await expect(all(withHeartbeat(failing, 60_000))).rejects.toThrow('no more')
})

it('ends when its reader does, even while it waits for a line', async () => {
  const beating = withHeartbeat(openLines().lines, 10)
  await beating.next()
  expect(await beating.return(undefined)).toEqual({ done: true, value: undefined })
})
