// The OpenAPI document: valid, complete in both directions, with a certainty for every part, and consistent with its
// examples.

import { readFileSync } from 'node:fs'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { Validator } from '@seriousme/openapi-schema-validator'
import type { FastifyInstance, RouteOptions } from 'fastify'
import { beforeAll, describe, expect, it } from 'vitest'
import { createEmulator } from '../../src/index.ts'
import { createCheck, operationsOf, readDocument, type Document, type Media, type Operation } from './read-document.ts'

const CERTAINTIES = ['documented', 'seen in a client', 'assumed', 'measured']

let document: Document
let operations: Operation[]
beforeAll(async () => {
  document = await readDocument()
  operations = operationsOf(document)
})

/** Every route of an emulator, from Fastify's diagnostics channel. */
async function routesOf(): Promise<RouteOptions[]> {
  const routes: RouteOptions[] = []
  const listen = (message: unknown) => {
    const { fastify } = message as { fastify: FastifyInstance }
    fastify.addHook('onRoute', (route) => void routes.push({ ...route }))
  }
  subscribe('fastify.initialization', listen)
  await using _emulator = await createEmulator({ seed: 'none' })
  unsubscribe('fastify.initialization', listen)
  return routes
}

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const result = await new Validator().validate(structuredClone(document) as object as Record<string, unknown>)
    expect(result).toMatchObject({ valid: true })
    expect(document.openapi).toMatch(/^3\.1\./)
  })

  it('has exactly the routed operations', async () => {
    const routed = (await routesOf())
      .filter(({ url, config }) => url.startsWith('/api/v1/') && config?.operation !== undefined)
      .flatMap(({ url, method, config }) => [method].flat().map((it) => `${it} ${url} ${config?.operation ?? ''}`))
      .filter((line) => !line.startsWith('HEAD '))
      .map((line) => line.replace('/api/v1/', '/v1/').replaceAll(/:(\w+)/g, '{$1}'))
    const described = operations.map((it) => `${it.method.toUpperCase()} ${it.path} ${it['x-operation']}`)
    expect(described.sort()).toEqual(routed.sort())
    expect(new Set(operations.map((it) => it.operationId)).size).toBe(operations.length)
  })

  it('states the certainty of every operation, parameter and field', () => {
    const unsure: string[] = []
    const look = (schema: unknown, at: string): void => {
      if (schema === null || typeof schema !== 'object') return
      const { properties = {}, items, additionalProperties, anyOf = [] } = schema as Record<string, object | undefined>
      for (const [name, field] of Object.entries(properties)) {
        if (!CERTAINTIES.includes((field as Record<string, string>)['x-fidelity']!)) unsure.push(`${at}.${name}`)
        look(field, `${at}.${name}`)
      }
      for (const part of [items, additionalProperties, ...(anyOf as object[])]) look(part, at)
    }
    for (const [name, schema] of Object.entries(document.components.schemas)) look(schema, name)
    for (const { operationId, parameters = [], ...operation } of operations) {
      if (!CERTAINTIES.includes(operation['x-fidelity'])) unsure.push(operationId)
      for (const it of parameters) if (!CERTAINTIES.includes(it['x-fidelity'])) unsure.push(`${operationId}?${it.name}`)
    }
    expect(unsure).toEqual([])
  })

  it('has examples that match their schemas', () => {
    const check = createCheck(document)
    const answers = [
      ...operations.flatMap((it) => Object.values(it.responses)),
      ...Object.values(document.components.responses),
    ]
    const media = [...answers, ...operations.map((it) => it.requestBody)]
      .flatMap((it) => Object.values(it?.content ?? {}))
      .flatMap(({ schema, examples = {} }: Media) => Object.values(examples).map(({ value }) => ({ schema, value })))
    expect(media.length).toBeGreaterThan(20)
    expect(media.flatMap(({ schema, value }) => check(schema, value).map((error) => ({ error, value })))).toEqual([])
  })

  it('has both documented jobs as examples, byte for byte', () => {
    const seeds = JSON.parse(
      readFileSync(new URL('../../fixtures/seeds/documented.json', import.meta.url), 'utf8'),
    ) as {
      jobs: { job: object }[]
    }
    const examples = operations.flatMap((it) =>
      Object.values(it.responses['200']?.content?.['application/json']?.examples ?? {}),
    )
    const texts = examples.filter((it) => it['x-fidelity'] === 'documented').map(({ value }) => JSON.stringify(value))
    for (const { job } of seeds.jobs) expect(texts).toContain(JSON.stringify(job))
  })

  it('requires a token except where none is needed', () => {
    const open = operations.filter(({ security }) => security?.length === 0).map(({ operationId }) => operationId)
    expect(open.sort()).toEqual(['auth.jwks', 'auth.tokens.create', 'auth.tokens.revoke'])
  })

  it('follows the settings of the emulator', async () => {
    const settings = {
      createStatus: 202,
      cancelStatus: 202,
      deleteStatus: 200,
      strictFields: true,
      cmVersion: '2.16',
    } as const
    const switched = await readDocument({ settings })
    const statuses = (id: string) =>
      Object.keys(operationsOf(switched).find(({ operationId }) => operationId === id)!.responses).filter(
        (it) => it < '300',
      )
    expect(switched.info.version).toBe('2.16')
    expect(statuses('aws.bulkjob.create')).toEqual(['202'])
    expect(statuses('aws.bulkjob.cancel')).toEqual(['202'])
    expect(statuses('azure.bulkjobs.delete')).toEqual(['200'])
    for (const [family, body] of [
      ['aws.bulkjob', { keys: ['k'], operation: 'enablekey', surplus: 1 }],
      ['azure.bulkjobs', { operation: 'delete-key-backups', delete_key_backups_param: { surplus: 1 } }],
    ] as const) {
      const schema = { $ref: `#/components/schemas/${family}.CreateRequest` }
      expect(createCheck(document)(schema, body)).toEqual([])
      expect(createCheck(switched)(schema, body)).not.toEqual([])
    }
  })
})
