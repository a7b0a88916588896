import type { Static, TSchema } from 'typebox'
import type { Domain } from '../domain/domain.ts'
import { EmulatorError } from '../errors.ts'
import { DURATION_EXPECTED, parseDuration } from '../model/duration.ts'
import type { Instant, Micros } from '../model/time.ts'
import { parseInstant, whyNoInstant } from '../wire/timestamps.ts'

/** A request of the control API, read. */
export interface Call<Body = unknown> {
  /** The domain that the path names, or root. */
  readonly domain: Domain
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
  readonly body: Body
  /** The bearer of a CM token on a locked emulator; undefined: somebody who may do everything. */
  readonly administrator: DomainAdministrator | undefined
  /** Aborts when the client goes away or the server stops. */
  readonly signal: AbortSignal
}

/** An administrator of one domain, by a CM token. On a locked emulator it may call that domain's part of the API. */
export interface DomainAdministrator {
  readonly domain: Domain
  readonly userName: string
  readonly groups: readonly string[]
}

/** An answer: a status, and what goes with it. `text` is JSON already, or of the type that is named. */
export interface Answer {
  readonly status?: number
  readonly json?: unknown
  readonly text?: string
  /** JSON in parts, for an answer that may be too large to be sent in one go. */
  readonly parts?: readonly string[]
  readonly type?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Server-sent events, as many at a time as there are. */
  readonly events?: AsyncIterable<readonly ServerEvent[]>
}

export interface ServerEvent {
  readonly event: string
  readonly data: unknown
}

/** One call of the control API, as data: routes and the OpenAPI document are made from these rows. */
export interface ControlRoute {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE'
  /** Below `/__admin`, or below a domain. */
  readonly path: string
  readonly scope: 'server' | 'domain'
  readonly summary: string
  readonly body?: TSchema
  readonly query?: readonly string[]
  /**
   * For calls that make domains, which is for the bearer of the admin token: whether a domain's own administrator may
   * call it all the same, with this body as it was sent.
   */
  readonly isOpenToDomain?: (body: unknown) => boolean
  /** A call that changes something, and need not wait for a large call of the domain that is under way. */
  readonly isOpen?: true
  /** The domain need not be there: the handler makes it. */
  readonly makesDomain?: true
  readonly handle: (call: Call) => Promise<Answer> | Answer
}

/** A route whose handler knows the type of the body that its schema lets through. */
export function route<S extends TSchema>(
  row: Omit<ControlRoute, 'body' | 'handle'> & {
    readonly body: S
    readonly handle: (call: Call<Static<S>>) => Promise<Answer> | Answer
  },
): ControlRoute {
  return row as ControlRoute
}

/** A duration of a body or query, as microseconds; throws what was expected. */
export function microsOf(text: string, pointer: string): Micros {
  const micros = parseDuration(text)
  if (micros === undefined) throw invalid(pointer, `${JSON.stringify(text)} is not ${DURATION_EXPECTED}`)
  return micros
}

/** An instant of a body or query; throws what was expected. */
export function instantOf(text: string, pointer: string): Instant {
  const instant = parseInstant(text)
  if (instant === undefined) throw invalid(pointer, `${JSON.stringify(text)} ${whyNoInstant(text)}`)
  return instant
}

export function invalid(pointer: string, message: string): EmulatorError {
  return new EmulatorError('badRequest', `${pointer === '' ? 'the body' : pointer} ${message}`, undefined, pointer)
}

/** Runs what may refuse a part of a body, and says where in the body that part stands. */
export async function within<T>(place: (pointer: string) => string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof EmulatorError) || error.pointer === undefined) throw error
    const { message, hint, pointer } = error
    throw new EmulatorError('badRequest', message, hint, place(pointer))
  }
}

/** yes or no, of a query: anything else would be taken for one of them by mistake. */
export function flagOf(query: Call['query'], name: string): boolean {
  const { [name]: text = 'false' } = query
  if (text !== 'true' && text !== 'false') throw invalid(`/${name}`, `${JSON.stringify(text)} is not true or false`)
  return text === 'true'
}

/** A whole number of a query, or what holds without it. */
export function countOf(query: Call['query'], name: string, absent: number): number {
  const text = query[name]
  if (text === undefined || text === '') return absent
  const count = /^-?\d{1,9}$/.test(text) ? Number(text) : NaN
  if (Number.isNaN(count) || count < -1) throw invalid(`/${name}`, `${JSON.stringify(text)} is not a whole number`)
  return count
}
