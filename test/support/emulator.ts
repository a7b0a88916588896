// An emulator for one test, and clients that read like sentences: `await admin.get('/cckm/azure/bulkjobs')`.

import { fileURLToPath } from 'node:url'
import type { InjectOptions, LightMyRequestResponse } from 'fastify'
import { SignJWT } from 'jose'
import { expect, onTestFinished } from 'vitest'
import { createEmulator, type Emulator, type EmulatorOptions } from '../../src/index.ts'

export const AZURE = '/cckm/azure/bulkjobs'
export const AWS = '/cckm/aws/bulkjob'
export const TOKENS = '/auth/tokens'

/** What the frozen clock of most tests shows. */
export const NOW = '2026-01-01T00:00:00Z'

/** A signing secret that a test knows, so that it can sign tokens of its own. */
export const SECRET = 'a secret of thirty-two characters'

export const DOCUMENTED_SEED = fileURLToPath(new URL('../../fixtures/seeds/documented.json', import.meta.url))
export const SHIPPED_SEEDS = fileURLToPath(new URL('../../fixtures/seeds', import.meta.url))
export const DOCUMENTED_AZURE_ID = 'ee4482eb-0b97-4702-8ef6-7e86df66eaa5'
export const DOCUMENTED_AWS_ID = 'e612b64f-6364-48ce-92ec-c6dd608d7ad0'

export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

type Headers = Readonly<Record<string, string>>
type Method = NonNullable<InjectOptions['method']>

export interface WireJob {
  readonly id: string
  readonly uri: string
  readonly account: string
  readonly createdAt: string
  readonly updatedAt: string
  readonly completed_at?: string
  readonly overall_status: string
  readonly detailed_status?: Readonly<Record<string, string>>
  readonly abort: boolean
  readonly cloud: string
  readonly keys?: readonly string[]
  readonly operation: string
}

export interface WirePage {
  readonly skip: number
  readonly limit: number
  readonly total: number
  readonly resources: readonly WireJob[]
}

export interface WireError {
  readonly code: number
  readonly codeDesc: string
  readonly message: string
  readonly requestID: string
}

export interface WireToken {
  readonly jwt: string
  readonly duration: number
  readonly token_type: string
  readonly client_id: string
  readonly refresh_token_id: string
  readonly refresh_token: string
  readonly refresh_token_expires_in?: number
}

export interface WireClaims extends Record<string, unknown> {
  readonly preferred_username: string
  readonly cust: Readonly<Record<string, unknown>>
  readonly jwtid: string
  readonly iat: number
  readonly exp: number
}

/** An answer, and its body as what it is known to be. */
export class Answer {
  readonly status: number
  readonly headers: LightMyRequestResponse['headers']
  readonly text: string
  readonly bytes: Buffer

  constructor({ statusCode, headers, body, rawPayload }: LightMyRequestResponse) {
    this.status = statusCode
    this.headers = headers
    this.text = body
    this.bytes = rawPayload
  }

  get json(): unknown {
    return JSON.parse(this.text) as unknown
  }

  get job(): WireJob {
    return this.json as WireJob
  }

  get page(): WirePage {
    return this.json as WirePage
  }

  get ids(): string[] {
    return this.page.resources.map(({ id }) => id)
  }

  get error(): WireError {
    return this.json as WireError
  }

  get token(): WireToken {
    return this.json as WireToken
  }

  get hint(): string {
    return String(this.headers['x-emulator-hint'] ?? '')
  }

  get domain(): string {
    return String(this.headers['x-emulator-domain'])
  }
}

/** Sends requests as one caller; paths are those below `/api/v1`. */
export interface Client {
  get: (path: string, headers?: Headers) => Promise<Answer>
  post: (path: string, body?: InjectOptions['payload'], headers?: Headers) => Promise<Answer>
  delete: (path: string, headers?: Headers) => Promise<Answer>
  send: (method: Method, url: string, options?: Pick<InjectOptions, 'headers' | 'payload'>) => Promise<Answer>
}

