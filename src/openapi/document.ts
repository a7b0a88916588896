import Type, { type TSchema } from 'typebox'
import type { ErrorKind, ErrorName } from '../errors.ts'
import type { Settings } from '../model/settings.ts'
import type { Certainty } from '../wire/certainty.ts'
import { isOpen } from '../wire/create-request.ts'
import { ErrorBody } from '../wire/error.ts'
import { OPERATIONS, statusOf, type NamedSchema, type Operation } from '../wire/operations.ts'
import { errorEntry, operationEntry } from './ledger.ts'

interface DocumentOptions {
  /** They set statuses, the version, and whether unknown fields are refused. */
  readonly settings: Settings
  readonly errors: Readonly<Record<ErrorName, ErrorKind>>
}

const ABOUT = `What **cckm-emulator** answers in the place of a CipherTrust Manager: an emulator for tests and demos,
not made by Thales and not Thales' own definition of the API.

\`x-fidelity\` of an operation and of a field says how sure it is that CipherTrust Manager does the same:
\`documented\`, \`seen in a client\`, \`assumed\` or \`measured\`. The ledger at \`/docs/fidelity\` explains them, the names in
\`x-source\` and the switches. Statuses are those of this emulator's settings.

Every path is available below \`/api/v1\` and below \`/v1\`. Every answer carries \`X-Emulator-Domain\` and
\`X-Emulator-Request-Id\`, a refusal or an ignored field \`X-Emulator-Hint\`.`

/** The OpenAPI document of the vendor's API, generated from the table of operations and its schemas. */
export function openapiDocument({ settings, errors }: DocumentOptions): object {
  return {
    openapi: '3.1.1',
    info: {
      title: 'CipherTrust Manager cloud keys and jobs (CCKM), as emulated by cckm-emulator',
      version: settings.cmVersion,
      description: ABOUT,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [
      { url: '/api', description: 'As a CipherTrust Manager' },
      { url: '/', description: 'Without the prefix' },
    ],
    security: [{ token: [] }],
    tags: [...new Set(OPERATIONS.map(({ tag }) => tag))].map((name) => ({ name })),
    paths: pathsOf({ settings, errors }),
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'From `POST /v1/auth/tokens`.' },
      },
      schemas: schemasOf(settings),
      responses: refusalObjects(errors),
    },
  }
}

function schemasOf({ strictFields }: Settings): Record<string, TSchema> {
  const schemas: Record<string, TSchema> = {}
  for (const { body, answer, job, resource } of OPERATIONS) {
    // Other bodies may have unknown fields, regardless of the switch.
    if (body !== undefined) schemas[body.name] = strictFields && (job ?? resource) ? closed(body.schema) : body.schema
    if (isNamed(answer)) schemas[answer.name] = answer.schema
  }
  return { ...schemas, Error: ErrorBody }
}

function isNamed(answer: Operation['answer']): answer is Operation['answer'] & NamedSchema {
  return answer.schema !== undefined
}

/** A schema that allows only the fields that it names. */
function closed(schema: TSchema): TSchema {
  if (!Type.IsObject(schema) || isOpen(schema)) return schema
  const fields = Object.entries(schema.properties).map(([name, field]) => [name, closed(field)])
  return { ...schema, properties: Object.fromEntries(fields) as object, additionalProperties: false }
}

function reference(kind: 'schemas' | 'responses', name: string): { $ref: string } {
  return { $ref: `#/components/${kind}/${name}` }
}

function pathsOf(options: DocumentOptions): object {
  const paths = Map.groupBy(OPERATIONS, ({ path }) => `/v1${path.replaceAll(/:(\w+)/g, '{$1}')}`)
  const objects = [...paths].map(([path, operations]) => [
    path,
    Object.fromEntries(operations.map((each) => [each.method.toLowerCase(), operationObject(each, options)])),
  ])
  return Object.fromEntries(objects) as object
}

function operationObject(operation: Operation, { settings, errors }: DocumentOptions): object {
  const { certainty, source } = operationEntry(operation.id)
  const { id, name, tag, summary, description, token, path, query = [], body } = operation
  const parameters = [
    ...(path.includes(':id') ? [ID] : []),
    ...(path.includes(':backup') ? [{ ...ID, name: 'backup' }] : []),
    ...query.map((each) => ({ ...each, in: 'query' })),
  ]
  const status = statusOf(operation, settings)
  return {
    operationId: id,
    'x-operation': name,
    'x-fidelity': certainty,
    'x-source': source.join(', '),
    tags: [tag],
    summary,
    ...(description !== undefined && { description }),
    ...(token !== 'required' && { security: [] }),
    ...(parameters.length > 0 && { parameters }),
    ...(body !== undefined && { requestBody: { required: true, content: { [JSON_TYPE]: bodyObject(body) } } }),
    responses: Object.fromEntries([
      [String(status), successObject(operation, { status, certainty })],
      ...refusalsOf(operation).map((refusal) => [String(errors[refusal].status), reference('responses', refusal)]),
    ]) as object,
  }
}

const JSON_TYPE = 'application/json'

const ID = {
  name: 'id',
  in: 'path',
  required: true,
  description: 'An id from a create or a list.',
  schema: { type: 'string' },
  'x-fidelity': 'documented' satisfies Certainty,
}

function bodyObject({ name, examples }: NonNullable<Operation['body']>): object {
  return { schema: reference('schemas', name), ...(examples && { examples }) }
}

function successObject({ answer }: Operation, { status, certainty }: { status: number; certainty: Certainty }): object {
  const { description, sample } = answer
  if (status === 204 || !isNamed(answer)) return { description }
  const schema = reference('schemas', answer.name)
  return { description, content: { [JSON_TYPE]: { schema, ...(sample && { examples: sampleOf(sample, certainty) }) } } }
}

function sampleOf(sample: NonNullable<Operation['answer']['sample']>, ofOperation: Certainty): object {
  const { value, certainty = ofOperation } = sample
  return { sample: { summary: SUMMARIES[certainty], 'x-fidelity': certainty, value } }
}

const SUMMARIES: Readonly<Record<Certainty, string>> = {
  documented: "The vendor's sample",
  'seen in a client': "As in the vendor's samples of other operations",
  assumed: "Combined from the vendor's samples",
  measured: 'As a real CM sent it',
}

/** The errors that follow from the inputs of an operation, and those that its row names. */
function refusalsOf({ body, query, token, aclAction, path, refusals = [] }: Operation): readonly ErrorName[] {
  const following: (ErrorName | false)[] = [
    (body !== undefined || query !== undefined) && 'badRequest',
    token === 'required' && 'unauthorized',
    aclAction !== undefined && 'forbidden',
    path.includes(':id') && 'notFound',
  ]
  return [...new Set([...following.filter((name) => name !== false), ...refusals])]
}

function refusalObjects(errors: DocumentOptions['errors']): Record<string, object> {
  const names = [...new Set(OPERATIONS.flatMap(refusalsOf))]
  return Object.fromEntries(names.map((name) => [name, refusalObject(name, errors[name])]))
}

function refusalObject(name: ErrorName, { code, codeDesc }: ErrorKind): object {
  const { certainty } = errorEntry(name)
  const value = { code, codeDesc, message: MESSAGES[name] ?? 'what was wrong', requestID: REQUEST_ID }
  return {
    description: codeDesc,
    'x-fidelity': certainty,
    content: {
      [JSON_TYPE]: {
        schema: reference('schemas', 'Error'),
        examples: { sample: { summary: 'In the words of the emulator', 'x-fidelity': certainty, value } },
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
