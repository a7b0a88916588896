// Libraries that block a test's network (nock, MSW, MockAgent, a replaced fetch) do not affect the fixture's own calls.

import { expect, it } from 'vitest'
import { runVitest } from './run-vitest.ts'

/**
 * Patches what such libraries patch: the class of requests, connections of any socket, and fetch. Loaded before the
 * fixture.
 */
const LOCK = `
import http from 'node:http'
import https from 'node:https'
import net from 'node:net'
import { syncBuiltinESMExports } from 'node:module'
const refuse = (what) => () => {
  throw Object.assign(new Error('Lock: disallowed ' + what), { code: 'ENETUNREACH' })
}
for (const each of [http, https]) {
  each.request = refuse('request')
  each.get = refuse('get')
}
http.ClientRequest = class { constructor() { refuse('ClientRequest')() } }
http.Agent.prototype.addRequest = refuse('addRequest')
net.Socket.prototype.connect = refuse('connect')
globalThis.fetch = refuse('fetch')
syncBuiltinESMExports()
`

const TEST = `
import { expect, test } from 'cckm-emulator/vitest'
test('drives its domain', async ({ cckm }) => {
  const { id } = await cckm.jobs.create({ family: 'aws.bulkjob', request: { keys: ['k1'], operation: 'enablekey' } })
  await cckm.clock.advance('1h')
  const { job } = await cckm.jobs.wait(id)
  expect(job.overall_status).toBe('completed')
  expect(() => fetch(cckm.url)).toThrow('Lock: disallowed fetch')
})
`

it('lets the fixture call the emulator although the test cannot open connections', async () => {
  const files = { 'lock.mjs': LOCK, 'locked.test.ts': `import './lock.mjs'\n${TEST}` }
  const { tests, output } = await runVitest({ files })
  expect(tests, output).toEqual({ 'drives its domain': { status: 'passed', reason: '' } })
})

it("does not load the modules of NODE_OPTIONS into the fixture's thread", async () => {
  const files = { 'lock.mjs': LOCK, 'locked.test.ts': TEST }
  const { tests, output } = await runVitest({ files, env: { NODE_OPTIONS: '--import=./lock.mjs' } })
  expect(tests, output).toEqual({ 'drives its domain': { status: 'passed', reason: '' } })
})
