// The document as it is put together; test/openapi holds what it says to routes, ledger and answers.

import { describe, expect, it } from 'vitest'
import { ERRORS } from '../../src/errors.ts'
import { DEFAULT_SETTINGS, type Settings } from '../../src/model/settings.ts'
import { annotate, assumed, documented, seen } from '../../src/openapi/fidelity.ts'
import { CREATE_EXAMPLES, LIST_PARAMETERS } from '../../src/openapi/requests.ts'
import { cancelledSample, createdSample, DOCUMENTED_JOBS, pageSample } from '../../src/openapi/samples.ts'
import { openapiDocument } from '../../src/openapi/document.ts'

type Node = { readonly [key: string]: Node }

const documentOf = (settings: Partial<Settings> = {}) =>
  openapiDocument({ settings: { ...DEFAULT_SETTINGS, ...settings }, errors: ERRORS }) as Node

const whole = documentOf()

/** What stands at a path of keys. */
function at(document: Node, ...keys: readonly string[]): Node | undefined {
  return keys.reduce<Node | undefined>((node, key) => node?.[key], document)
}

const schema = (name: string) => ({ schema: { $ref: `#/components/schemas/${name}` } })
const refusals = (...names: readonly (keyof typeof ERRORS)[]) =>
  Object.fromEntries(names.map((name) => [ERRORS[name].status, { $ref: `#/components/responses/${name}` }]))

