// The control API for its tests: method, path, body. A layer over the harness.

import type { DomainAccess, EmulatorOptions } from '../../src/index.ts'
import { callerOf, enable, start as startEmulator, AWS as JOBS, type Headers } from '../support/world.ts'

export { enable, JOBS }

export const NOON = '2026-01-01T12:00:00Z'
export const at = (time: string): string => `2026-01-01T${time}Z`

export interface Answer {
  readonly status: number
  readonly body: string
  readonly json: Fields
  readonly headers: Readonly<Record<string, unknown>>
}

export type Fields = Readonly<Record<string, unknown>>

export type Method = 'GET' | 'PUT' | 'POST' | 'DELETE'

/** An emulator for one test, without seeds, with clocks that are frozen at noon. */
export async function start(options: EmulatorOptions = {}) {
  const { emulator } = await startEmulator({ seed: 'none', clock: `frozen@${NOON}`, ...options })
  const { send } = callerOf(emulator)

  async function call(method: Method, url: string, body?: unknown, headers: object = {}): Promise<Answer> {
    const payload = body === undefined ? {} : { body: JSON.stringify(body) }
    const answer = await send(method, url, { headers: headers as Headers, ...payload })
    return { status: answer.status, body: answer.text, json: parsed(answer.text), headers: answer.headers }
  }

  /** A call of the control API. */
  const admin = (method: Method, path: string, body?: unknown, headers: object = {}) =>
    call(method, `/__admin${path}`, body, headers)

  /** A call of the vendor's API with a token. */
  const client =
    (jwt: string) =>
    (method: Method, path: string, body?: unknown, headers: object = {}) =>
      call(method, `/api/v1${path}`, body, { ...headers, authorization: `Bearer ${jwt}` })

  /**
   * Creates a domain; returns functions that call its part of the control API and, as an API client in it, the
   * vendor's.
   */
  async function enter(name: string, request: object = {}) {
    const { json } = await admin('PUT', `/domains/${name}`, request)
    const access = json as unknown as DomainAccess
    const base = `/domains/${encodeURIComponent(name)}`
    return {
      access,
      admin: (method: Method, path: string, body?: unknown) => admin(method, base + path, body),
      client: client(access.jwt),
      world: emulator.domain(name),
    }
  }

  return { emulator, call, admin, client, enter }
}

function parsed(text: string): Fields {
  try {
    return JSON.parse(text) as Fields
  } catch {
    return {}
  }
}

export const seeded = (scenario: unknown, ...keys: string[]) => ({
  family: 'aws.bulkjob' as const,
  request: enable(...keys),
  scenario: scenario as string,
})
