import { describe, expect, it } from 'vitest'
import { AWS, AZURE, refusal, start, TOKENS } from '../support/world.ts'

describe('an operation of the vendor that is not emulated', () => {
  it.each([
    ['POST', '/api/v1/cckm/azure/upload-key'],
    ['GET', '/v1/cckm/aws/keys/x/rotations'],
    ['POST', '/api/v1/cckm/azure/certificates'],
    ['GET', '/api/v1/cckm/azure/bulkjob'],
    ['GET', '/api/v1/cckm/aws/bulkjobs'],
    ['GET', `/api/v1${AZURE}/x/y`],
    ['POST', `/api/v1${AZURE}/x/cancel/now`],
    ['DELETE', '/api/v1/vault/keys2/x'],
    ['GET', '/api/v1'],
    ['GET', '/api/v1/'],
    ['GET', '/api/v2/cckm/azure/bulkjobs'],
    ['GET', '/api/v1/__proto__'],
    ['GET', `/api/v1/${'x'.repeat(5000)}`],
    ['PUT', '/v1/nothing?limit=1'],
    ['TRACE', '/v1/nothing'],
  ] as const)('answers 501 and names the ledger without a token: %s %s', async (method, url) => {
    const { anyone } = await start()
    const answer = await anyone.send(method, url)
    const message = refusal(answer, 501)
    expect(message).toMatch(new RegExp(`^${method} /`))
    expect(message).toContain('/docs/fidelity')
    expect(message).not.toContain('limit=1')
    expect(message).not.toContain('Not emulated')
    expect(answer.hint).toContain('/docs/fidelity')
  })

  it('answers 501 to any body', async () => {
    const { anyone } = await start()
    refusal(await anyone.post('/cckm/azure/upload-key', '{not json', { 'content-type': 'application/json' }), 501)
    refusal(await anyone.post('/cckm/azure/upload-key', { large: 'x'.repeat(100_000) }), 501)
  })
})

describe('a path similar to an emulated one', () => {
  it.each([
    ['GET', '/api/v1/cckm/aws/bulkjobs', '/api/v1/cckm/aws/bulkjob'],
    ['POST', '/v1/cckm/aws/bulkjobs', '/api/v1/cckm/aws/bulkjob'],
    ['GET', '/api/v1/cckm/azure/bulkjob', '/api/v1/cckm/azure/bulkjobs'],
    ['GET', '/api/v1/cckm/azure/bulk-jobs/', '/api/v1/cckm/azure/bulkjobs'],
    ['GET', '/api/v1/CCKM/AWS/BulkJob', '/api/v1/cckm/aws/bulkjob'],
    ['GET', '/api/v1/cckm/aws/bulkjobs/k%2F1', '/api/v1/cckm/aws/bulkjob/k%2F1'],
    ['POST', '/api/v1/cckm/azure/bulkjob/x/cancel', '/api/v1/cckm/azure/bulkjobs/x/cancel'],
    ['POST', '/api/v1/cckm/aws/bulkjob/x/cancle', '/api/v1/cckm/aws/bulkjob/x/cancel'],
    ['GET', '/api/v1/cckm/aws/bulkjobs?limit=1', '/api/v1/cckm/aws/bulkjob'],
    ['POST', '/api/v1/auth/token', '/api/v1/auth/tokens'],
    ['GET', '/api/v2/system/info', '/api/v1/system/info'],
    ['GET', '/api/v1/info', '/api/v1/system/info'],
    ['GET', '/api/cckm/aws/bulkjob', '/api/v1/cckm/aws/bulkjob'],
  ] as const)('answers 501 and suggests the similar path: %s %s', async (method, url, near) => {
    const { anyone } = await start()
    expect(refusal(await anyone.send(method, url), 501)).toContain(`(did you mean ${near}?)`)
  })

  it.each([
    ['/cckm/aws/bulkjob', '/api/v1/cckm/aws/bulkjob'],
    ['/healthy', '/healthz'],
  ])('answers 404 outside the vendor’s API and suggests the similar path: %s', async (url, near) => {
    const { anyone } = await start()
    expect(refusal(await anyone.send('GET', url), 404)).toBe(`did you mean ${near}?`)
  })

  it.each([
    '/api/v1',
    '/api/v1/auth/x',
    '/api/v1/cckm/azure/keys/x/download-public-key',
    '/api/v1/cckm/gcp/bulkjob',
    `/api/v1/${'x/'.repeat(9000)}`,
  ])('suggests nothing for a path without a similar one: %.40s', async (url) => {
    const { anyone } = await start()
    expect(refusal(await anyone.send('GET', url), 501)).not.toContain('did you mean')
  })

  it('does not suggest the path itself for an unknown method', async () => {
    const { anyone } = await start()
    const answer = await anyone.send('PROPFIND', `/api/v1${AWS}`)
    expect([answer.status, answer.text.includes('did you mean')]).toEqual([501, false])
  })
})

it.each(['/', '/index.html', '/favicon.ico', '/apis', '/v1x', '/healthz/x', '/%zz'])(
  'answers 404 to a path that the vendor does not have: %s',
  async (url) => {
    const { anyone } = await start()
    expect(refusal(await anyone.send('GET', url), 404)).toBe('Resource not found')
  },
)

describe('a method that a path does not support', () => {
  it.each([
    ['PUT', AZURE, 'GET, POST, HEAD, OPTIONS'],
    ['PATCH', AZURE, 'GET, POST, HEAD, OPTIONS'],
    ['DELETE', AZURE, 'GET, POST, HEAD, OPTIONS'],
    ['TRACE', AZURE, 'GET, POST, HEAD, OPTIONS'],
    ['PUT', `${AZURE}/x`, 'GET, POST, DELETE, HEAD, OPTIONS'],
    ['GET', `${AZURE}/x/cancel`, 'POST, OPTIONS'],
    ['HEAD', `${AZURE}/x/cancel`, 'POST, OPTIONS'],
    ['DELETE', `${AWS}/x`, 'GET, HEAD, OPTIONS'],
    ['POST', `${AWS}/x`, 'GET, HEAD, OPTIONS'],
    ['DELETE', TOKENS, 'POST, GET, HEAD, OPTIONS'],
    ['GET', '/auth/revoke', 'POST, OPTIONS'],
    ['POST', '/auth/jwks.json', 'GET, HEAD, OPTIONS'],
    ['PATCH', '/system/info', 'GET, HEAD, OPTIONS'],
    ['POST', '/cluster', 'GET, HEAD, OPTIONS'],
  ] as const)('answers 405 with Allow without a token: %s %s', async (method, path, allow) => {
    const { anyone } = await start()
    const answer = await anyone.send(method, `/api/v1${path}`, { body: '{not json' })
    expect(answer.headers.allow).toBe(allow)
    if (method === 'HEAD') expect(answer.status).toBe(405)
    else expect(refusal(answer, 405)).toBe(`this path takes ${allow}`)
    const options = await anyone.send('OPTIONS', `/api/v1${path}`)
    expect([options.status, options.headers.allow]).toEqual([204, allow])
  })
})

it('answers health checks without a token', async () => {
  const { anyone } = await start()
  for (const url of ['/healthz', '/readyz', '/healthz/', '//readyz']) {
    const answer = await anyone.send('GET', url)
    expect([answer.status, answer.json]).toEqual([200, { status: 'ok' }])
  }
})
