import { expect, it } from 'vitest'
import {
  AWS,
  AZURE,
  DOCUMENTED_AWS_ID,
  DOCUMENTED_AZURE_ID,
  DOCUMENTED_SEED,
  refusal,
  start,
} from '../support/world.ts'

const AWS_CALLS = [
  ['GET', AWS],
  ['POST', AWS],
  ['GET', `${AWS}/${DOCUMENTED_AWS_ID}`],
  ['POST', `${AWS}/${DOCUMENTED_AWS_ID}/cancel`],
] as const
const AZURE_CALLS = [
  ['GET', AZURE],
  ['POST', AZURE],
  ['GET', `${AZURE}/${DOCUMENTED_AZURE_ID}`],
  ['POST', `${AZURE}/${DOCUMENTED_AZURE_ID}`],
  ['POST', `${AZURE}/${DOCUMENTED_AZURE_ID}/cancel`],
  ['DELETE', `${AZURE}/${DOCUMENTED_AZURE_ID}`],
] as const

/** A user of these groups and ACLs, signed in. */
async function userOf(groups: string[], acls: string[] = []) {
  const { signedIn } = await start({ users: [{ name: 'u', password: 'p', groups, acls }], seed: DOCUMENTED_SEED })
  return signedIn({ username: 'u', password: 'p' })
}

it.each([
  { groups: ['admin'], acls: [] },
  { groups: ['CCKM Admins'], acls: [] },
  { groups: ['CCKM Users', 'CCKM Admins'], acls: [] },
  { groups: ['CCKM Users'], acls: ['keybulkoperation', 'deletebackup'] },
])('lets $groups with the ACLs $acls do everything', async ({ groups, acls }) => {
  const user = await userOf(groups, acls)
  const statuses = []
  for (const [method, path] of [...AWS_CALLS, ...AZURE_CALLS])
    statuses.push((await user.send(method, `/api/v1${path}`)).status)
  // The creates have no body, so they are let in and then told what is missing.
  expect(statuses).toEqual([200, 400, 200, 200, 200, 400, 200, 200, 200, 204])
})

it.each([
  { groups: ['CCKM Users'], acls: [] },
  { groups: ['CCKM Users'], acls: ['keysynchronize'] },
  { groups: [], acls: ['keybulkoperation', 'deletebackup'] },
  { groups: ['somebody'], acls: [] },
  { groups: ['Admin', 'cckm admins'], acls: [] },
])('lets $groups with the ACLs $acls do nothing, whether the job exists or not', async ({ groups, acls }) => {
  const user = await userOf(groups, acls)
  for (const [method, path] of [...AWS_CALLS, ['GET', `${AWS}/nobody`] as const]) {
    const answer = await user.send(method, `/api/v1${path}`)
    expect(refusal(answer, 403)).toBe('Insufficient permissions: keybulkoperation is required')
    expect(answer.hint).toMatch(/CCKM Admins/)
  }
  for (const [method, path] of AZURE_CALLS)
    expect(refusal(await user.send(method, `/api/v1${path}`), 403)).toContain('deletebackup')
})

it('tells the clouds apart', async () => {
  const aws = await userOf(['CCKM Users'], ['keybulkoperation'])
  expect([(await aws.get(AWS)).status, (await aws.get(AZURE)).status]).toEqual([200, 403])
  const azure = await userOf(['CCKM Users'], ['deletebackup'])
  expect([(await azure.get(AWS)).status, (await azure.get(AZURE)).status]).toEqual([403, 200])
})

it('asks for no permission to sign in, look at oneself, or log out', async () => {
  const user = await userOf([])
  expect((await user.get('/auth/self/user')).json).toMatchObject({ username: 'u', groups: [] })
  expect((await user.post('/auth/logout')).status).toBe(204)
})

it('gives ACLs to a user of the same name in one domain and not in another', async () => {
  const { signedIn } = await start({
    users: [
      { name: 'ci', password: 'one', domain: 't-1', groups: ['CCKM Users'], acls: ['keybulkoperation'] },
      { name: 'ci', password: 'two', domain: 't-2', groups: ['CCKM Users'] },
    ],
  })
  expect((await (await signedIn({ username: 'ci', password: 'one' })).get(AWS)).status).toBe(200)
  expect((await (await signedIn({ username: 'ci', password: 'two' })).get(AWS)).status).toBe(403)
})
