/** A kind of refusal: the status and the vendor's code and label. */
export interface ErrorKind {
  readonly status: number
  readonly code: number
  readonly codeDesc: string
}

/**
 * The catalogue. Numbers and labels up to 16 are seen in clients of real CMs; where nobody knows CM's number,
 * `code` is the HTTP status, which no CM code is, so that a made-up number cannot pass for a known one
 * (docs/reference/fidelity.md, docs/decisions).
 */
export const ERRORS = {
  badRequest: { status: 400, code: 15, codeDesc: 'NCERRBadRequest: Bad HTTP request' },
  unauthorized: { status: 401, code: 5, codeDesc: 'NCERRUnauthorizedAccess' },
  forbidden: { status: 403, code: 403, codeDesc: 'NCERRInsufficientPermissions' },
  notFound: { status: 404, code: 16, codeDesc: 'NCERRResourceNotFound: Resource not found' },
  methodNotAllowed: { status: 405, code: 405, codeDesc: 'NCERRMethodNotAllowed: Method not allowed' },
  timeout: { status: 408, code: 408, codeDesc: 'NCERRRequestTimeout: Request timed out' },
  conflict: { status: 409, code: 409, codeDesc: 'NCERRConflict: Conflict' },
  tooLarge: { status: 413, code: 413, codeDesc: 'NCERRRequestTooLarge: Request body too large' },
  unsupportedMediaType: { status: 415, code: 415, codeDesc: 'NCERRUnsupportedMediaType: Unsupported media type' },
  expectationFailed: { status: 417, code: 417, codeDesc: 'NCERRExpectationFailed: Expectation failed' },
  tooManyRequests: { status: 429, code: 429, codeDesc: 'NCERRTooManyRequests: Too many requests' },
  headersTooLarge: { status: 431, code: 431, codeDesc: 'NCERRHeadersTooLarge: Request headers too large' },
  internal: { status: 500, code: 14, codeDesc: 'NCERRInternalServerError: unexpected error' },
  notEmulated: { status: 501, code: 501, codeDesc: 'NCERRNotImplemented: Not emulated' },
  outOfRoom: { status: 507, code: 507, codeDesc: 'NCERRInsufficientStorage: Insufficient storage' },
  notReady: { status: 503, code: 503, codeDesc: 'NCERRServiceUnavailable: Service unavailable' },
} as const satisfies Record<string, ErrorKind>

export type ErrorName = keyof typeof ERRORS

/** The one error that answers are made from: what the client is told, and a hint of the emulator's own beside it. */
export class EmulatorError extends Error {
  readonly kind: ErrorKind
  /** For the header X-Emulator-Hint: what to do, in the emulator's words, since bodies stay the vendor's. */
  readonly hint: string | undefined

  /** For the control API: the place in the request's body that is wrong, as a JSON pointer. */
  readonly pointer: string | undefined

  constructor(name: ErrorName, message: string, hint?: string, pointer?: string) {
    super(message)
    this.name = 'EmulatorError'
    this.kind = ERRORS[name]
    this.hint = hint
    this.pointer = pointer
  }
}

/** A body that cannot be read at all. Each API says so in its own form. */
export class BodyError extends Error {
  /** What is wrong, to be said after the name of the body: `is not valid JSON`. */
  readonly problem: string

  constructor(problem: string) {
    super(`the body ${problem}`)
    this.name = 'BodyError'
    this.problem = problem
  }
}

/** The emulator cannot start, for a reason that its user can mend: each problem is one line. */
export class StartError extends Error {
  /** 2: what was asked for is wrong (seeds, configuration). 1: the machine says no (port, folder). */
  readonly exitCode: 1 | 2
  readonly problems: readonly string[]

  constructor(problems: readonly string[], exitCode: 1 | 2) {
    super(problems.join('\n'))
    this.name = 'StartError'
    this.exitCode = exitCode
    this.problems = problems
  }
}

/** Runs work on a part of something that was sent. The pointer of an error of it then leads to that part within the whole. */
export function prefixPointer<T>(prefix: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof EmulatorError) || error.pointer === undefined) throw error
    throw new EmulatorError('badRequest', error.message, error.hint, `${prefix}${error.pointer}`)
  }
}

/** Runs work on a stored object. An error of it then names the object, which the request does not mention. */
export function prefixMessage<T>(name: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof EmulatorError)) throw error
    throw new EmulatorError('badRequest', `${name}: ${error.message.replaceAll('\n', ' ')}`, error.hint)
  }
}