describe('the OpenAPI document', () => {
  it('says what it is of, where that is and how to get in', () => {
    const { paths: _paths, components, ...about } = whole
    expect(about).toEqual({
      openapi: '3.1.1',
      info: {
        title: 'CipherTrust Manager bulk jobs, as emulated by cckm-emulator',
        version: '2.18',
        description: expect.stringMatching(/^What \*\*cckm-emulator\*\* answers/) as string,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [
        { url: '/api', description: 'As a CipherTrust Manager' },
        { url: '/', description: 'Without the prefix' },
      ],
      security: [{ token: [] }],
      tags: ['AzureCloud bulk jobs', 'aws bulk jobs', 'Tokens', 'Self and system'].map((name) => ({ name })),
    })
    expect(components!.securitySchemes).toEqual({
      token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'From `POST /v1/auth/tokens`.' },
    })
  })

  it('describes an operation whole: who knows it, what it takes, what it gives, how it refuses', () => {
    expect(at(whole, 'paths', '/v1/cckm/azure/bulkjobs', 'post')).toEqual({
      operationId: 'azure.bulkjobs.create',
      'x-operation': 'azure.bulkjobs.create',
      'x-fidelity': 'documented',
      'x-source': 'azure-create',
      tags: ['AzureCloud bulk jobs'],
      summary: 'Create a bulk job',
      description: 'The pages say "2xx": the status is assumed (switch `createStatus`).',
      requestBody: {
        required: true,
        content: {
          'application/json': {
            ...schema('azure.bulkjobs.CreateRequest'),
            examples: CREATE_EXAMPLES['azure.bulkjobs'],
          },
        },
      },
      responses: {
        201: {
          description: 'The job, not yet completed.',
          content: {
            'application/json': {
              ...schema('azure.bulkjobs.Job'),
              examples: {
                sample: {
                  summary: "Put together from the vendor's samples",
                  'x-fidelity': 'assumed',
                  value: createdSample('azure.bulkjobs'),
                },
              },
            },
          },
        },
        ...refusals('badRequest', 'unauthorized', 'forbidden'),
      },
    })
  })

  it('describes one on a job with the id of the path, and no body where there is none', () => {
    expect(at(whole, 'paths', '/v1/cckm/aws/bulkjob/{id}', 'get')).toEqual({
      operationId: 'aws.bulkjob.get',
      'x-operation': 'aws.bulkjob.get',
      'x-fidelity': 'documented',
      'x-source': 'aws-get',
      tags: ['aws bulk jobs'],
      summary: 'View a bulk job',
      parameters: [
        {
          ...{ name: 'id', in: 'path', required: true, description: 'An id as the create or the list gave it.' },
          ...{ schema: { type: 'string' }, 'x-fidelity': 'documented' },
        },
      ],
      responses: {
        200: {
          description: 'The job.',
          content: {
            'application/json': {
              ...schema('aws.bulkjob.Job'),
              examples: {
                sample: {
                  summary: "The vendor's sample",
                  'x-fidelity': 'documented',
                  value: DOCUMENTED_JOBS['aws.bulkjob'],
                },
              },
            },
          },
        },
        ...refusals('unauthorized', 'forbidden', 'notFound'),
      },
    })
  })

  it('has both methods of viewing a job, as one operation with two names', () => {
    const path = at(whole, 'paths', '/v1/cckm/azure/bulkjobs/{id}')
    expect(Object.keys(path!)).toEqual(['get', 'post', 'delete'])
    expect(path!.post).toMatchObject({ operationId: 'azure.bulkjobs.get-by-post', 'x-operation': 'azure.bulkjobs.get' })
    expect(Object.keys(at(whole, 'paths', '/v1/cckm/aws/bulkjob/{id}')!)).toEqual(['get'])
  })

  it('has the query of a list', () => {
    const list = at(whole, 'paths', '/v1/cckm/aws/bulkjob', 'get')
    expect(list!.parameters).toEqual(LIST_PARAMETERS.map((parameter) => ({ ...parameter, in: 'query' })))
    expect(at(list!, 'responses', '200', 'content', 'application/json')).toEqual({
      ...schema('aws.bulkjob.Page'),
      examples: {
        sample: { summary: expect.any(String) as string, 'x-fidelity': 'assumed', value: pageSample('aws.bulkjob') },
      },
    })
    expect(at(whole, 'components', 'schemas', 'aws.bulkjob.Page', 'properties', 'resources', 'items')).toEqual({
      $ref: '#/components/schemas/aws.bulkjob.Job',
    })
  })

  it('has a cancel without a body, and the sample of a client where CM shows none', () => {
    const cancel = at(whole, 'paths', '/v1/cckm/azure/bulkjobs/{id}/cancel', 'post')!
    expect(cancel).not.toHaveProperty('requestBody')
    expect(at(cancel, 'responses', '200', 'content', 'application/json', 'examples', 'sample')).toEqual({
      ...{ summary: "As in the vendor's samples of other operations", 'x-fidelity': 'seen in a client' },
      value: cancelledSample('azure.bulkjobs'),
    })
  })

  it('says which calls need no token', () => {
    const open = Object.entries(whole.paths!).flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, operation]) =>
        operation.security === undefined ? [] : [[method, path, operation.security]],
      ),
    )
    expect(open).toEqual([
      ['post', '/v1/auth/tokens', []],
      ['post', '/v1/auth/revoke', []],
      ['get', '/v1/auth/jwks.json', []],
    ])
  })

  it('has a body without examples, an answer without a body, and one without a sample', () => {
    expect(at(whole, 'paths', '/v1/auth/revoke', 'post')).toMatchObject({
      requestBody: { required: true, content: { 'application/json': schema('RevokeRequest') } },
      responses: { 204: { description: 'Done.' } },
    })
    const body = at(whole, 'paths', '/v1/auth/revoke', 'post', 'requestBody', 'content', 'application/json')
    expect(body).not.toHaveProperty('examples')
    expect(at(whole, 'paths', '/v1/auth/revoke', 'post', 'responses', '204')).not.toHaveProperty('content')
    expect(at(whole, 'paths', '/v1/system/info', 'get', 'responses', '200', 'content')).toEqual({
      'application/json': schema('SystemInfo'),
    })
  })

  it('has the refusals that its operations name, each once, with what CM is known to say', () => {
    const responses = whole.components!.responses!
    expect(Object.keys(responses).sort()).toEqual(
      [...['badRequest', 'conflict', 'forbidden', 'notEmulated', 'notFound', 'tooManyRequests', 'unauthorized']].sort(),
    )
    const sure = Object.entries(responses).filter(([, it]) => (it['x-fidelity'] as unknown) === 'seen in a client')
    expect(sure.map(([name]) => name).sort()).toEqual(
      ['badRequest', 'conflict', 'forbidden', 'notFound', 'unauthorized'].sort(),
    )
    const sample = (code: number, codeDesc: string, message: string, fidelity: string) => ({
      description: codeDesc,
      'x-fidelity': fidelity,
      content: {
        'application/json': {
          ...schema('Error'),
          examples: {
            sample: {
              summary: 'As the emulator says it',
              'x-fidelity': fidelity,
              value: { code, codeDesc, message, requestID: '0d8b3a8e-6a3c-4b0f-9b0e-3a1f5f6a7c21' },
            },
          },
        },
      },
    })
    const ofClient = 'seen in a client'
    expect(responses).toMatchObject({
      badRequest: sample(
        ...([
          15,
          'NCERRBadRequest: Bad HTTP request',
          'Validation errors:\nkeys: must have at least 1 items',
          ofClient,
        ] as const),
      ),
      unauthorized: sample(5, 'NCERRUnauthorizedAccess', 'Wrong username or password.', ofClient),
      forbidden: sample(
        ...([
          403,
          'NCERRInsufficientPermissions',
          'Insufficient permissions: keybulkoperation is required',
          ofClient,
        ] as const),
      ),
      notFound: sample(16, 'NCERRResourceNotFound: Resource not found', 'Resource not found', ofClient),
      tooManyRequests: sample(429, 'NCERRTooManyRequests: Too many requests', 'what was wrong', 'assumed'),
    })
  })

  it('has every schema that it refers to', () => {
    expect(Object.keys(whole.components!.schemas!)).toEqual([
      ...['azure.bulkjobs.CreateRequest', 'azure.bulkjobs.Job', 'azure.bulkjobs.Page'],
      ...['aws.bulkjob.CreateRequest', 'aws.bulkjob.Job', 'aws.bulkjob.Page', 'SignInRequest', 'TokenResponse'],
      ...['RefreshToken', 'RefreshTokenPage', 'RevokeRequest', 'KeySet', 'SelfUser', 'DomainPage', 'SystemInfo'],
      ...['Cluster', 'Empty', 'Error'],
    ])
    expect(at(whole, 'components', 'schemas', 'Empty')).toEqual({
      ...{ type: 'object', description: 'Nothing.', 'x-fidelity': 'assumed' },
    })
    expect(at(whole, 'components', 'schemas', 'RefreshTokenPage', 'properties', 'resources', 'items')).toEqual({
      $ref: '#/components/schemas/RefreshToken',
    })
  })
})

