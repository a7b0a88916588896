// A wrong name: the error points at it as the caller wrote it, and suggests the closest name.

import { describe, expect, it } from 'vitest'
import { AWS, AZURE, deleteBackups, enable, openWorld } from '../support/world.ts'

const request = enable('k1')
const RESPOND = { respond: { status: 503 } }

describe('a misspelled name', () => {
  it.each<[string, string, object, string, string]>([
    ['an operation', '/faults', { on: { operation: 'aws.bulkjobs.get' }, do: RESPOND }, '/on/operation', 'did you mean aws.bulkjob.get?'],
    ['an operation in braces', '/faults', { on: { operation: 'azure.bulkjobs.{list,creat}' }, do: RESPOND }, '/on/operation', 'did you mean azure.bulkjobs.create?'],
    ['an action', '/faults', { do: { dely: '1s' } }, '/do/dely', 'did you mean delay?'],
    ['a word', '/faults', { do: { socket: 'rest' } }, '/do/socket', 'did you mean reset?'],
    ['a scenario of a job', '/jobs', { family: 'aws.bulkjob', request, scenario: 'deflt' }, '/scenario', 'did you mean default?'],
    ['an extended scenario', '/jobs', { family: 'aws.bulkjob', request, scenario: { extends: 'deflt' } }, '/scenario/extends', 'did you mean default?'],
    ['a field of a scenario', '/jobs', { family: 'aws.bulkjob', request, scenario: { aftr: '1s' } }, '/scenario/aftr', 'did you mean after?'],
    ['a family', '/jobs', { family: 'aws.bulkjobs', request }, '/family', 'did you mean aws.bulkjob?'],
    ['a scenario of a rule', '/rules', { scenario: 'stuk' }, '/scenario', 'did you mean stuck?'],
    ['an operation of a rule', '/rules', { when: { operation: 'enablkey' }, scenario: 'stuck' }, '/when/operation', 'did you mean enablekey?'],
    ['a family of a rule', '/rules', { when: { family: 'aws.bulkjobs' }, scenario: 'stuck' }, '/when/family', 'did you mean aws.bulkjob?'],
  ])('suggests the closest name for %s', async (_what, path, body, pointer, hint) => {
    const { control } = await openWorld()
    const { status, json, text } = await control.post(path, body)
    expect([status, json]).toMatchObject([400, { error: { pointer, message: expect.stringContaining(hint) as string } }])
    expect(text).not.toContain('jobs.0')
  }) // prettier-ignore

  it('suggests the closest family in a list, and the closest default scenario', async () => {
    const { control } = await openWorld()
    expect((await control.get('/jobs?family=azure.bulkjob')).text).toContain('did you mean azure.bulkjobs?')
    expect((await control.put('/scenarios', { default: 'defaut' })).text).toContain('did you mean default?')
  })
})

describe('a fault', () => {
  it('accepts several actions, but none that contradict each other', async () => {
    const { control } = await openWorld()
    expect((await control.post('/faults', { do: { delay: '1s', ...RESPOND } })).status).toBe(201)
    const { json } = await control.post('/faults', { do: { lose: true, ...RESPOND } })
    const { error } = json as { error: { message: string } }
    expect(error.message).toMatch(/^\/do\/lose excludes respond: each decides alone what the client gets/)
  })

  it('refuses times together with nth', async () => {
    const { control } = await openWorld()
    for (const nth of [2, [2, 5]])
      expect((await control.post('/faults', { on: { nth }, times: 1, do: RESPOND })).json).toMatchObject({
        error: { pointer: '/times', message: expect.stringContaining('excludes nth') as string },
      })
    expect((await control.post('/faults', { on: { every: 2 }, times: 1, do: RESPOND })).status).toBe(201)
  })

  it('matches the operations of a list in braces, and no others', async () => {
    const { control, vendor, handle } = await openWorld()
    await control.post('/faults', { on: { operation: '{azure.bulkjobs,aws.bulkjob}.{list,get}' }, do: RESPOND })
    const statuses = [
      await vendor.get(AZURE),
      await vendor.get(AWS),
      await vendor.get(`${AZURE}/x`),
      await vendor.post(AZURE, deleteBackups()),
    ].map(({ status }) => status)
    expect(statuses).toEqual([503, 503, 503, 201])
    expect(await handle.requests({ operation: '{azure,aws}.*.list' })).toHaveLength(2)
    expect((await control.post('/faults', { on: { operation: '{a,b}'.repeat(40) }, do: RESPOND })).status).toBe(400)
  })
})

