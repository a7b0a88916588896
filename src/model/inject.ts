type InjectHeaders = Readonly<Record<string, number | string | string[] | undefined>>

/** A request that is sent inside the process, without a socket. */
export interface InjectRequest {
  /** @default 'GET' */
  readonly method?: string | undefined
  /** The path with its query, or a whole URL. */
  readonly url: string
  readonly headers?: InjectHeaders | undefined
  readonly query?: string | Record<string, string | string[]> | undefined
  /** An object is sent as JSON. */
  readonly payload?: string | object | Buffer | NodeJS.ReadableStream | undefined
  /** Resolves with the head of the response; `stream()` then reads the body. */
  readonly payloadAsStream?: boolean | undefined
  readonly signal?: AbortSignal | undefined
}

/** The response to such a request. */
export interface InjectResponse {
  readonly statusCode: number
  readonly statusMessage: string
  readonly headers: InjectHeaders
  /** The body as text. */
  readonly body: string
  readonly payload: string
  readonly rawPayload: Buffer
  /** The body as a stream, after `payloadAsStream`. */
  stream(): NodeJS.ReadableStream
  /** Parses the body. */
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller knows what it asked for
  json<T = unknown>(): T
}
