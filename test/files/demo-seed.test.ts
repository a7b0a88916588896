// The seed of the demo: 200 jobs in every state, loaded only on request.

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { DEMO_SEED } from '../../scripts/write-demo-seed.ts'
import { AWS, AZURE, start, type WireJob } from '../support/world.ts'

const folder = fileURLToPath(new URL('../../fixtures/demo', import.meta.url))

it('matches the output of scripts/write-demo-seed.ts', () => {
  expect(readFileSync(`${folder}/jobs.ndjson`, 'utf8')).toBe(DEMO_SEED)
})

it('has 200 jobs of both families in every state, the running ones at different lengths', async () => {
  const { admin, emulator } = await start({ seed: folder })
  const all = async (path: string) => (await admin.get(`${path}?limit=-1`)).page.resources
  const [aws, azure] = [await all(AWS), await all(AZURE)]
  expect([aws.length + azure.length, aws.length > 50, azure.length > 50]).toEqual([200, true, true])
  const jobs = [...aws, ...azure]
  const results = ({ detailed_status: details }: WireJob) => Object.values(details ?? {})
  const count = (isSo: (job: WireJob) => boolean) => jobs.filter(isSo).length
  const failed = (job: WireJob) => results(job).filter((it) => it.startsWith('Error')).length
  expect({
    finished: count((it) => it.overall_status === 'completed' && failed(it) === 0),
    partial: count((it) => it.overall_status === 'completed' && failed(it) > 0),
    failed: count((it) => it.overall_status === 'error'),
    cancelled: count((it) => it.overall_status === 'aborted' && it.abort),
    running: count((it) => it.overall_status === 'in_progress'),
  }).toEqual({ finished: 81, partial: 25, failed: 22, cancelled: 26, running: 46 })
  const begun = jobs.filter((it) => it.overall_status === 'in_progress').map((it) => results(it).length)
  expect(new Set(begun).size).toBeGreaterThan(10)
  await emulator.domain('root').clock.advance('1h')
  const left = [...(await all(AWS)), ...(await all(AZURE))].filter((it) => it.overall_status === 'in_progress')
  expect(left).toHaveLength(22)
  const reasons = await Promise.all(left.map(async ({ id }) => (await emulator.domain('root').jobs.get(id)).scenario))
  expect(new Set(reasons)).toEqual(new Set(['manual', 'third-poll', 'stuck']))
})

it('is not loaded by default', async () => {
  const shipped = readFileSync(new URL('../../fixtures/seeds/documented.json', import.meta.url), 'utf8')
  expect(shipped).not.toContain('"scenario":"demo"')
  const { emulator } = await start({ seed: fileURLToPath(new URL('../../fixtures/seeds', import.meta.url)) })
  expect((await emulator.domain('root').jobs.list()).total).toBeLessThan(20)
})
