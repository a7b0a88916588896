// The harness of all tests that use the public door: an emulator, its domains, and a client for each API. `const {
// vendor, control } = await openWorld()`, then `await vendor.post(AWS, enable('k'))`.

import { fileURLToPath } from 'node:url'
import type { InjectOptions } from 'fastify'
import { SignJWT } from 'jose'
import { expect, onTestFinished } from 'vitest'
import {
  createEmulator,
  type DomainAccess,
  type DomainHandle,
  type Emulator,
  type EmulatorOptions,
  type InjectResponse,
} from '../../src/index.ts'

export const AZURE = '/cckm/azure/bulkjobs'
export const AWS = '/cckm/aws/bulkjob'
export const TOKENS = '/auth/tokens'

/** The instant of the frozen clock in most tests. */
export const NOW = '2026-01-01T00:00:00Z'

/** A known signing secret, so that tests can sign tokens. */
export const SECRET = 'a secret of thirty-two characters'

export const DOCUMENTED_SEED = fileURLToPath(new URL('../../fixtures/seeds/documented.json', import.meta.url))
export const SHIPPED_SEEDS = fileURLToPath(new URL('../../fixtures/seeds', import.meta.url))
export const DOCUMENTED_AZURE_ID = 'ee4482eb-0b97-4702-8ef6-7e86df66eaa5'
export const DOCUMENTED_AWS_ID = 'e612b64f-6364-48ce-92ec-c6dd608d7ad0'

export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

export type Headers = Readonly<Record<string, string>>
export type Payload = InjectOptions['payload']

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

/** A response, with its body in the types that tests expect. */
export class Answer {
  readonly status: number
  readonly headers: InjectResponse['headers']
  readonly text: string
  readonly bytes: Buffer

