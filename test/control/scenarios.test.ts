// Scenarios and job rules of a domain over the control API.

import { describe, expect, it } from 'vitest'
import { enable, JOBS, start } from './enter.ts'

const azure = (operation: string, ...backups: string[]) => ({ operation, backups })

async function enterOne() {
  const { enter, ...rest } = await start({ scenarios: { shared: { after: '9s' } } })
  const domain = await enter('t-1')
  const scenarioOf = async (made: { json: Readonly<Record<string, unknown>> }) =>
    (await domain.world.jobs.get(String(made.json.id))).scenario
  const create = async (...keys: string[]) => scenarioOf(await domain.client('POST', JOBS, enable(...keys)))
  return { ...rest, ...domain, enter, create, scenarioOf }
}

describe('scenarios of a domain', () => {
  it('lists scenarios of the domain, of the configuration and shipped ones', async () => {
    const { admin, enter } = await enterOne()
    const made = await admin('PUT', '/scenarios/mine', { extends: 'default', after: '30s' })
    expect([made.status, made.json]).toEqual([201, { name: 'mine', extends: 'default', after: '30s' }])
    expect((await admin('PUT', '/scenarios/mine', { after: '30s' })).status).toBe(200)
    expect((await admin('GET', '/scenarios/mine')).json).toEqual({ name: 'mine', after: '30s' })
    const { json } = await admin('GET', '/scenarios')
    expect(json).toEqual({
      default: 'default',
      scenarios: expect.arrayContaining(['mine', 'shared', 'stuck']) as string[],
    })
    expect((await admin('GET', '/scenarios/shared')).json).toEqual({ name: 'shared', after: '9s' })
    expect((await (await enter('t-2')).admin('GET', '/scenarios/mine')).status).toBe(404)
    expect((await admin('GET', '/scenarios/constructor')).status).toBe(404)
  })

  it('uses the default scenario for jobs that clients create', async () => {
    const { admin, create, world } = await enterOne()
    expect((await admin('PUT', '/scenarios', { default: 'stuck' })).json).toEqual({ default: 'stuck' })
    expect(await create('k1')).toBe('stuck')
    expect((await admin('PUT', '/scenarios', { default: 'stuk' })).json.error).toMatchObject({
      message: 'there is no scenario named "stuk" (did you mean stuck?)',
      pointer: '/default',
    })
    await world.reset()
    expect(await create('k1')).toBe('default')
  })

  it('accepts a scenario in the header, by name or as an object, with extends', async () => {
    const { client, scenarioOf } = await enterOne()
    const create = (scenario: unknown) =>
      client('POST', JOBS, enable('k1'), {
        'x-emulator-scenario': typeof scenario === 'string' ? scenario : JSON.stringify(scenario),
      })
    expect(await scenarioOf(await create('stuck'))).toBe('stuck')
    expect(await scenarioOf(await create({ extends: 'stuck', name: 'special' }))).toBe('special')
    const answers = [await create('stuk'), await create({ extends: 'default', aftr: '1s' }), await create('{"after":')]
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400])
    expect(answers[1]?.body).toContain('aftr')
  })

  it.each([
    [{ aftr: '5s' }, '/aftr', 'did you mean after?'],
    [{ after: 5 }, '/after', 'write 5s'],
    [{ after: '5' }, '/after', 'write 5s'],
    [{ after: '5s', items: [{ index: 0, at: 3 }] }, '/items/0/at', 'write 5s'],
    [{ after: '5s', items: [{ indx: 0 }] }, '/items/0/indx', 'did you mean index?'],
    [{ after: '5s', items: [{ index: 0, at: '6s' }] }, '/items/0/at', 'after the end'],
    [{ after: '5s', items: [{ every: 1 }, { index: 2 }] }, '/items/1', 'rule 0 takes each of its items'],
    [{ never: true, after: '5s' }, '/never', 'can never apply'],
    [{}, '', 'does not say how the job ends'],
    [{ extends: 'mine' }, '/extends', 'extends itself'],
    [{ extends: 'stuk' }, '/extends', 'names no scenario'],
    [{ after: '5s', name: 'yours' }, '/name', 'is not mine'],
  ])('refuses the scenario %j', async (source, pointer, message) => {
    const { admin } = await enterOne()
    const { status, json } = await admin('PUT', '/scenarios/mine', source)
    const error = { code: 'bad-request', pointer, message: expect.stringContaining(message) as string }
    expect([status, json]).toEqual([400, { error }])
    expect((await admin('GET', '/scenarios/mine')).status).toBe(404)
  })

  it('refuses a change that breaks a scenario that extends it', async () => {
    const { admin, world } = await enterOne()
    await world.scenario('base', { after: '9s' })
    await world.scenario('heir', { extends: 'base', items: [{ index: 0, at: '8s' }] })
    expect((await admin('PUT', '/scenarios/base', { after: '5s' })).status).toBe(400)
    expect((await admin('GET', '/scenarios/base')).json).toEqual({ name: 'base', after: '9s' })
  })

  it('refuses a change that breaks a queued job rule, and names the rule', async () => {
    const { admin, world, create } = await enterOne()
    await world.scenario('base', { after: '9s' })
    const { id } = await world.nextJob({
      scenario: { extends: 'base', name: 'inline', items: [{ index: 0, at: '8s' }] },
    })
    const { status, json } = await admin('PUT', '/scenarios/base', { after: '5s' })
    expect([status, json.error]).toMatchObject([400, { code: 'bad-request' }])
    expect((json.error as { message: string }).message).toMatch(
      new RegExp(`^this change makes the job rule ${id} invalid: .*items.*after the end of the job`),
    )
    expect((await admin('GET', '/scenarios/base')).json).toEqual({ name: 'base', after: '9s' })
    expect((await admin('PUT', '/scenarios/base', { after: '8s' })).status).toBe(200)
    expect(await create('k1')).toBe('inline')
    // Its rule is used up.
    expect((await admin('PUT', '/scenarios/base', { after: '5s' })).status).toBe(200)
  })
})

