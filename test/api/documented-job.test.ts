import { describe, expect, it } from 'vitest'
import { AWS, AZURE, DOCUMENTED_AWS_ID, DOCUMENTED_AZURE_ID, SHIPPED_SEEDS, start } from '../support/world.ts'

// thalesdocs, "Viewing Details of an Azure Bulk Job" and "Get AWS Bulk Job", minified and otherwise as printed.
const AZURE_JOB =
  '{"id":"ee4482eb-0b97-4702-8ef6-7e86df66eaa5","uri":"kylo:kylo:cckm:azure-bulkjob:ee4482eb-0b97-4702-8ef6-7e86df66eaa5","account":"kylo:kylo:admin:accounts:kylo","createdAt":"2024-02-06T09:22:54.517569Z","updatedAt":"2024-02-06T09:22:54.549719Z","completed_at":"2024-02-06T09:22:54.54953Z","overall_status":"completed","detailed_status":{"f60070f8-5ef8-4685-9121-9ca732cffcbd":"Success"},"abort":false,"cloud":"AzureCloud","operation":"delete-key-backups"}'
const AWS_JOB =
  '{"id":"e612b64f-6364-48ce-92ec-c6dd608d7ad0","uri":"kylo:kylo:cckm:bulkjob:e612b64f-6364-48ce-92ec-c6dd608d7ad0","account":"kylo:kylo:admin:accounts:kylo","createdAt":"2023-02-10T08:19:48.558869Z","updatedAt":"2023-02-10T08:19:48.970377Z","completed_at":"2023-02-10T08:19:48.970204Z","overall_status":"completed","detailed_status":{"2387500d-bcac-4055-a48d-19592c3332ff":"Success","2387500d-bcac-4055-a48d-19592c3332fg":"Success"},"abort":false,"cloud":"aws","keys":["2387500d-bcac-4055-a48d-19592c3332ff","2387500d-bcac-4055-a48d-19592c3332fg"],"operation":"enablekey"}'

const seeded = { seed: SHIPPED_SEEDS }

describe('the documented Azure job', () => {
  it.each([
    ['GET', `/api/v1${AZURE}/${DOCUMENTED_AZURE_ID}`],
    ['POST', `/api/v1${AZURE}/${DOCUMENTED_AZURE_ID}`],
    ['GET', `/api/v1${AZURE}/${DOCUMENTED_AZURE_ID}/`],
    ['POST', `/api/v1${AZURE}/${DOCUMENTED_AZURE_ID}/`],
    ['GET', `/v1${AZURE}/${DOCUMENTED_AZURE_ID}`],
    ['POST', `/v1${AZURE}/${DOCUMENTED_AZURE_ID}`],
    ['GET', `/api//v1/cckm//azure/bulkjobs//${DOCUMENTED_AZURE_ID}`],
    ['GET', `//api/v1${AZURE}/${DOCUMENTED_AZURE_ID}//`],
    ['GET', `/api/v1${AZURE}/${DOCUMENTED_AZURE_ID}?`],
    ['GET', `/api/v1${AZURE}/${DOCUMENTED_AZURE_ID}?whatever=1`],
  ] as const)('returns the documented Azure job byte for byte: %s %s', async (method, url) => {
    const { admin } = await start(seeded)
    const answer = await admin.send(method, url)
    expect(answer.status).toBe(200)
    expect(answer.text).toBe(AZURE_JOB)
  })

  it('states the right length, and names request and domain in headers', async () => {
    const { admin } = await start(seeded)
    const { headers, domain } = await admin.get(`${AZURE}/${DOCUMENTED_AZURE_ID}`, { 'accept-encoding': 'gzip, br' })
    expect(headers['content-type']).toBe('application/json; charset=utf-8')
    expect(headers['content-length']).toBe(String(AZURE_JOB.length))
    expect(headers).not.toHaveProperty('content-encoding')
    expect(headers).toHaveProperty('x-emulator-request-id')
    expect(domain).toBe('root')
  })

  it('returns the documented Azure job in a list', async () => {
    const { admin } = await start(seeded)
    const { text } = await admin.get(`${AZURE}?id=${DOCUMENTED_AZURE_ID}`)
    expect(text).toBe(`{"skip":0,"limit":10,"total":1,"resources":[${AZURE_JOB}]}`)
  })

  it('knows no AWS job with the id of the Azure job', async () => {
    const { admin } = await start(seeded)
    expect((await admin.get(`${AWS}/${DOCUMENTED_AZURE_ID}`)).status).toBe(404)
    expect((await admin.post(`${AWS}/${DOCUMENTED_AZURE_ID}/cancel`)).status).toBe(404)
  })

  it('answers HEAD with the headers of GET and no body', async () => {
    const { admin } = await start(seeded)
    const head = await admin.send('HEAD', `/api/v1${AZURE}/${DOCUMENTED_AZURE_ID}`)
    expect([head.status, head.text]).toEqual([200, ''])
    expect(head.headers['content-length']).toBe(String(AZURE_JOB.length))
    expect((await admin.send('HEAD', `/api/v1${AZURE}/nobody`)).status).toBe(404)
  })

  it('lists the allowed methods on OPTIONS without a token', async () => {
    const { anyone } = await start(seeded)
    const options = await anyone.send('OPTIONS', `/api/v1${AZURE}/${DOCUMENTED_AZURE_ID}`)
    expect([options.status, options.text]).toEqual([204, ''])
    expect(options.headers.allow).toBe('GET, POST, DELETE, HEAD, OPTIONS')
  })
})

describe('the documented AWS job', () => {
  it.each([`/api/v1${AWS}/${DOCUMENTED_AWS_ID}`, `/v1${AWS}/${DOCUMENTED_AWS_ID}/`])(
    'returns the documented AWS job byte for byte: GET %s',
    async (url) => {
      const { admin } = await start(seeded)
      expect((await admin.send('GET', url)).text).toBe(AWS_JOB)
    },
  )

  it('does not return an AWS job by POST, which the vendor documents for Azure only', async () => {
    const { admin } = await start(seeded)
    const answer = await admin.post(`${AWS}/${DOCUMENTED_AWS_ID}`)
    expect(answer.status).toBe(405)
    expect(answer.headers.allow).toBe('GET, HEAD, OPTIONS')
  })
})

describe('the other jobs of the default seed', () => {
  it('ships one job in progress, one partly failed, one in error and one aborted', async () => {
    const { admin } = await start(seeded)
    const jobs = [...(await admin.get(AZURE)).page.resources, ...(await admin.get(AWS)).page.resources]
    expect(jobs.map((job) => job.overall_status).sort()).toEqual(
      ['aborted', 'completed', 'completed', 'completed', 'error', 'in_progress'].sort(),
    )
    const running = jobs.find((job) => job.overall_status === 'in_progress')
    expect(running).not.toHaveProperty('completed_at')
  })
})
