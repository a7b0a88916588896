import { copyFile, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startCli, temporaryFolder } from '../cli/run-cli.ts'
import { AWS, AZURE, claimsOf, DOCUMENTED_AZURE_ID, DOCUMENTED_SEED, refusal, start } from '../support/world.ts'

const ADMIN = { username: 'admin', password: 'admin' }
const DELETE = { operation: 'delete-key-backups', delete_key_backups_param: { backups: ['10', 'b', '9'] } }

describe('a restart with --data', () => {
  it('restores every job byte for byte: created, cancelled, deleted and seeded ones', async () => {
    const options = { data: temporaryFolder(), seed: DOCUMENTED_SEED, scenario: 'stuck' }
    const before = await start(options)
    const kept = (await before.admin.post(AZURE, DELETE)).job.id
    const cancelled = (await before.admin.post(AZURE, DELETE)).job.id
    await before.admin.post(`${AZURE}/${cancelled}/cancel`)
    await before.admin.post(AWS, { operation: 'enablekey', keys: ['10', '9'] })
    await before.admin.delete(`${AZURE}/${DOCUMENTED_AZURE_ID}`)
    const lists = [(await before.admin.get(AZURE)).text, (await before.admin.get(AWS)).text]
    await before.emulator.close()

    const { admin } = await start(options)
    expect([(await admin.get(AZURE)).text, (await admin.get(AWS)).text]).toEqual(lists)
    expect((await admin.get(AZURE)).ids).toEqual([kept, cancelled])
    refusal(await admin.get(`${AZURE}/${DOCUMENTED_AZURE_ID}`), 404)
  })

  it.each(['HS256', 'ES256'] as const)(
    'accepts %s tokens and keeps domains and revocations after a restart',
    async (algorithm) => {
      const options = { data: temporaryFolder(), auth: { algorithm } }
      const before = await start(options)
      const [{ token }, revoked] = [
        await before.signIn({ ...ADMIN, domain: 't-42', labels: ['ci'] }),
        (await before.signIn(ADMIN)).token.jwt,
      ]
      const { job } = await before.as(token.jwt).post(AZURE, DELETE)
      await before.as(revoked).post('/auth/logout')
      await before.emulator.close()

      const after = await start(options)
      const answer = await after.as(token.jwt).get(`${AZURE}/${job.id}`)
      expect([answer.status, answer.domain, answer.job.id]).toEqual([200, 't-42', job.id])
      expect(refusal(await after.as(revoked).get(AZURE), 401)).toBe('Token has been revoked')
      const signedIn = await after.signIn({ ...ADMIN, domain: 't-42' })
      expect(signedIn.domain).toBe('t-42')
      expect(claimsOf(signedIn.token.jwt).cust.domain_id).toBe(claimsOf(token.jwt).cust.domain_id)
    },
  )

  it('restores refresh tokens; renewed and deleted ones stay invalid', async () => {
    const options = { data: temporaryFolder() }
    const before = await start(options)
    const grant = (refresh_token: string) => ({ grant_type: 'refresh_token', refresh_token })
    const [kept, old, deleted] = await Promise.all([1, 2, 3].map(() => before.signIn({ ...ADMIN, labels: ['ci'] })))
    const renewed = await before.signIn({ ...grant(old!.token.refresh_token), renew_refresh_token: true })
    await before.admin.delete(`/auth/tokens/${deleted!.token.refresh_token_id}`)
    const list = (await before.admin.get('/auth/tokens')).text
    await before.emulator.close()

    const { signIn, admin } = await start(options)
    expect((await admin.get('/auth/tokens')).text).toBe(list)
    expect((await signIn(grant(kept!.token.refresh_token))).status).toBe(200)
    expect((await signIn(grant(renewed.token.refresh_token))).status).toBe(200)
    refusal(await signIn(grant(old!.token.refresh_token)), 401)
    refusal(await signIn(grant(deleted!.token.refresh_token)), 401)
  })

  it('continues its draws after a restart: the next equal request creates another job', async () => {
    const options = { data: temporaryFolder() }
    const before = await start(options)
    const { job } = await before.admin.post(AZURE, DELETE)
    await before.emulator.close()
    const { admin } = await start(options)
    const again = (await admin.post(AZURE, DELETE)).job
    expect(again.id).not.toBe(job.id)
    expect((await admin.get(AZURE)).ids).toEqual([job.id, again.id])
  })

  it('stores nothing without --data', async () => {
    const before = await start()
    await before.admin.post(AZURE, DELETE)
    const token = await before.emulator.token()
    await before.emulator.close()
    const { admin, as } = await start()
    expect((await admin.get(AZURE)).page.total).toBe(0)
    expect(refusal(await as(token).get(AZURE), 401)).toBe('Bearer token malformed: signature is invalid')
  })
})