describe('job rules', () => {
  it('applies rules to the next matching jobs in order, and lists the remaining ones', async () => {
    const { world, create } = await enterOne()
    await world.nextJob({ scenario: 'failure', times: 2 })
    await world.nextJob({ scenario: 'stuck' })
    expect([await create('a'), await create('b'), await create('c'), await create('d')]).toEqual([
      ...['failure', 'failure', 'stuck', 'default'],
    ])
    expect((await world.rules()).map(({ scenario, times, left }) => [scenario, times, left])).toEqual([
      ['failure', 2, 0],
      ['stuck', 1, 0],
    ])
    await world.clearRules()
    expect(await world.rules()).toEqual([])
  })

  it('matches a family, an operation, an item, or all of these', async () => {
    const { world, client, create, scenarioOf } = await enterOne()
    await world.nextJob({ when: { family: 'azure.bulkjobs' }, scenario: 'stuck' })
    await world.nextJob({ when: { operation: 'disablekey' }, scenario: 'slow' })
    await world.nextJob({ when: { item: 'prod-*', operation: 'enablekey' }, scenario: { after: '1s', name: 'inline' } })
    const disable = { keys: ['k1'], operation: 'disablekey' }
    expect([
      await create('k1'),
      await scenarioOf(await client('POST', '/cckm/azure/bulkjobs', azure('delete-key-backups', 'b1'))),
      await create('k1', 'prod-7'),
      await scenarioOf(await client('POST', JOBS, disable)),
    ]).toEqual(['default', 'stuck', 'inline', 'slow'])
  })

  it('does not use up a rule at a create with a scenario header, or at a refused one', async () => {
    const { world, client, create } = await enterOne()
    await world.nextJob({ scenario: 'stuck' })
    await client('POST', JOBS, enable('k1'), { 'x-emulator-scenario': 'slow' })
    expect((await client('POST', JOBS, { keys: [], operation: 'enablekey' })).status).toBe(400)
    expect(await create('k1')).toBe('stuck')
  })

  it.each([
    [{ when: { operation: 'aws.bulkjob.create' }, scenario: 'stuck' }, '/when/operation', 'is the name of an API call'],
    [{ when: { operatn: 'enablekey' }, scenario: 'stuck' }, '/when/operatn', 'did you mean operation?'],
    [{ when: { family: 'aws' }, scenario: 'stuck' }, '/when/family', 'azure.bulkjobs, aws.bulkjob'],
    [{ scenario: 'stuk' }, '/scenario', 'did you mean stuck?'],
    [{ scenario: { extends: 'default', items: [{}] } }, '/scenario/items/0', 'which items'],
    [{ scenario: 'stuck', times: 0 }, '/times', '>= 1'],
  ])('refuses the rule %j', async (rule, pointer, message) => {
    const { admin } = await enterOne()
    const { status, json } = await admin('POST', '/rules', rule)
    expect([status, json.error]).toMatchObject([400, { pointer, message: expect.stringContaining(message) as string }])
    expect((await admin('GET', '/rules')).json).toEqual({ rules: [] })
  })
})