export interface Running {
  readonly emulator: Emulator
  /** A client that shows this token. */
  as: (jwt: string) => Client
  /** A client that shows none. */
  readonly anyone: Client
  /** Admin in the root domain. */
  readonly admin: Client
  /** POST /auth/tokens. */
  signIn: (body: object, headers?: Headers) => Promise<Answer>
  /** The client of a sign-in, admin's unless said otherwise. */
  signedIn: (body?: object) => Promise<Client>
}

/** Starts an emulator that ends with the test: nothing in it, its clock frozen, the random seed 42. */
export async function start(options: EmulatorOptions = {}): Promise<Running> {
  const emulator = await createEmulator({ clock: `frozen@${NOW}`, randomSeed: 42, ...options })
  onTestFinished(() => emulator.close())
  const anyone = clientOf(emulator)
  const as = (jwt: string): Client => clientOf(emulator, { authorization: `Bearer ${jwt}` })
  const signIn = (body: object, headers: Headers = {}): Promise<Answer> => anyone.post(TOKENS, body, headers)
  return {
    emulator,
    as,
    anyone,
    admin: as(await emulator.token()),
    signIn,
    signedIn: async (body = { username: 'admin', password: 'admin' }) => as((await signIn(body)).token.jwt),
  }
}

function clientOf(emulator: Emulator, own: Headers = {}): Client {
  const send: Client['send'] = async (method, url, { headers, ...rest } = {}) => {
    const answer = new Answer(await emulator.inject({ method, url, headers: { ...own, ...headers }, ...rest }))
    // Nothing that a client sends may end in an error that nobody foresaw.
    expect(answer.status, answer.text).not.toBe(500)
    return answer
  }
  return {
    send,
    get: (path, headers = {}) => send('GET', `/api/v1${path}`, { headers }),
    post: (path, payload, headers = {}) =>
      send('POST', `/api/v1${path}`, { headers, ...(payload !== undefined && { payload }) }),
    delete: (path, headers = {}) => send('DELETE', `/api/v1${path}`, { headers }),
  }
}

/** What is known of the vendor's refusals, by status (CM's numbers and labels up to 16; above, the emulator's own). */
const VENDOR: Readonly<Record<number, readonly [code: number, codeDesc: string]>> = {
  400: [15, 'NCERRBadRequest: Bad HTTP request'],
  401: [5, 'NCERRUnauthorizedAccess'],
  403: [403, 'NCERRInsufficientPermissions'],
  404: [16, 'NCERRResourceNotFound: Resource not found'],
  405: [405, 'NCERRMethodNotAllowed: Method not allowed'],
  409: [409, 'NCERRConflict: Conflict'],
  413: [413, 'NCERRRequestTooLarge: Request body too large'],
  415: [415, 'NCERRUnsupportedMediaType: Unsupported media type'],
  417: [417, 'NCERRExpectationFailed: Expectation failed'],
  429: [429, 'NCERRTooManyRequests: Too many requests'],
  501: [501, 'NCERRNotImplemented: Not emulated'],
}

/** Checks that an answer is a refusal in the vendor's shape, and gives its message. */
export function refusal(answer: Answer, status: number): string {
  expect(answer.status, answer.text).toBe(status)
  expect(answer.headers['content-type']).toBe('application/json; charset=utf-8')
  const { error } = answer
  expect(Object.keys(error)).toEqual(['code', 'codeDesc', 'message', 'requestID'])
  expect([error.code, error.codeDesc]).toEqual(VENDOR[status])
  expect(error.requestID).toMatch(UUID)
  expect(answer.headers['x-emulator-request-id']).toBe(error.requestID)
  return error.message
}

/** The claims of a token, its signature not looked at. */
export function claimsOf(jwt: string): WireClaims {
  const [, payload = ''] = jwt.split('.')
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as WireClaims
}

/** A token with these claims and header, unsigned. */
export function unsigned(claims: unknown, header: object = { alg: 'HS256', typ: 'JWT' }, signature = 'c2ln'): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part(header)}.${part(claims)}.${signature}`
}

/** Signs claims as an emulator that was started with `jwtSecret: SECRET` does. */
export function signed(claims: Record<string, unknown>, secret = SECRET): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).sign(new TextEncoder().encode(secret))
}
