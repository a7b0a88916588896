// __proto__ and constructor.prototype in all inputs: bodies of both APIs, seeds, scenarios, configuration. None may
// change the shared prototype, and none may count as a field.

import { afterEach, describe, expect, it } from 'vitest'
import { callMain } from '../cli/call-main.ts'
import { folderOf } from '../files/folder.ts'
import { AWS, start, TOKENS } from '../support/world.ts'

afterEach(() => {
  const fresh: Record<string, unknown> = {}
  expect([fresh.polluted, ([] as unknown as typeof fresh).polluted, (() => 0 as unknown as typeof fresh)().polluted]).toEqual([undefined, undefined, undefined]) // prettier-ignore
  expect(Object.keys(Object.prototype)).toEqual([])
})

const PAYLOADS = [
  '"__proto__":{"polluted":1,"status":"x"}',
  '"constructor":{"prototype":{"polluted":1}}',
  '"__proto__":null',
  '"\\u005f_proto__":{"polluted":1}',
]

/** Inserts the payload as the first member of a JSON object. */
const poisoned = (json: string, payload: string): string => json.replace('{', `{${payload},`)

describe.each(PAYLOADS)('%s', (payload) => {
  it('is refused or ignored in a body of the vendor’s API', async () => {
    const { anyone, admin } = await start()
    const bodies: [string, string][] = [
      [TOKENS, '{"username":"admin","password":"admin"}'],
      [AWS, '{"operation":"enablekey","keys":["k"]}'],
    ]
    for (const [path, body] of bodies)
      expect((await (path === TOKENS ? anyone : admin).post(path, poisoned(body, payload))).status).toBeLessThan(500)
  })

  it('is refused in a body of the control API at any depth', async () => {
    const { emulator } = await start()
    const calls: ['PUT' | 'POST', string, string][] = [
      ['PUT', '/domains/t-1', '{"clock":"frozen"}'],
      ['PUT', '/settings', '{"failureWord":"failed"}'],
      ['PUT', '/scenarios/mine', '{"after":"1s"}'],
      ['PUT', '/clock', '{"mode":"step"}'],
      ['POST', '/faults', '{"on":{"operation":"azure.*"},"do":{"respond":{"status":503}}}'],
      ['POST', '/rules', '{"when":{},"scenario":"stuck"}'],
      ['POST', '/jobs', '{"family":"aws.bulkjob","request":{"operation":"enablekey","keys":["k"]}}'],
      ['POST', '/seed', '{"jobs":[]}'],
      ['POST', '/tokens', '{"username":"admin"}'],
    ]
    for (const [method, path, body] of calls) {
      const url = `/__admin${path}`
      const clean = await emulator.inject({ method, url, payload: body })
      expect([path, clean.statusCode < 300]).toEqual([path, true])
      const answer = await emulator.inject({ method, url, payload: poisoned(body, payload) })
      expect([path, answer.statusCode]).toEqual([path, 400])
    }
  })

  it.each(['json', 'yaml', 'ndjson'])('is refused with its place in a seed of %s', async (ending) => {
    const jobs = '{"family":"aws.bulkjob","request":{"operation":"enablekey","keys":["k"]}}'
    const text = ending === 'ndjson' ? poisoned(jobs, payload) : `{"jobs":[${poisoned(jobs, payload)}]}`
    const file = `${folderOf({ [`a.${ending}`]: text })}/a.${ending}`
    const { code, stderr } = await callMain(['validate', file])
    expect([code, stderr]).toEqual([2, expect.stringMatching(/(proto|constructor).*: is not a known field/) as string])
  })

  it.each(['json', 'yaml'])('is refused in a scenario or a configuration of %s', async (ending) => {
    const folder = folderOf({
      [`scenario.${ending}`]: poisoned('{"after":"1s"}', payload),
      [`config.${ending}`]: poisoned('{"port":0}', payload),
    })
    // A null setting counts as absent, whatever its name.
    for (const name of payload.endsWith('null') ? ['scenario'] : ['scenario', 'config']) {
      const { code, stderr } = await callMain(['validate', `${folder}/${name}.${ending}`])
      expect([code, stderr]).toEqual([2, expect.stringMatching(/(proto|constructor).*: is not a known/) as string])
    }
  })
})

it('treats the names of inherited properties like any others: domains, scenarios, snapshots, items, queries', async () => {
  const { emulator, admin } = await start()
  for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
    const world = emulator.domain(name)
    await world.access()
    expect((await world.jobs.list()).total).toBe(0)
    const put = await emulator.inject({ method: 'PUT', url: `/__admin/snapshots/${name}` })
    expect(put.statusCode).toBe(200)
    const scenario = await emulator.inject({ method: 'GET', url: `/__admin/scenarios/${name}` })
    expect(scenario.statusCode).toBe(404)
    const created = await admin.post(
      AWS,
      { operation: 'enablekey', keys: [name, 'k2'] },
      { 'x-emulator-scenario': 'instant' },
    )
    const done = await admin.get(`${AWS}/${created.job.id}`)
    expect(done.text).toContain(`"detailed_status":{"${name}":"Success","k2":"Success"}`)
    expect((await admin.get(`${AWS}?${name}=1&sort=${name}`)).status).toBe(400)
  }
})
