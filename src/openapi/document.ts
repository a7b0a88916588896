import type { ErrorKind, ErrorName } from '../errors.ts'
import type { Settings } from '../model/settings.ts'
import { FAMILIES } from '../wire/families.ts'
import {
  Cluster,
  DomainPage,
  ErrorBody,
  jobSchema,
  KeySet,
  pageSchema,
  RefreshToken,
  SelfUser,
  SystemInfo,
  TokenResponse,
} from './answers.ts'
import { annotate, type Fidelity } from './fidelity.ts'
import { errorEntry, operationEntry } from './ledger.ts'
import { describeOperations, type Described } from './operations.ts'
import { CREATE_NOTES, REVOKE_NOTES, SIGN_IN_NOTES, type Parameter } from './requests.ts'
import { Revocation, SignInRequest } from '../wire/sign-in.ts'

export interface DocumentOptions {
  /** Statuses, the version, whether unknown fields are refused. */
  readonly settings: Settings
  readonly errors: Readonly<Record<ErrorName, ErrorKind>>
}

const ABOUT = `What **cckm-emulator** answers in the place of a CipherTrust Manager: an emulator for tests and demos,
not made by Thales and not Thales' own definition of the API.

\`x-fidelity\` of an operation and of a field says how sure it is that CipherTrust Manager does the same:
\`documented\`, \`seen in a client\`, \`assumed\` or \`measured\`. The ledger at \`/docs/fidelity\` explains them, the names in
\`x-source\` and the switches. Statuses are those of this emulator's settings.

Each path is there below \`/api/v1\` and below \`/v1\`. Every answer carries \`X-Emulator-Domain\` and
\`X-Emulator-Request-Id\`, a refusal or an ignored field \`X-Emulator-Hint\`.`

/** The OpenAPI document of the vendor's surface, from the schemas that validate and the rows that routes come from. */
export function openapiDocument({ settings, errors }: DocumentOptions): object {
  const operations = describeOperations(settings)
  return {
    openapi: '3.1.1',
    info: {
      title: 'CipherTrust Manager bulk jobs, as emulated by cckm-emulator',
      version: settings.cmVersion,
      description: ABOUT,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [
      { url: '/api', description: 'As a CipherTrust Manager' },
      { url: '/', description: 'Without the prefix' },
    ],
    security: [{ token: [] }],
    tags: [...new Set(operations.map(({ tag }) => tag))].map((name) => ({ name })),
    paths: pathsOf(operations, errors),
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'From `POST /v1/auth/tokens`.' },
      },
      schemas: schemasOf(settings),
      responses: refusalsOf(operations, errors),
    },
  }
}

function schemasOf({ strictFields: strict }: Settings): Record<string, object> {
  const ofFamily = FAMILIES.map((family): [string, object][] => [
    [`${family.name}.CreateRequest`, annotate(family.request.schema, CREATE_NOTES[family.name], { strict })],
    [`${family.name}.Job`, jobSchema(family)],
    [`${family.name}.Page`, pageSchema(reference('schemas', `${family.name}.Job`))],
  ])
  return {
    ...(Object.fromEntries(ofFamily.flat()) as Record<string, object>),
    SignInRequest: annotate(SignInRequest, SIGN_IN_NOTES, { strict }),
    TokenResponse,
    RefreshToken,
    RefreshTokenPage: pageSchema(reference('schemas', 'RefreshToken')),
    RevokeRequest: annotate(Revocation, REVOKE_NOTES, { strict }),
    KeySet,
    SelfUser,
    DomainPage,
    SystemInfo,
    Cluster,
    Empty: { type: 'object', description: 'Nothing.', 'x-fidelity': 'assumed' satisfies Fidelity },
    Error: ErrorBody,
  }
}

function reference(kind: 'schemas' | 'responses', name: string): { $ref: string } {
  return { $ref: `#/components/${kind}/${name}` }
}

function pathsOf(operations: readonly Described[], errors: DocumentOptions['errors']): Record<string, object> {
  const paths: Record<string, Record<string, object>> = {}
  for (const described of operations) {
    const path = (paths[`/v1${described.path}`] ??= {})
    path[described.method] = operationObject(described, errors)
  }
  return paths
}

function operationObject(described: Described, errors: DocumentOptions['errors']): object {
  const { operation, alias, tag, summary, description, isPublic, body, refusals } = described
  const id = alias ?? operation
  const { certainty, source } = operationEntry(id)
  const parameters = [...(described.path.includes('{id}') ? [ID] : []), ...(described.parameters ?? []).map(inQuery)]
  return {
    operationId: id,
    'x-operation': operation,
    'x-fidelity': certainty,
    'x-source': source.join(', '),
    tags: [tag],
    summary,
    ...(description !== undefined && { description }),
    ...(isPublic && { security: [] }),
    ...(parameters.length > 0 && { parameters }),
    ...(body !== undefined && { requestBody: { required: true, content: { [JSON_TYPE]: bodyObject(body) } } }),
    responses: Object.fromEntries([
      [String(described.success.status), successObject(described.success)],
      ...refusals.map((name) => [String(errors[name].status), reference('responses', name)] as const),
    ]) as object,
  }
}

const JSON_TYPE = 'application/json'

const ID = {
  name: 'id',
  in: 'path',
  required: true,
  description: 'An id as the create or the list gave it.',
  schema: { type: 'string' },
  'x-fidelity': 'documented' satisfies Fidelity,
}

function inQuery(parameter: Parameter): object {
  return { ...parameter, in: 'query' }
}

function bodyObject({ schema, examples }: NonNullable<Described['body']>): object {
  return { schema: reference('schemas', schema), ...(examples && { examples }) }
}

function successObject({ description, schema, sample }: Described['success']): object {
  if (schema === undefined) return { description }
  const examples = sample && {
    sample: { summary: SUMMARIES[sample.fidelity], 'x-fidelity': sample.fidelity, value: sample.value },
  }
  return {
    description,
    content: { [JSON_TYPE]: { schema: reference('schemas', schema), ...(examples && { examples }) } },
  }
}

const SUMMARIES: Readonly<Record<Fidelity, string>> = {
  documented: "The vendor's sample",
  'seen in a client': "As in the vendor's samples of other operations",
  assumed: "Put together from the vendor's samples",
  measured: 'As a real CM sent it',
}

function refusalsOf(operations: readonly Described[], errors: DocumentOptions['errors']): Record<string, object> {
  const names = [...new Set(operations.flatMap(({ refusals }) => refusals))]
  return Object.fromEntries(names.map((name) => [name, refusalObject(name, errors[name])]))
}

function refusalObject(name: ErrorName, { code, codeDesc }: ErrorKind): object {
  const fidelity = errorEntry(name).certainty
  const value = { code, codeDesc, message: MESSAGES[name] ?? 'what was wrong', requestID: REQUEST_ID }
  return {
    description: codeDesc,
    'x-fidelity': fidelity,
    content: {
      [JSON_TYPE]: {
        schema: reference('schemas', 'Error'),
        examples: { sample: { summary: 'As the emulator says it', 'x-fidelity': fidelity, value } },
      },
    },
  }
}

const REQUEST_ID = '0d8b3a8e-6a3c-4b0f-9b0e-3a1f5f6a7c21'

const MESSAGES: Readonly<Partial<Record<ErrorName, string>>> = {
  badRequest: 'Validation errors:\nkeys: must have at least 1 items',
  unauthorized: 'Wrong username or password.',
  forbidden: 'Insufficient permissions: keybulkoperation is required',
  notFound: 'Resource not found',
}