describe('the command with --data', () => {
  const call = async (url: string, path: string, init: RequestInit = {}): Promise<Response> => {
    const signIn = await fetch(`${url}/api/v1/auth/tokens`, { method: 'POST', body: JSON.stringify(ADMIN) })
    const { jwt } = (await signIn.json()) as { jwt: string }
    return fetch(`${url}/api/v1${path}`, { ...init, headers: { authorization: `Bearer ${jwt}` } })
  }

  it('restores a job that was answered right before a kill', async () => {
    const args = ['--data', temporaryFolder(), '--seed', 'none', '--scenario', 'stuck']
    const { ready, child, ended } = await startCli(args)
    const created = await call(ready.url, AZURE, { method: 'POST', body: JSON.stringify(DELETE) })
    child.kill('SIGKILL')
    const text = await created.text()
    expect((await ended).signal).toBe('SIGKILL')

    const again = await startCli(args)
    const { id } = JSON.parse(text) as { id: string }
    const answer = await call(again.ready.url, `${AZURE}/${id}`)
    expect([answer.status, await answer.text()]).toEqual([200, text])
  })

  it('reports a changed seed in one line, and applies it with --reseed', async () => {
    const folder = temporaryFolder()
    const seed = join(folder, 'seed.json')
    const job = (id: string) => ({
      ...{ id, uri: `kylo:kylo:cckm:bulkjob:${id}`, createdAt: '2025-01-01T00:00:00Z', operation: 'enablekey' },
      overall_status: 'completed',
    })
    const args = ['--data', join(folder, 'data'), '--seed', seed]
    const stopped = async ({ child, ended }: Awaited<ReturnType<typeof startCli>>): Promise<string> => {
      child.kill('SIGTERM')
      const { code, stdout } = await ended
      expect(code).toBe(0)
      return stdout
    }
    const jobsAt = async ({ ready }: Awaited<ReturnType<typeof startCli>>): Promise<string[]> => {
      const { resources } = (await (await call(ready.url, AWS)).json()) as { resources: { id: string }[] }
      return resources.map(({ id }) => id)
    }

    await writeFile(seed, JSON.stringify({ jobs: [{ job: job('one') }] }))
    const first = await startCli(args)
    expect(await jobsAt(first)).toEqual(['one'])
    expect(await stopped(first)).not.toContain('--reseed')

    await utimes(seed, 1, 1)
    expect(await stopped(await startCli(args))).not.toContain('--reseed')

    await writeFile(seed, JSON.stringify({ jobs: [{ job: job('two') }] }))
    const second = await startCli(args)
    expect(await jobsAt(second)).toEqual(['one'])
    expect((await stopped(second)).split('\n').filter((line) => line.includes('--reseed'))).toHaveLength(1)

    const third = await startCli([...args, '--reseed'])
    expect(await jobsAt(third)).toEqual(['two'])
    expect(await stopped(third)).not.toContain('were not applied')
  })
})

describe('a copy of a data folder', () => {
  it('copies all data with both files, and with the database alone only what is not in the log', async () => {
    const data = temporaryFolder()
    const running = await start({ data, seed: 'none' })
    const { job } = await running.admin.post(AZURE, DELETE)
    const copyOf = async (...names: string[]): Promise<string> => {
      const copy = temporaryFolder()
      for (const name of names) await copyFile(join(data, name), join(copy, name))
      return copy
    }
    const both = await start({ data: await copyOf('emulator.db', 'emulator.db-wal'), seed: 'none' })
    expect((await both.admin.get(AZURE)).ids).toEqual([job.id])
    const alone = await start({ data: await copyOf('emulator.db'), seed: 'none' })
    expect((await alone.admin.get(AZURE)).ids).toEqual([])
  })
})
