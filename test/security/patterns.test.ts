// Patterns and documents that are designed to take long. Each is limited, since the server answers nothing else
// meanwhile.

import { describe, expect, it } from 'vitest'
import { createEmulator } from '../../src/index.ts'
import { folderOf } from '../files/folder.ts'
import { AWS, AZURE, start, type Answer, type Caller } from '../support/world.ts'
import { deleteBackups, openWorld } from '../support/world.ts'

const LONG = 900_000

/** Tens of times the duration on an idle machine. */
const AT_ONCE_MS = 5_000

async function timed(send: () => Promise<Answer>): Promise<{ created: Answer; ms: number }> {
  const since = performance.now()
  const created = await send()
  return { created, ms: performance.now() - since }
}

const create = (admin: Caller, keys: string[], scenario: object) =>
  admin.post(AWS, { operation: 'enablekey', keys }, { 'x-emulator-scenario': JSON.stringify(scenario) })

const manyIds = (count: number, length: number) =>
  Array.from({ length: count }, (_, index) => 'a'.repeat(length) + String(index))

describe('a glob of a scenario that a client sends', () => {
  it.each([
    ['a long part that almost matches everywhere', `*${'a'.repeat(254)}b`],
    ['the same from the end', `*b${'a'.repeat(252)}*`],
    ['a long part with wildcards', `*${'a?'.repeat(126)}b*`],
    ['many stars', `${'a*'.repeat(127)}b`],
  ])('matches an item of 900,000 characters in time: %s', async (_what, id) => {
    const { admin } = await start()
    // As many of them as fit into the header.
    const items = Array.from({ length: 60 }, (_, index) => ({ id, index, status: `Error: ${index}` }))
    const { created, ms } = await timed(() => create(admin, ['a'.repeat(LONG)], { after: '5s', items }))
    expect(created.status).toBe(201)
    expect(ms).toBeLessThan(AT_ONCE_MS)
  })

  it('matches any item if it consists of stars', async () => {
    const { admin } = await start()
    const items = [{ id: '*'.repeat(256), status: 'Error: matched' }]
    const { created, ms } = await timed(() => create(admin, ['a'.repeat(LONG)], { polls: 1, items }))
    expect(created.status).toBe(201)
    expect(ms).toBeLessThan(AT_ONCE_MS)
    expect((await admin.get(`${AWS}/${(created.json as { id: string }).id}`)).text).toContain('Error: matched')
  })

  it.each([
    ['100 long ones against 10,000 made-up items', { itemCount: 10_000 }, deleteBackups(), `*${'a*'.repeat(58)}`],
    ['50 long ones against 950 long items', {}, deleteBackups(...manyIds(950, 880)), `*${'a'.repeat(200)}b`],
  ])('is refused if all globs together would take long: %s', async (_what, scenario, body, glob) => {
    const { admin } = await start()
    const items = Array.from({ length: 'itemCount' in scenario ? 100 : 50 }, (_, index) => ({ id: `${glob}${index}x` }))
    const headers = { 'x-emulator-scenario': JSON.stringify({ after: '5s', ...scenario, items }) }
    const { created, ms } = await timed(() => admin.post(AZURE, body, headers))
    expect([created.status, created.text]).toEqual([400, expect.stringContaining('its id globs are too long')])
    expect(ms).toBeLessThan(AT_ONCE_MS)
  })

  it('is accepted in the configuration regardless of its cost, since clients cannot write it', async () => {
    const items = Array.from({ length: 100 }, (_, index) => ({ id: `*key-${index}x*of*` }))
    const { admin } = await start({ scenario: { after: '5s', itemCount: 10_000, items } })
    expect((await admin.post(AZURE, deleteBackups())).status).toBe(201)
  })

  it('has at most 256 characters, in at most 100 rules', async () => {
    const { admin } = await start()
    const sent = (items: object[]) => create(admin, ['k'], { after: '5s', items })
    const rules = (count: number) => Array.from({ length: count }, (_, index) => ({ id: `k${index}` }))
    expect((await sent([{ id: 'a'.repeat(257) }])).text).toContain('items.0.id')
    expect((await sent(rules(101))).text).toContain('items')
    expect((await sent(rules(100))).status).toBe(201)
  })

  it('is limited for a fault as well', async () => {
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

describe('a large create', () => {
  it.each([
    [
      'of 22,000 ids, with a fraction of them',
      { items: [{ fraction: 0.5, status: 'bad' }] },
      deleteBackups(...manyIds(22_000, 30)),
    ],
    [
      'of 900,000 characters, with 10,000 made-up items',
      { itemCount: 10_000 },
      { operation: 'delete-key-backups', delete_key_backups_param: { vault_id: 'v'.repeat(LONG) } },
    ],
  ])('draws its items in time: %s', async (_what, scenario, body) => {
    const { admin } = await start()
    const headers = { 'x-emulator-scenario': JSON.stringify({ after: '5s', ...scenario }) }
    const { created, ms } = await timed(() => admin.post(AZURE, body, headers))
    expect(created.status).toBe(201)
    expect(ms).toBeLessThan(AT_ONCE_MS)
  })
})

describe('a glob of a journal query', () => {
  it('is limited, as are its lists in braces', async () => {
    const { control } = await openWorld()
    const query = (text: string) => control.get(`/requests?${text}`)
    expect((await query(`path=${'*a'.repeat(150)}`)).status).toBe(400)
    expect((await query(`operation=${'{a,b}'.repeat(40)}`)).status).toBe(400)
    expect((await control.post('/requests/wait', { operation: '{a,b}'.repeat(40), timeout: '1ms' })).status).toBe(400)
    expect((await control.post('/requests/wait', { path: 'a'.repeat(257), timeout: '1ms' })).status).toBe(400)
  })
})

it('reads a journal in time that has paths full of token prefixes', async () => {
  const { admin, emulator } = await start()
  for (let i = 0; i < 40; i += 1) await admin.get(`${AZURE}/${'eyJ'.repeat(10_000)}`)
  const requests = await emulator.domain('root').requests()
  expect(requests).toHaveLength(40)
})

describe('a document', () => {
  const refusal = async (name: string, text: string): Promise<string> => {
    const emulator = await createEmulator({ seed: `${folderOf({ [name]: text })}/${name}` }).catch(
      (error: unknown) => error,
    )
    if (!(emulator instanceof Error)) throw new Error('was taken')
    expect(emulator.name).toBe('StartError')
    return emulator.message
  }

  it('with nested aliases is refused before it fills the memory', async () => {
    const letters = Array.from('abcdefghij')
    const lines = letters.map((name, index) => {
      const before = letters[index - 1]
      return `${name}: &${name} [${Array.from({ length: 9 }, () => (before === undefined ? 'lol' : `*${before}`)).join(', ')}]`
    })
    expect(await refusal('a.yaml', lines.join('\n'))).toMatch(/the aliases of this file repeat more than/)
  })

  it('that contains itself is refused in one line', async () => {
    expect(await refusal('a.yaml', 'jobs: &a [*a]\n')).toMatch(
      /a\.yaml:1: \/jobs\/0: \*a is an alias within what it is an alias of$/,
    )
  })

  it('with thousands of levels is refused in one line', async () => {
    const texts = {
      flow: `jobs: ${'['.repeat(20_000)}${']'.repeat(20_000)}\n`,
      block: Array.from({ length: 3_000 }, (_, level) => `${' '.repeat(level)}a:`).join('\n'),
    }
    for (const [what, text] of Object.entries(texts)) expect([what, await refusal('a.yaml', text)]).toEqual([what, expect.stringMatching(/^[^\n]*(nested too deeply|an alias within what it is an alias of)[^\n]*$/)]) // prettier-ignore
    const levels = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    expect(await refusal('a.json', `{"jobs":[${levels}]}`)).toMatch(/must be an object/)
  })
})
