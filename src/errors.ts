/** A kind of refusal: the status and the vendor's code and label. */
export interface ErrorKind {
  readonly status: number
  readonly code: number
  readonly codeDesc: string
}

/**
 * The catalogue. Numbers and labels up to 16 are seen in clients of real CMs. If CM's number is unknown, `code` is the
 * HTTP status: no CM code is one, so an invented number cannot pass for a known one (docs/reference/fidelity.md,
 * docs/decisions).
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

/** The error from which responses are rendered: the message for the client, and a hint of the emulator. */
export class EmulatorError extends Error {
  readonly kind: ErrorKind
  /** For the header X-Emulator-Hint: what to do. Bodies stay as the vendor's. */
  readonly hint: string | undefined

  /** For the control API: the wrong place in the request's body, as a JSON pointer. */
  readonly pointer: string | undefined

  constructor(name: ErrorName, message: string, hint?: string, pointer?: string) {
    super(message)
    this.name = 'EmulatorError'
    this.kind = ERRORS[name]
    this.hint = hint
    this.pointer = pointer
  }
}

/** A body that cannot be parsed. Each API reports it in its own form. */
export class BodyError extends Error {
  /** The error, as a phrase after the name of the body: `is not valid JSON`. */
  readonly problem: string

  constructor(problem: string) {
    super(`the body ${problem}`)
    this.name = 'BodyError'
    this.problem = problem
  }
}

/** The emulator cannot start for a reason that the user can fix: each problem is one line. */
export class StartError extends Error {
  /** 2: the input is wrong (seeds, configuration). 1: the machine refuses (port, folder). */
  readonly exitCode: 1 | 2
  readonly problems: readonly string[]

  constructor(problems: readonly string[], exitCode: 1 | 2) {
    super(problems.join('\n'))
    this.name = 'StartError'
    this.exitCode = exitCode
    this.problems = problems
  }
}

/** Runs work on a part of a request. Pointers of its errors then refer to the whole request. */
export function prefixPointer<T>(prefix: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof EmulatorError) || error.pointer === undefined) throw error
    throw new EmulatorError('badRequest', error.message, error.hint, `${prefix}${error.pointer}`)
  }
}

/** Runs work on a stored object. Its errors then name the object, which the request does not mention. */
export function prefixMessage<T>(name: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof EmulatorError)) throw error
    throw new EmulatorError('badRequest', `${name}: ${error.message.replaceAll('\n', ' ')}`, error.hint)
  }
}