describe('the switches of an emulator', () => {
  it('are in its document: statuses, the version, and whether unknown fields are refused', () => {
    const other = documentOf({
      ...{ cmVersion: '2.16', createStatus: 202, cancelStatus: 202, deleteStatus: 200, strictFields: true },
    })
    expect(at(other, 'info', 'version')).toBe('2.16')
    const statuses = (...keys: readonly string[]) => Object.keys(at(other, 'paths', ...keys, 'responses')!)
    expect(statuses('/v1/cckm/aws/bulkjob', 'post')).toContain('202')
    expect(statuses('/v1/cckm/aws/bulkjob/{id}/cancel', 'post')).toContain('202')
    expect(at(other, 'paths', '/v1/cckm/azure/bulkjobs/{id}', 'delete', 'responses', '200')).toMatchObject({
      content: { 'application/json': schema('Empty') },
    })
    for (const [document, forbids] of [
      [whole, undefined],
      [other, false],
    ] as const)
      for (const path of [[], ['properties', 'delete_key_backups_param']])
        expect(
          at(document, 'components', 'schemas', 'azure.bulkjobs.CreateRequest', ...path, 'additionalProperties'),
        ).toBe(forbids)
  })
})

describe('a note', () => {
  it('says how sure it is', () => {
    expect([documented('a'), seen('b'), assumed('c')]).toEqual([
      { description: 'a', 'x-fidelity': 'documented' },
      { description: 'b', 'x-fidelity': 'seen in a client' },
      { description: 'c', 'x-fidelity': 'assumed' },
    ])
  })

  it('goes to its field, at any depth, and leaves others and the form as they are', () => {
    const inner = {
      type: 'object',
      properties: { b: { type: 'string' } },
      additionalProperties: false,
      required: ['b'],
    }
    const form = { type: 'object', properties: { a: inner, b: { type: 'array' } }, additionalProperties: false }
    const notes = { a: seen('outer'), 'a.b': assumed('inner') }
    const noted = (more: object) => ({
      type: 'object',
      properties: {
        a: {
          ...{ type: 'object', required: ['b'], ...more, ...notes.a },
          properties: { b: { type: 'string', ...notes['a.b'] } },
        },
        b: { type: 'array' },
      },
      ...more,
    })
    expect(annotate(form, notes, { strict: false })).toEqual(noted({}))
    expect(annotate(form, notes, { strict: true })).toEqual(noted({ additionalProperties: false }))
    const open = { type: 'object', properties: {} }
    expect(annotate(open, {}, { strict: true })).toStrictEqual(open)
  })
})
