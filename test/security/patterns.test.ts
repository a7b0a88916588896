// Patterns and documents made to take for ever. Each of these would keep the server busy for longer than a test may last,
// or end it, if what reads them went back and forth, or had no end.

import { describe, expect, it } from 'vitest'
import { createEmulator } from '../../src/index.ts'
import { folderOf } from '../files/folder.ts'
import { AWS, AZURE, start } from '../support/emulator.ts'

const LONG = 900_000

describe('A glob of a scenario that a client sends', () => {
  it.each([
    ['a long part that nearly fits everywhere', `*${'a'.repeat(254)}b`],
    ['the same from behind', `*b${'a'.repeat(252)}*`],
    ['a long part of wild characters', `*${'a?'.repeat(126)}b*`],
    ['stars over stars', `${'a*'.repeat(127)}b`],
    ['stars alone', '*'.repeat(256)],
  ])('is answered, however long the item: %s', async (_what, id) => {
    const { admin } = await start()
    // As many of them as the header has room for.
    const items = Array.from({ length: 60 }, (_, index) => ({ id, status: `Error: ${index}` }))
    const header = JSON.stringify({ after: '5s', items: id === '*'.repeat(256) ? items.slice(0, 1) : items })
    const created = await admin.post(
      AWS,
      { operation: 'enablekey', keys: ['a'.repeat(LONG)] },
      { 'x-emulator-scenario': header },
    )
    // A rule that hides the ones after it is refused; either way there is an answer.
    expect([201, 400]).toContain(created.status)
  })

  it('is not longer than 256 characters, nor are there more than 100 of them', async () => {
    const { admin } = await start()
    const create = (items: object[]) =>
      admin.post(
        AWS,
        { operation: 'enablekey', keys: ['k'] },
        { 'x-emulator-scenario': JSON.stringify({ after: '5s', items }) },
      )
    expect((await create([{ id: 'a'.repeat(257) }])).text).toContain('items.0.id')
    expect((await create(Array.from({ length: 101 }, (_, index) => ({ id: `k${index}` })))).text).toContain('items')
    expect((await create(Array.from({ length: 100 }, (_, index) => ({ id: `k${index}` })))).status).toBe(201)
  })

  it('of a fault neither', async () => {
    const { emulator, admin } = await start()
    const put = (path: string) =>
      emulator.inject({
        method: 'POST',
        url: '/__admin/faults',
        payload: JSON.stringify({ on: { path }, do: { respond: { status: 503 } } }),
      })
    expect((await put('a'.repeat(257))).statusCode).toBe(400)
    expect((await put(`*${'/a?'.repeat(84)}b`)).statusCode).toBe(201)
    expect((await admin.get(`${AZURE}/${'/a'.repeat(15_000)}`)).status).not.toBe(503)
  })
})

it('paths full of what begins like a token do not hold up whoever reads the journal', async () => {
  const { admin, emulator } = await start()
  for (let i = 0; i < 40; i += 1) await admin.get(`${AZURE}/${'eyJ'.repeat(10_000)}`)
  const requests = await emulator.domain('root').requests()
  expect(requests).toHaveLength(40)
})

describe('A document', () => {
  const refusal = async (name: string, text: string): Promise<string> => {
    const emulator = await createEmulator({ seed: `${folderOf({ [name]: text })}/${name}` }).catch(
      (error: unknown) => error,
    )
    if (!(emulator instanceof Error)) throw new Error('was taken')
    expect(emulator.name).toBe('StartError')
    return emulator.message
  }

  it('of aliases of aliases is refused before it fills the memory', async () => {
    const letters = Array.from('abcdefghij')
    const lines = letters.map((name, index) => {
      const before = letters[index - 1]
      return `${name}: &${name} [${Array.from({ length: 9 }, () => (before === undefined ? 'lol' : `*${before}`)).join(', ')}]`
    })
    expect(await refusal('a.yaml', lines.join('\n'))).toMatch(/Excessive alias count/)
  })

  it('that holds itself, or has thousands of levels, is refused in one line', async () => {
    const texts = {
      self: 'jobs: &a [*a]\n',
      flow: `jobs: ${'['.repeat(20_000)}${']'.repeat(20_000)}\n`,
      block: Array.from({ length: 3_000 }, (_, level) => `${' '.repeat(level)}a:`).join('\n'),
    }
    for (const [what, text] of Object.entries(texts)) expect([what, await refusal('a.yaml', text)]).toEqual([what, expect.stringMatching(/^[^\n]*nested too deeply[^\n]*$/)]) // prettier-ignore
    const levels = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    expect(await refusal('a.json', `{"jobs":[${levels}]}`)).toMatch(/must be an object/)
  })
})
