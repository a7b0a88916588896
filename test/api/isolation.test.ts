import { expect, it } from 'vitest'
import { AWS, AZURE, claimsOf, DOCUMENTED_AZURE_ID, DOCUMENTED_SEED, refusal, start } from '../support/world.ts'

const inDomain = (domain: string) => ({ username: 'admin', password: 'admin', domain })
const DELETE = { operation: 'delete-key-backups' }

it('hides the jobs of a domain from another domain', async () => {
  const { signedIn } = await start()
  const [one, other] = [await signedIn(inDomain('t-1')), await signedIn(inDomain('t-2'))]
  const { job } = await one.post(AZURE, { ...DELETE, key_id: 'k' })
  const path = `${AZURE}/${job.id}`
  refusal(await other.get(path), 404)
  refusal(await other.post(`${path}/cancel`), 404)
  refusal(await other.delete(path), 404)
  expect((await other.get(AZURE)).page.total).toBe(0)
  expect((await other.get(`${AZURE}?id=${job.id}`)).page.total).toBe(0)
  expect((await one.get(path)).job.abort).toBe(false)
})

it('puts the id of a child domain into uri and account of its jobs', async () => {
  const { signIn, as } = await start()
  const { jwt } = (await signIn(inDomain('t-42'))).token
  const domainId = String(claimsOf(jwt).cust.domain_id)
  const azure = (await as(jwt).post(AZURE, DELETE)).job
  expect(azure.uri).toBe(`kylo:kylo-${domainId}:cckm:azure-bulkjob:${azure.id}`)
  expect(azure.account).toBe(`kylo:kylo-${domainId}:admin:accounts:kylo-${domainId}`)
  const aws = (await as(jwt).post(AWS, { operation: 'enablekey', keys: ['k'] })).job
  expect(aws.uri).toBe(`kylo:kylo-${domainId}:cckm:bulkjob:${aws.id}`)
})

it('creates separate jobs with equal results for equal requests in two domains', async () => {
  const { signedIn } = await start({ settings: { deleteRunning: 'allow' } })
  const [one, other] = [await signedIn(inDomain('t-1')), await signedIn(inDomain('t-2'))]
  const [a, b] = [(await one.post(AZURE, DELETE)).job, (await other.post(AZURE, DELETE)).job]
  expect(a.id).toBe(b.id)
  await one.post(`${AZURE}/${a.id}/cancel`)
  expect((await other.get(`${AZURE}/${a.id}`)).job).toMatchObject({ abort: false, overall_status: 'in_progress' })
  await other.delete(`${AZURE}/${a.id}`)
  expect((await one.get(`${AZURE}/${a.id}`)).status).toBe(200)
})

it('does not load the seed of root into other domains', async () => {
  const { admin, signedIn } = await start({ seed: DOCUMENTED_SEED })
  expect((await admin.get(`${AZURE}/${DOCUMENTED_AZURE_ID}`)).domain).toBe('root')
  const child = await signedIn(inDomain('t-42'))
  refusal(await child.get(`${AZURE}/${DOCUMENTED_AZURE_ID}`), 404)
  expect((await child.get(AZURE)).domain).toBe('t-42')
})

it('moves only the step clock of the domain whose job is polled', async () => {
  const { signedIn } = await start({ clock: 'step@2026-01-01T00:00:00Z' })
  const [one, other] = [await signedIn(inDomain('t-1')), await signedIn(inDomain('t-2'))]
  const { job } = await one.post(AZURE, DELETE)
  await one.get(`${AZURE}/${job.id}`)
  expect((await one.post(AZURE, DELETE)).job.createdAt).toBe('2026-01-01T00:00:02.5Z')
  expect((await other.post(AZURE, DELETE)).job.createdAt).toBe('2026-01-01T00:00:00Z')
})
