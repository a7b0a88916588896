import type { FastifyRequest } from 'fastify'
import type { Socket } from 'node:net'
import type { Static, TSchema, TUnknown } from 'typebox'
import type { Domain } from '../domain/domain.ts'
import type { RequestNewsAnswer } from '../client/answers/requests.ts'
import { EmulatorError } from '../errors.ts'
import type { DomainAdministrator } from '../identity/administrator.ts'
import { bodyReader } from './body-reader.ts'

type Method = 'GET' | 'PUT' | 'POST' | 'DELETE'

type ParamName<Path extends string> = Path extends `${string}:${infer Rest}`
  ? Rest extends `${infer Name}/${infer Tail}`
    ? Name | ParamName<Tail>
    : Rest
  : never

/** The parameters of a path: `Params<'/jobs/:id/wait'>` has `id`. */
type Params<Path extends string> = Readonly<Record<ParamName<Path>, string>>

interface OtherCalls {
  readonly waiting: () => readonly RequestNewsAnswer[]
  /** Ends them, and delayed answers of the vendor's API, with this error. */
  readonly interrupt: (error: EmulatorError) => void
}

/** What every call has, before its query and body are read. */
interface CallContext {
  /** The domain of the path; the root domain for a call of the server, and where `makesDomain` is set. */
  readonly domain: Domain
  /** The domain's name or id as the path has it. */
  readonly domainName: string
  /** The bearer of a CM token on a locked emulator; undefined: a caller that may do everything. */
  readonly administrator: DomainAdministrator | undefined
  /** The id of the request, as in the header X-Emulator-Request-Id of its response. */
  readonly requestId: string
  /** The socket of the request: the same object for all calls of a connection. */
  readonly connection: Socket
  /** Aborts when the client goes away, the test that uses the domain ends, or the server stops. */
  readonly signal: AbortSignal
  /** The calls of this domain, besides this one, that are not answered yet. */
  readonly otherCalls: OtherCalls
}

/** A call of the control API. */
export interface Call<Path extends string = '', Query extends string = never, Body = unknown> extends CallContext {
  readonly params: Params<Path>
  readonly query: Readonly<Partial<Record<Query, string>>>
  readonly body: Body
}

/** What a call answers, by status: the schema of a JSON body, the media type of another body, null for none. */
export type AnswerSchemas = Readonly<Record<number, TSchema | string | null>>

export const NO_CONTENT = { 204: null } as const

/** What may be sent for a type of JSON: `JSON.stringify` leaves out the members that are undefined. */
type Sendable<T> = T extends readonly (infer Item)[]
  ? readonly Sendable<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Sendable<T[Key]> | (object extends Pick<T, Key> ? undefined : never) }
    : T

type JsonOf<Answers extends AnswerSchemas> = {
  [Status in keyof Answers]: Answers[Status] extends TSchema ? Sendable<Static<Answers[Status]>> : never
}[keyof Answers]

/** An answer: a status, 200 unless given, and a body in one of several forms. */
export interface Answer<Json = unknown> {
  readonly status?: number
  readonly json?: Json
  /** JSON already, or of `type`. */
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

interface RouteOptions<Query extends string, Body extends TSchema, Answers extends AnswerSchemas> {
  readonly summary: string
  readonly query?: readonly Query[]
  readonly body?: Body
  readonly answers: Answers
  /**
   * For calls that make domains, which is for the bearer of the admin token: whether a domain's own administrator may
   * call it all the same, with this body as it was sent.
   */
  readonly isOpenToDomain?: (body: unknown) => boolean
  /** A call that changes something, and need not wait for a large call of the domain that is under way. */
  readonly isOpen?: true
  /** The domain need not be there: the handler makes it. */
  readonly makesDomain?: true
}

interface Route<
  Path extends string,
  Query extends string,
  Body extends TSchema,
  Answers extends AnswerSchemas,
> extends RouteOptions<Query, Body, Answers> {
  readonly handle: (call: Call<Path, Query, Static<Body>>) => Promise<Answer<JsonOf<Answers>>> | Answer<JsonOf<Answers>>
}

/** One call of the control API, as data: Fastify's routes and the OpenAPI document are made from these rows. */
export interface ControlRoute extends RouteOptions<string, TSchema, AnswerSchemas> {
  readonly method: Method
  /** Below `/__admin`, or below a domain. */
  readonly path: string
  readonly scope: 'server' | 'domain'
  /** Reads the request and answers it; throws what is wrong with the request. */
  readonly handle: (request: FastifyRequest, context: CallContext) => Promise<Answer> | Answer
}

/** Makes a call of the whole server: `path` is below `/__admin`. */
export const serverRoute = routeMaker('server')

/** Makes a call of a domain: `path` is below `/__admin/domains/{domain}`. */
export const domainRoute = routeMaker('domain')

function routeMaker(scope: ControlRoute['scope']) {
  return <
    Path extends string,
    Answers extends AnswerSchemas,
    const Query extends string = never,
    Body extends TSchema = TUnknown,
  >(
    method: Method,
    path: Path,
    route: Route<Path, Query, Body, Answers>,
  ): ControlRoute => {
    const { query = [], body, handle } = route
    const readBody = body === undefined ? undefined : bodyReader(body)
    return {
      ...route,
      method,
      path,
      scope,
      handle: (request, context) =>
        handle({
          ...context,
          // Fastify's router sets every parameter of the path.
          params: request.params as Params<Path>,
          query: readQuery(request.query as object, query),
          body: readBody === undefined ? (request.body as Static<Body>) : readBody(request.body),
        }),
    }
  }
}

function readQuery<Query extends string>(
  sent: object,
  known: readonly Query[],
): Readonly<Partial<Record<Query, string>>> {
  const read: Partial<Record<Query, string>> = {}
  for (const [key, value] of Object.entries(sent)) {
    const name = known.find((each) => each === key)
    if (name === undefined) throw unknownQuery(key, known)
    read[name] = String(value)
  }
  return read
}

function unknownQuery(name: string, known: readonly string[]): EmulatorError {
  const hint = known.length === 0 ? 'it takes none' : `there are ${known.join(', ')}`
  return new EmulatorError('badRequest', `/${name} is no query of this call: ${hint}`, undefined, `/${name}`)
}
