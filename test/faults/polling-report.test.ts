import { expect, it } from 'vitest'
import { like, startWorld, times } from './support.ts'

it('reports how each job was polled, in numbers and findings', async () => {
  const { world, client, job, signIn, as } = await startWorld()
  const path = await job()
  const id = path.split('/').at(-1)!
  await world.fault({ on: { nth: 2 }, do: { respond: { status: 429, retryAfter: '10s' } } })
  await client.get(path)
  await world.clock.advance('1s')
  await client.get(path)
  await world.clock.advance('2s')
  await signIn({ username: 'admin', password: 'admin', domain: 't-1' })
  await client.get(path)
  await world.clock.advance('4s')
  await times(2, () => as('').get(path))
  expect((await client.get(path)).job.overall_status).toBe('completed')
  await world.clock.advance('8s')
  await client.get(path)
  const report = await world.pollingReport()
  expect(report.jobs).toEqual([
    {
      job: id,
      gets: 5,
      intervals: {
        min: like(/^1(\.\d+)?s$/),
        median: like(/^2/),
        max: like(/^4/),
      },
      backOff: true,
      capped: false,
      judged: { intervals: true },
      pollsAfterEnd: 1,
      retries: { after401: 0, after429: 1, after5xx: 0 },
      retryAfter: { asked: 1, kept: 0 },
      signIns: 1,
    },
  ])
  expect(report.findings.map(({ rule, level, requests }) => [rule, level, requests.length])).toEqual([
    ['retry-after-broken', 'error', 2],
    ['polled-after-the-end', 'error', 1],
  ])
  expect(report.findings[1]?.message).toContain(id)
  expect(await world.pollingReport('another')).toEqual({
    jobs: [],
    lists: [],
    operations: [],
    signIns: 1,
    findings: [],
  })
  expect(report).toMatchObject({ lists: [], operations: [{ operation: 'azure.bulkjobs.get', asked: 1, kept: 0 }] })
})

it('ignores calls of the control API and polls of a deleted job', async () => {
  const { world, client, job } = await startWorld()
  const path = await job()
  await client.get(path)
  await world.jobs.get(path.split('/').at(-1)!)
  await world.clock.advance('1h')
  await client.delete(path)
  expect((await client.get(path)).status).toBe(404)
  const { jobs, findings } = await world.pollingReport()
  expect(jobs[0]).toMatchObject({ gets: 2, pollsAfterEnd: 0 })
  expect(findings).toEqual([])
})

it('reports a client that polls too often, in parallel and in sequence', async () => {
  const { world, client, job } = await startWorld()
  const path = await job('stuck')
  await world.fault({ on: { nth: 1 }, do: { delay: '200ms' } })
  await Promise.all([client.get(path), client.get(path)])
  await times(3, () => client.get(path))
  const { findings } = await world.pollingReport()
  expect(findings.map(({ rule }) => rule)).toEqual(expect.arrayContaining(['under-one-second', 'parallel-hammering']))
})
