import { fc } from '../support/fast-check.ts'
import { expect, it } from 'vitest'
import { AWS, AZURE, start, TOKENS, unsigned, type Answer } from '../support/world.ts'

// No input causes an unexpected error. The helper refuses every 500; other 5xx are looked for here.

const RUNS = { numRuns: 150 }
const JSON_TYPE = { 'content-type': 'application/json' }

const BODY_PATHS = [AZURE, AWS, `${AZURE}/x/cancel`, TOKENS, '/auth/revoke', '/auth/logout'] as const
const path = fc.constantFrom(...BODY_PATHS)

/** Expects the vendor's shape if it is a refusal, and no server error. */
function isForeseen(answer: Answer): void {
  expect(answer.status === 501 || answer.status < 500, `${answer.status} ${answer.text}`).toBe(true)
  if (answer.status < 400 || answer.text === '') return
  expect(Object.keys(answer.error)).toEqual(['code', 'codeDesc', 'message', 'requestID'])
  expect(answer.headers['x-emulator-request-id']).toBe(answer.error.requestID)
}

/** JSON that looks like a request: known fields with values of any type. */
const request = fc.dictionary(
  fc.constantFrom(
    ...['operation', 'keys', 'days', 'policy_template_id', 'delete_key_backups_param', 'backups', 'created_after'],
    ...['key_id', 'vault_id', 'grant_type', 'username', 'password', 'domain', 'connection', 'refresh_token', 'labels'],
    ...['refresh_token_lifetime', 'renew_refresh_token', 'token', 'client_id', 'client_secret', 'constructor'],
  ),
  fc.oneof(
    fc.constantFrom('enablekey', 'schedulekeydeletion', 'delete-key-backups', 'admin', 'password', 'client_credential'),
    fc.jsonValue({ maxDepth: 3 }),
    fc.array(fc.string({ unit: 'binary' })),
    fc.double(),
  ),
)

it('answers random bytes as a body without a server error', async () => {
  const { admin } = await start()
  const property = fc.asyncProperty(path, fc.uint8Array({ maxLength: 200 }), async (to, bytes) =>
    isForeseen(await admin.post(to === '/auth/logout' ? AZURE : to, Buffer.from(bytes), JSON_TYPE)),
  )
  await fc.assert(property, RUNS)
})

it('answers random JSON as a body without a server error', async () => {
  const { admin } = await start()
  const property = fc.asyncProperty(
    path,
    fc.oneof(
      fc.json(),
      request.map((body) => JSON.stringify(body)),
    ),
    async (to, body) => isForeseen(await admin.post(to === '/auth/logout' ? AZURE : to, body, JSON_TYPE)),
  )
  await fc.assert(property, { numRuns: 400 })
})

it('answers random paths without a server error', async () => {
  const { admin } = await start()
  const method = fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE')
  const segment = fc.oneof(
    fc.webSegment(),
    fc.string({ unit: 'binary', minLength: 1 }).map((text) => encodeURIComponent(text.toWellFormed())),
    fc.constantFrom('..', '.', '%', '%2', '%ff', '%00', '~', 'bulkjobs', 'bulkjob', 'cancel', '__proto__', ':id', '*'),
  )
  const prefix = fc.constantFrom('/', '/api/v1/', '/v1/cckm/azure/', `/api/v1${AZURE}/`, `/v1${AWS}/`, '/api/v1/auth/')
  const property = fc.asyncProperty(method, prefix, fc.array(segment, { maxLength: 4 }), async (verb, start, rest) =>
    isForeseen(await admin.send(verb, start + rest.join('/'))),
  )
  await fc.assert(property, { numRuns: 400 })
})

it('answers random queries without a server error', async () => {
  const { admin } = await start()
  await admin.post(AWS, { operation: 'enablekey', keys: ['k'] })
  const name = fc.constantFrom(
    'skip',
    'limit',
    'sort',
    'id',
    'overall_status',
    'cloud',
    'operation',
    'labels',
    'user_id',
  )
  const value = fc.oneof(
    fc.integer().map(String),
    fc.string({ unit: 'binary' }),
    fc.constantFrom('-id', 'createdAt', '-1'),
  )
  const query = fc
    .array(fc.tuple(fc.oneof(name, fc.string()), value), { maxLength: 5 })
    .map((pairs) => pairs.map(([key, text]) => `${key}=${encodeURIComponent(text.toWellFormed())}`).join('&'))
  const property = fc.asyncProperty(fc.constantFrom(AZURE, AWS, TOKENS), query, async (to, text) =>
    isForeseen(await admin.get(`${to}?${encodeURI(text.toWellFormed())}`)),
  )
  await fc.assert(property, { numRuns: 300 })
})

it.each(['strict', 'any', 'off'] as const)(
  'answers random tokens without a server error with --auth %s',
  async (auth) => {
    const { anyone } = await start({ auth: { mode: auth } })
    const claims = fc.record(
      {
        iss: fc.oneof(fc.constant('kylo'), fc.jsonValue()),
        cust: fc.oneof(fc.record({ domain_id: fc.jsonValue(), groups: fc.jsonValue() }), fc.jsonValue()),
        preferred_username: fc.jsonValue(),
        jwtid: fc.jsonValue(),
        exp: fc.oneof(fc.double(), fc.jsonValue()),
        iat: fc.jsonValue(),
      },
      { requiredKeys: [] },
    )
    const token = fc.oneof(
      claims.map((each) => unsigned(each)),
      fc.jsonValue().map((each) => unsigned(each)),
      fc.base64String(),
    )
    const property = fc.asyncProperty(
      fc.constantFrom('/auth/self/user', AZURE, AWS, TOKENS),
      token,
      async (to, jwt) => {
        isForeseen(await anyone.get(to, { authorization: `Bearer ${jwt}` }))
        isForeseen(await anyone.post('/auth/revoke', { token: jwt }))
      },
    )
    await fc.assert(property, RUNS)
  },
)
