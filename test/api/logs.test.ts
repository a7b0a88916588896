import { expect, it } from 'vitest'
import { runCli, startCli } from '../cli/run-cli.ts'
import { AZURE, DOCUMENTED_AZURE_ID, UUID } from '../support/world.ts'
import { exchange, open } from '../support/raw.ts'

const PASSWORD = 'correct-horse-battery'

interface Line {
  readonly msg: string
  readonly id?: string
  readonly operation?: string
  readonly domain?: string
  readonly job?: string
  readonly method?: string
  readonly status?: number
  readonly durationMs?: number
}

/** A running command with a JSON log, a way to call it, and a way to stop it and read all that it wrote. */
async function begin(...args: string[]) {
  const { ready, child, ended } = await startCli(['--user', `admin:${PASSWORD}:admin`, '--log-format', 'json', ...args])
  const call = async (
    method: string,
    path: string,
    init: RequestInit = {},
  ): Promise<{ status: number; text: string }> => {
    const answer = await fetch(`${ready.url}/api/v1${path}`, { method, ...init })
    return { status: answer.status, text: await answer.text() }
  }
  const stop = async (): Promise<{ output: string; requests: Line[] }> => {
    child.kill('SIGTERM')
    const { stdout, stderr } = await ended
    const lines = stdout.split('\n').filter((line) => line.startsWith('{'))
    const requests = lines.map((line) => JSON.parse(line) as Line).filter(({ msg }) => msg === 'request')
    return { output: stdout + stderr, requests }
  }
  const signIn = async (): Promise<{ jwt: string; refresh_token: string }> => {
    const body = JSON.stringify({ username: 'admin', password: PASSWORD, domain: 't-42' })
    return JSON.parse((await call('POST', '/auth/tokens', { body })).text) as { jwt: string; refresh_token: string }
  }
  return { ready, call, signIn, stop }
}

it('logs one line a request: what happened, to which job, in which domain, and how long it took', async () => {
  const { call, signIn, stop } = await begin()
  const { jwt } = await signIn()
  const headers = { authorization: `Bearer ${jwt}` }
  const created = await call('POST', AZURE, { headers, body: '{"operation":"delete-key-backups"}' })
  const { id } = JSON.parse(created.text) as { id: string }
  await call('GET', `${AZURE}/${id}?x=1`, { headers })
  const refused = await call('GET', `${AZURE}/${DOCUMENTED_AZURE_ID}`)
  await call('PUT', AZURE)
  await call('GET', '/cckm/nothing')
  await call('GET', `${AZURE}/%zz`)
  const { requests } = await stop()

  expect(
    requests.map(({ operation, method, status, domain, job }) => [operation, method, status, domain, job]),
  ).toEqual([
    ['auth.tokens.create', 'POST', 200, 't-42', undefined],
    ['azure.bulkjobs.create', 'POST', 201, 't-42', undefined],
    ['azure.bulkjobs.get', 'GET', 200, 't-42', id],
    ['azure.bulkjobs.get', 'GET', 401, 'root', DOCUMENTED_AZURE_ID],
    ['unknown', 'PUT', 405, 'root', undefined],
    ['unknown', 'GET', 501, 'root', undefined],
    ['unknown', 'GET', 404, 'root', undefined],
  ])
  for (const line of requests) {
    expect(line.id).toMatch(UUID)
    expect(line.durationMs).toBeGreaterThanOrEqual(0)
  }
  expect(requests[3]!.id).toBe((JSON.parse(refused.text) as { requestID: string }).requestID)
})

it.each(['info', 'trace'])('never logs a token, password or refresh token at level %s', async (level) => {
  const { ready, call, signIn, stop } = await begin('--log-level', level)
  const { jwt, refresh_token } = await signIn()
  const headers = { authorization: `Bearer ${jwt}`, 'content-type': 'application/json' }
  const secrets = JSON.stringify({ jwt, refresh_token, password: PASSWORD })
  const escaped = encodeURIComponent(PASSWORD)

  // In its place, in the wrong place, and in what cannot be read.
  await call('GET', AZURE, { headers })
  await call('GET', `${AZURE}?token=${jwt}&password=${escaped}&refresh_token=${refresh_token}`, { headers })
  await call('GET', `/nothing?token=${jwt}&password=${escaped}`, { headers })
  await call('GET', `${AZURE}/%zz?token=${jwt}&password=${escaped}`, { headers })
  await call('POST', AZURE, { headers, body: `${secrets},` })
  await call('POST', AZURE, { headers, body: secrets })
  await call('POST', '/auth/tokens', { body: `{"username":"admin","password":"${PASSWORD}` })
  await call('POST', '/auth/tokens', { body: JSON.stringify({ username: PASSWORD, password: PASSWORD }) })
  await call('POST', '/auth/tokens', { body: JSON.stringify({ username: 'admin', password: [PASSWORD] }) })
  await call('POST', '/auth/tokens', { body: JSON.stringify({ grant_type: 'refresh_token', refresh_token }) })
  await call('POST', '/auth/revoke', { headers, body: JSON.stringify({ token: refresh_token }) })
  await call('GET', AZURE, { headers: { authorization: `Bearer ${jwt}x` } })
  await exchange(open({ ...ready, host: '127.0.0.1', httpsUrl: undefined }), [
    `GET /${PASSWORD} HTTP/9.9`,
    `Authorization: Bearer ${jwt}`,
  ])
  await call('POST', '/auth/logout', { headers })
  await call('GET', AZURE, { headers })
  const { output, requests } = await stop()

  expect(requests.length).toBeGreaterThan(12)
  for (const secret of [PASSWORD, jwt, jwt.split('.')[1]!, jwt.split('.')[2]!, refresh_token])
    expect(output).not.toContain(secret)
})

it('logs nothing at level silent, and does not quote a user with a bad password', async () => {
  const { call, stop } = await begin('--log-level', 'silent')
  await call('GET', AZURE)
  expect((await stop()).requests).toEqual([])
  const { code, stdout, stderr } = await runCli(['--user', `admin:${PASSWORD}:a:b`])
  expect(code).toBe(2)
  expect(stdout + stderr).not.toContain(PASSWORD)
})
