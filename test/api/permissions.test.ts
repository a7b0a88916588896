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

/** Signs in a user with these groups and ACLs. */
async function userOf(groups: string[], acls: string[] = []) {
  const { signedIn } = await start({ users: [{ name: 'u', password: 'p', groups, acls }], seed: DOCUMENTED_SEED })
  return signedIn({ username: 'u', password: 'p' })
}

it.each([
  { groups: ['admin'], acls: [] },
  { groups: ['CCKM Admins'], acls: [] },
  { groups: ['CCKM Users', 'CCKM Admins'], acls: [] },
  { groups: ['CCKM Users'], acls: ['keybulkoperation', 'deletebackup'] },
])('allows every operation to $groups with the ACLs $acls', async ({ groups, acls }) => {
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
])(
  'refuses every operation to $groups with the ACLs $acls, whether the job exists or not',
  async ({ groups, acls }) => {
    const user = await userOf(groups, acls)
    for (const [method, path] of [...AWS_CALLS, ['GET', `${AWS}/nobody`] as const]) {
      const answer = await user.send(method, `/api/v1${path}`)
      expect(refusal(answer, 403)).toBe('Insufficient permissions: keybulkoperation is required')
      expect(answer.hint).toMatch(/CCKM Admins/)
    }
    for (const [method, path] of AZURE_CALLS)
      expect(refusal(await user.send(method, `/api/v1${path}`), 403)).toContain('deletebackup')
  },
)

it('checks the permissions of each cloud separately', async () => {
  const aws = await userOf(['CCKM Users'], ['keybulkoperation'])
  expect([(await aws.get(AWS)).status, (await aws.get(AZURE)).status]).toEqual([200, 403])
  const azure = await userOf(['CCKM Users'], ['deletebackup'])
  expect([(await azure.get(AWS)).status, (await azure.get(AZURE)).status]).toEqual([403, 200])
})

it('requires no permission to sign in, to read the own user, or to log out', async () => {
  const user = await userOf([])
  expect((await user.get('/auth/self/user')).json).toMatchObject({ username: 'u', groups: [] })
  expect((await user.post('/auth/logout')).status).toBe(204)
})

it('gives ACLs only to the user of the domain that names them', async () => {
  const { signedIn } = await start({
    users: [
      { name: 'ci', password: 'one', domain: 't-1', groups: ['CCKM Users'], acls: ['keybulkoperation'] },
      { name: 'ci', password: 'two', domain: 't-2', groups: ['CCKM Users'] },
    ],
  })
  expect((await (await signedIn({ username: 'ci', password: 'one' })).get(AWS)).status).toBe(200)
  expect((await (await signedIn({ username: 'ci', password: 'two' })).get(AWS)).status).toBe(403)
})
