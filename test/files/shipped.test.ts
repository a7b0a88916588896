import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { createScenarioCatalogue, readScenarioFiles } from '../../src/files/scenarios.ts'
import { openSeeds } from '../../src/files/seeds.ts'
import { FAILED_ITEM } from '../../src/simulator/plan-job.ts'

const fixtures = new URL('../../fixtures/', import.meta.url)
const shippedDir = new URL('scenarios/', fixtures)
const catalogue = createScenarioCatalogue({ shippedDir })

const AZURE =
  '{"id":"ee4482eb-0b97-4702-8ef6-7e86df66eaa5","uri":"kylo:kylo:cckm:azure-bulkjob:ee4482eb-0b97-4702-8ef6-7e86df66eaa5",' +
  '"account":"kylo:kylo:admin:accounts:kylo","createdAt":"2024-02-06T09:22:54.517569Z","updatedAt":"2024-02-06T09:22:54.549719Z",' +
  '"completed_at":"2024-02-06T09:22:54.54953Z","overall_status":"completed",' +
  '"detailed_status":{"f60070f8-5ef8-4685-9121-9ca732cffcbd":"Success"},"abort":false,"cloud":"AzureCloud","operation":"delete-key-backups"}'
const AWS =
  '{"id":"e612b64f-6364-48ce-92ec-c6dd608d7ad0","uri":"kylo:kylo:cckm:bulkjob:e612b64f-6364-48ce-92ec-c6dd608d7ad0",' +
  '"account":"kylo:kylo:admin:accounts:kylo","createdAt":"2023-02-10T08:19:48.558869Z","updatedAt":"2023-02-10T08:19:48.970377Z",' +
  '"completed_at":"2023-02-10T08:19:48.970204Z","overall_status":"completed",' +
  '"detailed_status":{"2387500d-bcac-4055-a48d-19592c3332ff":"Success","2387500d-bcac-4055-a48d-19592c3332fg":"Success"},' +
  '"abort":false,"cloud":"aws","keys":["2387500d-bcac-4055-a48d-19592c3332ff","2387500d-bcac-4055-a48d-19592c3332fg"],"operation":"enablekey"}'

describe('the shipped seeds', () => {
  const shipped = async () => {
    const set = await openSeeds([fileURLToPath(new URL('seeds/', fixtures))], { scenarios: catalogue })
    return [...set.seeds()].flatMap(({ domain, jobs }) => [...jobs].map((job) => ({ domain, job })))
  }

  it('belong to root and contain the documented jobs byte for byte', async () => {
    const all = await shipped()
    expect(new Set(all.map(({ domain }) => domain))).toEqual(new Set(['root']))
    expect(all.map(({ job }) => job.kind === 'captured' && job.text)).toEqual(expect.arrayContaining([AZURE, AWS]))
  })

  it('contain a running job with unfinished items, and a partly failed, a failed and an aborted one', async () => {
    const jobs = (await shipped()).map(({ job }) => job)
    expect(jobs).toContainEqual(
      expect.objectContaining({
        status: 'in_progress',
        scenario: 'slow',
        pending: expect.arrayContaining([expect.any(String)]) as unknown,
      }),
    )
    for (const status of ['error', 'aborted']) expect(jobs).toContainEqual(expect.objectContaining({ status }))
    const mixed = jobs.filter(
      (job) => job.kind === 'captured' && job.status === 'completed' && job.text.includes(FAILED_ITEM),
    )
    expect(mixed).toHaveLength(1)
    const documented = ['aws.synchronization-jobs', 'google.synchronization-jobs', 'google.update-all-versions-jobs']
    expect(new Set(jobs.map(({ family }) => family))).toEqual(new Set(['azure.bulkjobs', 'aws.bulkjob', ...documented]))
  })
})

describe('the shipped scenarios', () => {
  const names = readdirSync(shippedDir).map((name) => name.replace('.json', ''))

  it('are those of the documentation', () => {
    expect(catalogue.names()).toEqual(
      [
        ...['default', 'instant', 'slow', 'stuck', 'third-poll', 'manual', 'demo', 'partial-failure', 'failure'],
        ...['late-failure', 'cancel-ignored', 'cancel-slow'],
      ].sort(),
    )
  })

  it.each(names)('are valid and have a description: %s', (name) => {
    const scenario = catalogue.scenario(name)
    expect(scenario).toMatchObject({ name })
    expect(scenario?.description).toMatch(/^[A-Z].{20,}\.$/)
    const failed = scenario?.items.map(({ status }) => status) ?? []
    expect(failed.every((status) => status === FAILED_ITEM)).toBe(true)
  })

  it('can be copied unchanged', async () => {
    const copied = await readScenarioFiles(fileURLToPath(shippedDir), () => undefined)
    expect([...copied.keys()].sort()).toEqual(catalogue.names())
  })
})
