import Type from 'typebox'
import { FAILURE_KINDS } from '../../model/failure-kind.ts'
import { Count, ErrorAnswerSchema, nullable } from './domain-schemas.ts'
import { InstantText } from '../schemas.ts'

// Responses about requests of clients. Objects are open: later versions may add fields.

const Fields = Type.Record(Type.String(), Type.Union([Type.String(), Type.Array(Type.String())]))

/** A request in the event stream. */
const RequestNewsAnswerSchema = Type.Object({
  at: InstantText,
  operation: Type.String(),
  method: Type.String(),
  path: Type.String(),
  status: nullable(Type.Integer({ description: 'null: no answer was sent' })),
  durationMs: nullable(Type.Number({ description: 'null while the request is in flight' })),
})

export const RequestAnswerSchema = Type.Object({
  ...RequestNewsAnswerSchema.properties,
  id: Type.String({ description: 'as in the header X-Emulator-Request-Id of its response' }),
  realAt: InstantText,
  query: Fields,
  headers: Fields,
  headersOmitted: Type.Optional(Type.String({ description: 'why some headers are not shown' })),
  body: Type.Unknown({ description: 'null: there was none, or an unreadable one' }),
  bodyOmitted: Type.Optional(Type.String({ description: 'why a body is not shown' })),
  job: Type.Optional(Type.String()),
  jobStatus: Type.Optional(Type.String({ description: 'the overall_status that the answer showed' })),
  fault: Type.Optional(Type.String({ description: 'the id of the fault that hit it' })),
})

export const RequestListAnswerSchema = Type.Object({
  total: Count,
  dropped: Type.Integer({ minimum: 0, description: 'older requests that the journal no longer has' }),
  requests: Type.Array(RequestAnswerSchema),
})

const NearestAnswerSchema = Type.Object({
  request: RequestAnswerSchema,
  differs: Type.Array(Type.Object({ field: Type.String(), expected: Type.String(), actual: Type.String() })),
  text: Type.String(),
})

export const RequestCountAnswerSchema = Type.Object({
  count: Count,
  nearest: Type.Optional(nullable(NearestAnswerSchema)),
})

/** Requests that were waited for, or are in flight. */
export const RequestsAnswerSchema = Type.Object({ count: Count, requests: Type.Array(RequestAnswerSchema) })

/** The 408 of a wait for requests. */
export const RequestTimeoutAnswerSchema = Type.Object({
  ...ErrorAnswerSchema.properties,
  count: Count,
  nearest: nullable(NearestAnswerSchema),
})

/** The 408 of a wait until no request is in flight. */
export const InFlightTimeoutAnswerSchema = Type.Object({
  ...ErrorAnswerSchema.properties,
  ...RequestsAnswerSchema.properties,
})

const PaceFields = {
  intervals: nullable(Type.Object({ min: Type.String(), median: Type.String(), max: Type.String() })),
  backOff: Type.Boolean({ description: 'the intervals grow, or have grown to a maximum' }),
  capped: Type.Boolean({ description: 'the intervals have grown to a maximum' }),
  judged: Type.Object({
    intervals: Type.Boolean({ description: 'false: polls moved the clock, so there are no findings about intervals' }),
    because: Type.Optional(Type.Literal('step clock')),
  }),
}

export const PollingReportAnswerSchema = Type.Object({
  jobs: Type.Array(
    Type.Object({
      job: Type.String(),
      gets: Count,
      ...PaceFields,
      pollsAfterEnd: Count,
      retries: Type.Object({ after401: Count, after429: Count, after5xx: Count }),
      retryAfter: Type.Object({ asked: Count, kept: Count }),
      signIns: Count,
    }),
  ),
  lists: Type.Array(Type.Object({ family: Type.String(), calls: Count, ...PaceFields }), {
    description: 'polling by list; empty in a report about one job',
  }),
  operations: Type.Array(Type.Object({ operation: Type.String(), asked: Count, kept: Count }), {
    description: 'operations with a Retry-After in a response, and how often the client waited that long',
  }),
  signIns: Count,
  findings: Type.Array(
    Type.Object({
      rule: Type.String(),
      level: Type.Enum(['error', 'hint']),
      job: Type.Optional(Type.String()),
      operation: Type.Optional(Type.String({ description: 'in place of the job: the finding is about an operation' })),
      message: Type.String(),
      requests: Type.Array(RequestAnswerSchema),
    }),
  ),
})

/** The end of a test. */
export const EndAnswerSchema = Type.Object({
  ok: Type.Boolean({ description: 'there are no problems' }),
  problems: Type.Array(Type.Object({ rule: Type.Enum(FAILURE_KINDS), message: Type.String() })),
  text: Type.String({ description: 'the problems and the report, for people' }),
  trace: Type.Optional(Type.String({ description: 'a self-contained HTML page of what happened, without secrets' })),
})
