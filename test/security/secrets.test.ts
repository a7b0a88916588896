// A session that uses every secret, correctly, incorrectly and in wrong places, at the most verbose log level.
// Afterwards the log, the journal, all other views and the stored data contain none of them.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { startCli, temporaryFolder } from '../cli/run-cli.ts'

const PASSWORD = 'Zebra-password-1'
const WRONG_PASSWORD = 'Zebra-wrong-2'
const OWN_PASSWORD = 'Zebra-own-3'
const CLIENT_SECRET = 'Zebra-client-4'
const ADMIN_TOKEN = 'Zebra-admin-5'
const WRONG_ADMIN_TOKEN = 'Zebra-not-admin-6'
const API_KEY = 'Zebra-api-key-8'
const VAULT_TOKEN = 'Zebra-vault-token-9'
const JWT_SECRET = 'Zebra-jwt-secret-7-of-thirty-two-characters'

it('keeps every secret out of log, journal, events, metrics, reports, errors, snapshots and database', async () => {
  const data = join(temporaryFolder(), 'data')
  const { ready, readyFile, child, ended } = await startCli(
    ['--data', data, '--log-level', 'trace', '--log-format', 'json', '--seed', 'none'],
    {
      CCKM_EMULATOR_USER: `zoe:${PASSWORD}:admin;robot:${CLIENT_SECRET}:admin`,
      CCKM_EMULATOR_ADMIN_TOKEN: ADMIN_TOKEN,
      CCKM_EMULATOR_JWT_SECRET: JWT_SECRET,
    },
  )
  const secrets = new Set([PASSWORD, WRONG_PASSWORD, OWN_PASSWORD, CLIENT_SECRET, ADMIN_TOKEN, WRONG_ADMIN_TOKEN, JWT_SECRET, API_KEY, VAULT_TOKEN]) // prettier-ignore
  const seen: Record<string, string> = {}

  const call = async (method: string, path: string, { body, bearer }: { body?: unknown; bearer?: string } = {}) => {
    const answer = await fetch(`${ready.url}${path}`, {
      method,
      headers: {
        'content-type': 'application/json',
        'x-api-key': API_KEY,
        'x-vault-token': VAULT_TOKEN,
        referer: `https://cm.test/?access_token=${VAULT_TOKEN}`,
        ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await answer.text()
    if (answer.status >= 400)
      seen[`refusal of ${method} ${path.slice(0, 60)}`] = text + JSON.stringify([...answer.headers])
    return { status: answer.status, text }
  }
  const admin = (method: string, path: string, body?: unknown) =>
    call(method, `/__admin${path}`, { body, bearer: ADMIN_TOKEN })
  const signIn = async (body: object): Promise<{ jwt: string; refresh_token: string }> => {
    const { text } = await call('POST', '/api/v1/auth/tokens', { body })
    const token = JSON.parse(text) as { jwt: string; refresh_token: string }
    secrets.add(token.jwt.split('.')[2] ?? '')
    if (token.refresh_token) secrets.add(token.refresh_token)
    return token
  }

  const users = [{ name: 'own', password: OWN_PASSWORD, groups: ['admin'] }]
  await admin('PUT', '/domains/t-1', { settings: { users } })
  // Listens to the events during all calls.
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}` }
  const heard = (await fetch(`${ready.url}/__admin/domains/t-1/events`, { headers })).text()

  const first = await signIn({ username: 'zoe', password: PASSWORD, domain: 't-1' })
  const renewed = await signIn({
    grant_type: 'refresh_token',
    refresh_token: first.refresh_token,
    renew_refresh_token: true,
  })
  await signIn({ grant_type: 'client_credential', client_id: 'robot', client_secret: CLIENT_SECRET })
  await signIn({ username: 'own', password: OWN_PASSWORD, domain: 't-1' })
  const jobs = '/api/v1/cckm/azure/bulkjobs'
  const { jwt } = renewed
  // Correct, incorrect, and in wrong places: in a path, a query, a body, a body that is not JSON, another header.
  await call('POST', jobs, { body: { operation: 'delete-key-backups', password: PASSWORD, jwt }, bearer: jwt })
  await call('POST', '/api/v1/auth/tokens', { body: { username: 'zoe', password: WRONG_PASSWORD } })
  await call('POST', '/api/v1/auth/tokens', { body: `{"username":"zoe","password":"${PASSWORD}"` })
  await call('POST', '/api/v1/auth/tokens', {
    body: { grant_type: 'refresh_token', refresh_token: first.refresh_token },
  })
  await call('GET', `${jobs}/${jwt}`, { bearer: jwt })
  await call('GET', `${jobs}?api_key=${API_KEY}&access_token=${VAULT_TOKEN}`, { bearer: jwt })
  await call('POST', '/api/v1/auth/tokens', { body: `"username=zoe&password=${PASSWORD}"` })
  await call('GET', `${jobs}?jwt=${jwt}&password=${PASSWORD}&x=${jwt}`, { bearer: jwt })
  await call('GET', `/api/v1/no/such/${jwt}`, { bearer: jwt })
  await call('GET', jobs, { bearer: `${jwt.slice(0, -4)}AAAA` })
  await call('GET', '/__admin/info', { bearer: WRONG_ADMIN_TOKEN })
  await admin('POST', '/faults', { on: { operation: 'azure.*' }, times: 1, do: { token: 'revoke' } })
  await call('GET', jobs, { bearer: jwt })
  await call('GET', jobs, { bearer: jwt })
  await admin('PUT', '/domains/t-1/snapshots/one')

  for (const domain of ['root', 't-1']) {
    const base = `/domains/${domain}`
    const views = ['', '/requests', '/requests/count', '/reports/polling', '/settings', '/clock', '/jobs', '/snapshots', '/faults', '/rules', '/scenarios', '/trace'] // prettier-ignore
    for (const view of views) {
      const { status, text } = await admin('GET', base + view)
      expect([view, status]).toEqual([view, 200])
      seen[base + view] = text
    }
    seen[`${base} nearest miss`] = (await admin('POST', `${base}/requests/wait`, { path: '/nothing', job: 'none', count: 1, timeout: '10ms' })).text // prettier-ignore
  }
  for (const view of ['/info', '/metrics', '/domains', '/openapi.json', '/tls/ca.pem'])
    seen[view] = (await admin('GET', view)).text
  expect(seen['/domains/t-1/requests']).toContain('[redacted]')
  expect(seen['/domains/t-1 nearest miss']).toContain('its path is')
  expect(JSON.parse(seen['/domains/t-1/requests'] ?? '')).toMatchObject({ total: expect.any(Number) as number })

  expect(JSON.parse(readFileSync(readyFile, 'utf8'))).toMatchObject({ adminToken: ADMIN_TOKEN })
  expect(statSync(readyFile).mode & 0o777).toBe(0o600)
  for (const file of readdirSync(data)) {
    expect([file, statSync(join(data, file)).mode & 0o077]).toEqual([file, 0])
    seen[`data/${file}`] = readFileSync(join(data, file), 'latin1')
  }

  child.kill('SIGTERM')
  seen.events = await heard
  const { stdout, stderr } = await ended
  expect(stdout).toContain('"operation":"auth.tokens.create"')
  Object.assign(seen, { stdout, stderr })
  expect(existsSync(readyFile)).toBe(false)
  // The passwords of a domain's own users are stored with it for a restart; only the owner can read the file.
  const kept = (place: string, secret: string) => place.startsWith('data/') && secret === OWN_PASSWORD
  const leaks = Object.entries(seen).flatMap(([place, text]) =>
    [...secrets]
      .filter((secret) => text.includes(secret) && !kept(place, secret))
      .map((secret) => `${place}: ${secret}`),
  )
  expect(leaks).toEqual([])
})