describe('a scenario object in place of a name', () => {
  const STUCK = { never: true, itemCount: 7 } as const
  const IN_PLACE = { scenario: 'inline', chosenBy: 'domain' }

  it('is the configured default, which domains share', async () => {
    const { vendor, control, handle } = await openWorld({ scenario: STUCK })
    const { id } = (await vendor.post(AZURE, deleteBackups())).json as { id: string }
    expect(await handle.jobs.explain(id)).toMatchObject({ scenario: 'inline', chosenBy: 'configuration' })
    expect((await control.get('/scenarios')).json).toMatchObject({ default: STUCK })
  })

  it('is the default of a domain, set at its creation or later, and after a reset, a fork and a snapshot', async () => {
    const { enter, control, handle, emulator } = await openWorld()
    const other = await enter('t-2', { scenario: STUCK })
    const explained = async ({ vendor, handle: at }: Pick<typeof other, 'vendor' | 'handle'>) => {
      const { id } = (await vendor.post(AZURE, deleteBackups())).json as { id: string }
      return at.jobs.explain(id)
    }
    expect(await explained(other)).toMatchObject(IN_PLACE)
    await other.handle.reset()
    expect(await explained(other)).toMatchObject(IN_PLACE)
    await handle.defaultScenario(STUCK)
    expect((await control.get('/scenarios')).json).toMatchObject({ default: STUCK })
    await handle.snapshots.save('s')
    await handle.defaultScenario('instant')
    await handle.snapshots.load('s')
    expect((await control.get('/scenarios')).json).toMatchObject({ default: STUCK })
    await handle.fork('t-3')
    const fork = emulator.domain('t-3')
    expect((await emulator.inject('/__admin/domains/t-3/scenarios')).json()).toMatchObject({ default: STUCK })
    expect(await fork.jobs.list()).toMatchObject({ total: 0 })
  })

  it('is refused with a pointer to its error', async () => {
    const { control, server } = await openWorld()
    const wrong = { after: '5s', items: [{ fraction: 0.7 }, { fraction: 0.7 }] }
    expect((await control.put('/scenarios', { default: wrong })).json).toMatchObject({
      error: { pointer: '/default/items/1/fraction' },
    })
    expect((await server.put('/domains/t-9', { scenario: wrong })).json).toMatchObject({
      error: { pointer: '/scenario/items/1/fraction' },
    })
  })

  it('prevents a change that would make it invalid', async () => {
    const { control } = await openWorld()
    expect((await control.put('/scenarios/base', { after: '5s' })).status).toBe(201)
    await control.put('/scenarios', { default: { extends: 'base', items: [{ index: 0, at: '4s' }] } })
    const { status, text } = await control.put('/scenarios/base', { after: '1s' })
    expect([status, text]).toEqual([
      400,
      expect.stringContaining("this change makes the domain's default scenario invalid"),
    ])
  })

  it.each<[string, object, RegExp]>([
    ['an unknown scenario in extends', { extends: 'deflt' }, /--scenario: \/extends names no scenario: deflt \(did you mean default\?\)/],
    ['a rule that can never apply', { after: '1s', items: [{ index: 0 }, { index: 0 }] }, /--scenario: \/items\/1 can never apply/],
  ])('stops the start with one line if it has %s', async (_what, scenario, message) => {
    await expect(openWorld({ scenario })).rejects.toThrow(message)
  }) // prettier-ignore
})
