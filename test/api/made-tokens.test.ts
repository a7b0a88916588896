// Tokens that the library issues without a sign-in.

import { describe, expect, it } from 'vitest'
import { claimsOf } from '../support/world.ts'
import { openWorld, refusal } from '../support/world.ts'

describe('emulator.token()', () => {
  it.each([
    ['5m', 300],
    ['PT1H', 3600],
    ['90s', 90],
  ])('accepts the lifetime %j', async (ttl, seconds) => {
    const { emulator } = await openWorld()
    const { iat, exp } = claimsOf(await emulator.token({ ttl }))
    expect(exp - iat).toBe(seconds)
  })

  it.each([300, '300', '', null, -1, {}])(
    'refuses the lifetime %j, which is not a duration with a unit',
    async (ttl) => {
      const { emulator } = await openWorld()
      const asked = emulator.token({ ttl: ttl as string, domain: 'never-made' })
      await expect(asked).rejects.toThrow(`/ttl ${JSON.stringify(ttl)} is not a duration such as`)
      await expect(asked).rejects.toThrow('a bare number has no unit: write 5s')
      expect((await openedDomains(emulator)).includes('never-made')).toBe(false)
    },
  )

  it('refuses an unknown user unless the call names groups', async () => {
    const { emulator, as } = await openWorld()
    await expect(emulator.token({ username: 'nobody', domain: 'never-made' })).rejects.toThrow(
      '/username "nobody" is not a user of the domain never-made',
    )
    expect((await openedDomains(emulator)).includes('never-made')).toBe(false)
    const made = await emulator.token({ username: 'nobody', groups: ['staff'] })
    expect(claimsOf(made)).toMatchObject({ preferred_username: 'nobody', cust: { groups: ['staff'] } })
    refusal(await as(made).get('/cckm/aws/bulkjob'), 403)
  })

  it('accepts any name where any name can sign in', async () => {
    const { emulator } = await openWorld({ auth: { mode: 'any' } })
    expect(claimsOf(await emulator.token({ username: 'nobody' })).preferred_username).toBe('nobody')
  })

  it('gives a user no more groups than a sign-in does', async () => {
    const { emulator } = await openWorld({ users: ['ci:pw', 'zoe:pw:admin'] })
    expect(claimsOf(await emulator.token({ username: 'ci' })).cust.groups).toEqual([])
  })

  it("issues an administrator's token without a name, whatever users exist", async () => {
    const { emulator } = await openWorld({ users: ['zoe:pw:admin'] })
    expect(claimsOf(await emulator.token())).toMatchObject({ preferred_username: 'admin', cust: { groups: ['admin'] } })
  })
})

async function openedDomains(emulator: Awaited<ReturnType<typeof openWorld>>['emulator']): Promise<string[]> {
  const { domains } = (await emulator.inject('/__admin/domains')).json<{ domains: { name: string }[] }>()
  return domains.map(({ name }) => name)
}
