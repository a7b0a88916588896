// Times what tests do with domains, through the control API without a socket: prints JSON, all in milliseconds.
// Usage: domains.mjs JOBS TIMES

import { createEmulator } from '../../dist/index.js'
import { documentOf } from './jobs.ts'

const DOMAINS_A_TURN = 10

const [jobs, times] = process.argv.slice(2).map(Number)

const emulator = await createEmulator({ clock: 'frozen', seed: 'none' })
const samples = {}

await call('PUT', 'empty')
await call('PUT', 'seeded', {
  seed: { jobs: Array.from({ length: jobs }, (_, index) => ({ job: documentOf(index) })) },
})
for (let turn = 0; turn < times; turn += 1) {
  for (let made = 0; made < DOMAINS_A_TURN; made += 1) await time('make', () => call('PUT', `made-${turn}-${made}`))
  for (let made = 0; made < jobs; made += 1) await makeJob('empty')
  await time('reset of made jobs', () => call('POST', 'empty/reset'))
  await makeJob('seeded')
  await time('reset to seeded jobs', () => call('POST', 'seeded/reset'))
  await time('fork', () => call('POST', 'seeded/fork', { to: `fork-${turn}` }))
  await time('snapshot', () => call('PUT', 'seeded/snapshots/it'))
  await time('load', () => call('POST', 'seeded/snapshots/it/load'))
  // So that the next turn finds what this one found: a reset is another thing after a load.
  await call('POST', 'seeded/reset')
  await call('DELETE', `fork-${turn}`)
}
await emulator.close()
process.stdout.write(JSON.stringify(samples))

async function time(name, act) {
  const since = performance.now()
  await act()
  samples[name] = [...(samples[name] ?? []), performance.now() - since]
}

function makeJob(domain) {
  return call('POST', `${domain}/jobs`, { family: 'aws.bulkjob', request: { keys: ['k1'], operation: 'enablekey' } })
}

async function call(method, path, payload) {
  const answer = await emulator.inject({ method, url: `/__admin/domains/${path}`, ...(payload && { payload }) })
  if (answer.statusCode >= 300) throw new Error(`${method} ${path}: ${answer.statusCode} ${answer.body}`)
}
