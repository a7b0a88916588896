// The harness of all tests that go through the public door: an emulator, one domain of it, and a client for each of its
// APIs. `const { vendor, control } = await openWorld()`, then `await vendor.post(AWS, enable('k'))`.

import type { InjectOptions } from 'fastify'
import { expect, onTestFinished } from 'vitest'
import {
  createEmulator,
  type DomainAccess,
  type DomainHandle,
  type Emulator,
  type EmulatorOptions,
} from '../../src/index.ts'
import { Answer, NOW } from './emulator.ts'

export { Answer, AWS, AZURE, NOW, TOKENS, refusal } from './emulator.ts'

export type Headers = Readonly<Record<string, string>>
export type Payload = InjectOptions['payload']

/** Sends requests as one caller to one API; paths are relative to that API's base path. */
export interface Caller {
  readonly get: (path: string, headers?: Headers) => Promise<Answer>
  readonly post: (path: string, body?: Payload, headers?: Headers) => Promise<Answer>
  readonly put: (path: string, body?: Payload, headers?: Headers) => Promise<Answer>
  readonly delete: (path: string, headers?: Headers) => Promise<Answer>
  readonly send: (method: string, path: string, options?: SendOptions) => Promise<Answer>
}

export interface SendOptions {
  readonly body?: Payload
  readonly headers?: Headers
}

export interface TestDomain {
  readonly name: string
  /** The answer of `PUT /__admin/domains/{name}`. */
  readonly access: DomainAccess
  /** The domain as the library's users drive it. */
  readonly handle: DomainHandle
  /** The vendor's API below `/api/v1`, as an administrator of the domain. */
  readonly vendor: Caller
  /** The domain's part of the control API. */
  readonly control: Caller
}

export interface TestWorld extends TestDomain {
  readonly emulator: Emulator
  /** The vendor's API without a token. */
  readonly anyone: Caller
  /** The vendor's API with this token. */
  readonly as: (jwt: string) => Caller
  /** The server's part of the control API; with a CM token if one is given, else with the admin token if there is one. */
  readonly server: Caller
  readonly serverAs: (bearer: string) => Caller
  /** Makes another domain. `request` is the body of the PUT. */
  readonly enter: (name: string, request?: object) => Promise<TestDomain>
}

/** An emulator that ends with the test, without seeds, random seed 42, its clocks frozen at `NOW`; in it the domain `t-1`. */
export async function openWorld(options: EmulatorOptions = {}): Promise<TestWorld> {
  const emulator = await createEmulator({ seed: 'none', clock: `frozen@${NOW}`, randomSeed: 42, ...options })
  onTestFinished(() => emulator.close())
  const serverAs = (bearer: string): Caller => callerOf(emulator, '/__admin', { authorization: `Bearer ${bearer}` })
  const { adminToken } = options
  const server = typeof adminToken === 'string' ? serverAs(adminToken) : callerOf(emulator, '/__admin')
  const as = (jwt: string): Caller => callerOf(emulator, '/api/v1', { authorization: `Bearer ${jwt}` })

  async function enter(name: string, request: object = {}): Promise<TestDomain> {
    const answer = await server.put(`/domains/${encodeURIComponent(name)}`, request)
    expect([200, 201], answer.text).toContain(answer.status)
    const access = answer.json as DomainAccess
    const below = (caller: Caller): Caller => under(caller, `/domains/${encodeURIComponent(name)}`)
    return { name, access, handle: emulator.domain(name), vendor: as(access.jwt), control: below(server) }
  }

  const anyone = callerOf(emulator, '/api/v1')
  return { emulator, anyone, as, server, serverAs, enter, ...(await enter('t-1')) }
}

/** A caller over `emulator.inject`. Fails the test on a 500: no input may cause an unexpected error. */
export function callerOf(emulator: Emulator, base = '', own: Headers = {}): Caller {
  return callerOver(async (method, path, { body, headers } = {}) => {
    const answer = new Answer(
      await emulator.inject({
        method,
        url: base + path,
        headers: { ...own, ...headers },
        ...(body !== undefined && { payload: body }),
      }),
    )
    expect(answer.status, answer.text).not.toBe(500)
    return answer
  })
}

function callerOver(send: Caller['send']): Caller {
  const withBody =
    (method: string) =>
    (path: string, body?: Payload, headers: Headers = {}): Promise<Answer> =>
      send(method, path, { headers, ...(body !== undefined && { body }) })
  return {
    send,
    get: (path, headers = {}) => send('GET', path, { headers }),
    post: withBody('POST'),
    put: withBody('PUT'),
    delete: (path, headers = {}) => send('DELETE', path, { headers }),
  }
}

function under({ send }: Caller, prefix: string): Caller {
  return callerOver((method, path, options) => send(method, prefix + path, options))
}

/** The body of an AWS create that enables these keys. */
export const enable = (...keys: string[]): { keys: string[]; operation: string } => ({ keys, operation: 'enablekey' })

/** The body of an Azure create that deletes these backups. */
export const deleteBackups = (...backups: string[]): object => ({
  operation: 'delete-key-backups',
  ...(backups.length > 0 && { delete_key_backups_param: { backups } }),
})
