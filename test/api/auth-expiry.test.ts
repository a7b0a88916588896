import { expect, it } from 'vitest'
import { AZURE, claimsOf, refusal, SECRET, signed, start, type Running } from '../support/world.ts'
import { DOCUMENTED_TOKEN } from '../support/documented-token.ts'

const HINT = /--auth any/

/** A token as this emulator issues it, with these times in seconds from now. */
async function timed({ emulator }: Running, { iat, exp }: { iat: number; exp: number }): Promise<string> {
  const now = Math.floor(Date.now() / 1000)
  return signed({ ...claimsOf(await emulator.token()), iat: now + iat, exp: now + exp })
}

it('refuses an expired token, says when it expired and how to get another one', async () => {
  const running = await start({ auth: { jwtSecret: SECRET } })
  const answer = await running.as(await timed(running, { iat: -350, exp: -50 })).get(AZURE)
  expect(refusal(answer, 401)).toMatch(/^Bearer token malformed: Token is expired by 5\ds$/)
  expect(answer.hint).toMatch(HINT)
})

it('refuses the token of the documentation, which expired long ago and has an unknown signature', async () => {
  const { as } = await start()
  const answer = await as(DOCUMENTED_TOKEN).get(AZURE)
  refusal(answer, 401)
  expect(answer.hint).toMatch(HINT)
})

it("checks the expiry of a verified token again, by the domain's clock if so configured", async () => {
  const { emulator, as } = await start({
    auth: { tokenTtl: '2s' },
    settings: { tokenClock: 'domain' },
    clock: 'step@2026-01-01T00:00:00Z',
  })
  const token = await emulator.token()
  expect(claimsOf(token)).toMatchObject({ iat: 1_767_225_600, exp: 1_767_225_602 })
  const { job } = await as(token).post('/cckm/azure/bulkjobs', { operation: 'delete-key-backups' })
  // Two items in five seconds: the first poll takes the clock half-way there, past the end of the token.
  expect((await as(token).get(`${AZURE}/${job.id}`)).status).toBe(200)
  expect(refusal(await as(token).get(`${AZURE}/${job.id}`), 401)).toBe('Bearer token malformed: Token is expired by 0s')
})

it("checks expiry by the real clock by default, even if the domain's clock is far ahead", async () => {
  const { admin, emulator } = await start({ clock: 'frozen@2099-01-01T00:00:00Z' })
  expect((await admin.get(AZURE)).status).toBe(200)
  expect(Math.abs(claimsOf(await emulator.token()).iat - Date.now() / 1000)).toBeLessThan(60)
})

it.each([
  ['300s', 300],
  ['1s', 1],
  ['PT15M', 900],
  ['12h', 43_200],
])('issues tokens that expire after %s', async (tokenTtl, seconds) => {
  const { signIn } = await start({ auth: { tokenTtl } })
  const { token } = await signIn({ username: 'admin', password: 'admin' })
  const { iat, exp } = claimsOf(token.jwt)
  expect([exp - iat, token.duration]).toEqual([seconds, seconds])
})