  constructor({ statusCode, headers, body, rawPayload }: InjectResponse) {
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

/** Sends requests as one caller. All but `send` take paths below the base path of the caller's API. */
export interface Caller {
  readonly get: (path: string, headers?: Headers) => Promise<Answer>
  readonly post: (path: string, body?: Payload, headers?: Headers) => Promise<Answer>
  readonly put: (path: string, body?: Payload, headers?: Headers) => Promise<Answer>
  readonly delete: (path: string, headers?: Headers) => Promise<Answer>
  readonly request: (method: string, path: string, options?: SendOptions) => Promise<Answer>
  /** Any URL of the server, with the caller's token. */
  readonly send: (method: string, url: string, options?: SendOptions) => Promise<Answer>
}

export interface SendOptions {
  readonly body?: Payload
  readonly headers?: Headers
}

/** An emulator, and clients of its vendor API. */
export interface Running {
  readonly emulator: Emulator
  /** The vendor's API with this token. */
  readonly as: (jwt: string) => Caller
  /** The vendor's API without a token. */
  readonly anyone: Caller
  /** The vendor's API as admin in the root domain. */
  readonly admin: Caller
  /** POST /auth/tokens. */
  readonly signIn: (body: object, headers?: Headers) => Promise<Answer>
  /** A client after a sign-in, by default admin's. */
  readonly signedIn: (body?: object) => Promise<Caller>
}

export interface TestDomain {
  readonly name: string
  /** The response of `PUT /__admin/domains/{name}`. */
  readonly access: DomainAccess
  /** The domain handle of the library. */
  readonly handle: DomainHandle
  /** The vendor's API below `/api/v1`, as an administrator of the domain. */
  readonly vendor: Caller
  /** The domain's part of the control API. */
  readonly control: Caller
}

export interface TestWorld extends Running, TestDomain {
  /** The server's part of the control API; with the admin token if there is one. */
  readonly server: Caller
  /** The same with another admin token. */
  readonly serverAs: (bearer: string) => Caller
  /** Creates another domain. `request` is the body of the PUT. */
  readonly enter: (name: string, request?: object) => Promise<TestDomain>
}

/** An emulator that stops with the test, with clocks frozen at `NOW` and the random seed 42. */
export async function start(options: EmulatorOptions = {}): Promise<Running> {
  const emulator = await createEmulator({ clock: `frozen@${NOW}`, randomSeed: 42, ...options })
  onTestFinished(() => emulator.close())
  const anyone = callerOf(emulator, '/api/v1')
  const as = (jwt: string): Caller => callerOf(emulator, '/api/v1', { authorization: `Bearer ${jwt}` })
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

/** The same without seeds, and with a domain of its own, `t-1`. */
export async function openWorld(options: EmulatorOptions = {}): Promise<TestWorld> {
  const running = await start({ seed: 'none', ...options })
  const { emulator } = running
  const serverAs = (bearer: string): Caller => callerOf(emulator, '/__admin', { authorization: `Bearer ${bearer}` })
  const { adminToken } = options
  const server = typeof adminToken === 'string' ? serverAs(adminToken) : callerOf(emulator, '/__admin')

  async function enter(name: string, request: object = {}): Promise<TestDomain> {
    const answer = await server.put(`/domains/${encodeURIComponent(name)}`, request)
    expect([200, 201], answer.text).toContain(answer.status)
    const access = answer.json as DomainAccess
    const control = under(server, `/domains/${encodeURIComponent(name)}`)
    return { name, access, handle: emulator.domain(name), vendor: running.as(access.jwt), control }
  }

  return { ...running, server, serverAs, enter, ...(await enter('t-1')) }
}

/** A caller over `emulator.inject`. Fails the test on a 500: no input may cause an unexpected error. */
export function callerOf(emulator: Emulator, base = '', own: Headers = {}): Caller {
  const send: Caller['send'] = async (method, url, { body, headers } = {}) => {
    const answer = new Answer(
      await emulator.inject({
        method: method,
        url,
        headers: { ...own, ...headers },
        ...(body !== undefined && { payload: body }),
      }),
    )
    expect(answer.status, answer.text).not.toBe(500)
    return answer
  }
  return callerOver(send, (method, path, options) => send(method, base + path, options))
}

function callerOver(send: Caller['send'], request: Caller['request']): Caller {
  const withBody =
    (method: string) =>
    (path: string, body?: Payload, headers: Headers = {}): Promise<Answer> =>
      request(method, path, { headers, ...(body !== undefined && { body }) })
  return {
    send,
    request,
    get: (path, headers = {}) => request('GET', path, { headers }),
    post: withBody('POST'),
    put: withBody('PUT'),
    delete: (path, headers = {}) => request('DELETE', path, { headers }),
  }
}

function under({ send, request }: Caller, prefix: string): Caller {
  return callerOver(send, (method, path, options) => request(method, prefix + path, options))
}

/** The body of an AWS create that enables these keys. */
export const enable = (...keys: string[]): { keys: string[]; operation: string } => ({ keys, operation: 'enablekey' })

/** The body of an Azure create that deletes these backups. */
export const deleteBackups = (...backups: string[]): object => ({
  operation: 'delete-key-backups',
  ...(backups.length > 0 && { delete_key_backups_param: { backups } }),
})

/** The vendor's errors by status (CM's numbers and labels up to 16; above, the emulator's own). */
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

/** Expects an error in the vendor's shape; returns its message. */
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

/** The claims of a token, without verification. */
export function claimsOf(jwt: string): WireClaims {
  const [, payload = ''] = jwt.split('.')
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as WireClaims
}

/** A token with these claims and header, and an invalid signature. */
export function unsigned(claims: unknown, header: object = { alg: 'HS256', typ: 'JWT' }, signature = 'c2ln'): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part(header)}.${part(claims)}.${signature}`
}

/** Signs claims like an emulator with `jwtSecret: SECRET`. */
export function signed(claims: Record<string, unknown>, secret = SECRET): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).sign(new TextEncoder().encode(secret))
}
