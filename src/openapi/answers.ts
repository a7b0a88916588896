import Type, { type TSchema } from 'typebox'
import type { Family } from '../wire/families.ts'
import { assumed, documented, seen, type Note } from './fidelity.ts'

const instant = (note: Note) => Type.String({ format: 'date-time', ...note })

/** What a field of the request is called where the job repeats it. */
const ECHOES: Readonly<Record<string, TSchema>> = {
  keys: Type.Array(Type.String(), documented('The keys of the request, as they were sent.')),
}

/** A job of a family, in the vendor's order. Seeds may hold jobs with more fields: they are sent as they are. */
export function jobSchema({ uriKind, cloud, operations, echoes }: Family): TSchema {
  return Type.Object({
    id: Type.String(documented('The job.')),
    uri: Type.String(documented(`\`kylo:<account>:cckm:${uriKind}:<id>\`.`)),
    account: Type.String(documented('The account: `kylo` in the root domain, `kylo-<id>` in another.')),
    createdAt: instant(documented('UTC, up to microseconds, trailing zeros of the fraction cut.')),
    updatedAt: instant(documented('Set at creation, at a cancel that works, and at the end.')),
    completed_at: Type.Optional(instant(documented('When it ended. That it is absent before is assumed.'))),
    overall_status: Type.String(
      documented(
        '`completed` is documented; `in_progress` and `error` are seen in a client; `aborted` is assumed (switches `failureWord`, `abortedWord`). Clients should expect others.',
      ),
    ),
    detailed_status: Type.Optional(
      Type.Object(
        {},
        {
          additionalProperties: Type.String(documented('`Success` is documented; other texts are assumed.')),
          ...documented('What became of each item, by its id. When it appears is assumed (switch `initialDetails`).'),
        },
      ),
    ),
    abort: Type.Boolean(documented('Whether somebody cancelled the job.')),
    cloud: Type.String(documented(`\`${cloud}\`.`)),
    ...Object.fromEntries(echoes.map((name) => [name, ECHOES[name] ?? Type.Unknown(assumed('Repeated.'))])),
    operation: Type.String(documented(`The operation of the request: ${operations.join(', ')}.`)),
  })
}

/** A page of a list. */
export function pageSchema(item: object): TSchema {
  return Type.Object({
    skip: Type.Integer(documented('As asked for.')),
    limit: Type.Integer(documented('As asked for.')),
    total: Type.Integer(documented('How many there are in all.')),
    resources: Type.Array(Type.Unsafe(item), documented('Those of this page.')),
  })
}

export const TokenResponse = Type.Object({
  jwt: Type.String(documented('The API token, for `Authorization: Bearer`.')),
  duration: Type.Integer(documented('Seconds that it lives: 300 (switch `tokenTtl`).')),
  token_type: Type.Literal('Bearer', documented('Always `Bearer`.')),
  client_id: Type.String(documented('The client that signed in.')),
  refresh_token_id: Type.Optional(Type.String(seen('The refresh token; absent after `client_credential`.'))),
  refresh_token: Type.Optional(Type.String(documented('64 letters and digits; absent after `client_credential`.'))),
  refresh_token_expires_in: Type.Optional(
    Type.Integer(documented('Seconds. That it is there only where the refresh token expires is seen in a client.')),
  ),
})

export const RefreshToken = Type.Object({
  id: Type.String(seen('The refresh token, not its value.')),
  createdAt: instant(assumed('When it was given out.')),
  updatedAt: instant(assumed('When it was last used.')),
  user_id: Type.String(assumed('Whose it is.')),
  labels: Type.Array(Type.String(), assumed('Its tags.')),
  expired: Type.Boolean(assumed('Whether its time is over.')),
  revoked: Type.Boolean(assumed('Whether it was ended.')),
  expires_at: Type.Optional(instant(assumed('When its time is over; absent where it never is.'))),
})

const Domain = Type.Object(
  { id: Type.String(assumed('As in tokens.')), name: Type.String(assumed('As in a sign-in.')) },
  assumed('The domain of the token.'),
)

export const DomainPage = pageSchema(Domain)

export const SelfUser = Type.Object({
  user_id: Type.String(assumed('`local|` and an id.')),
  username: Type.String(assumed('The name of the sign-in.')),
  name: Type.String(assumed('The same.')),
  groups: Type.Array(Type.String(), assumed('Groups of the user.')),
  connection: Type.String(assumed('Always `local_account`.')),
  domain: Domain,
})

export const SystemInfo = Type.Object({
  name: Type.String(assumed('The name of the emulator: nothing should take it for a CM.')),
  version: Type.String(assumed('The version of CM that is emulated (switch `cmVersion`).')),
  model: Type.String(assumed('Always `emulator`.')),
  vendor: Type.String(assumed('Says that it is not Thales.')),
})

export const Cluster = Type.Object({
  status: Type.Object(
    {
      code: Type.String(seen('Always `none`: the server stands alone.')),
      description: Type.String(assumed('The same in words.')),
    },
    seen('The state of the cluster.'),
  ),
  nodeCount: Type.Integer(seen('Always 0.')),
})

export const KeySet = Type.Object({
  keys: Type.Array(
    Type.Object({}, { additionalProperties: true }),
    assumed('Public keys as JWK; none where tokens are signed with a shared secret.'),
  ),
})

export const ErrorBody = Type.Object({
  code: Type.Integer(seen('The kind of error. Where the number of CM is not known, the HTTP status.')),
  codeDesc: Type.String(seen('The kind of error: a label, and often a text after a colon. Never in a body of 2xx.')),
  message: Type.Optional(Type.String(seen('What was wrong; of a bad field, its name and what was expected.'))),
  requestID: Type.Optional(Type.String(seen('The request; also in the header X-Emulator-Request-Id and in the log.'))),
})
