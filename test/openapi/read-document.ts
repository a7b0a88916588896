// The document as a client receives it, and checks of values against its schemas.

import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { createEmulator, type EmulatorOptions } from '../../src/index.ts'

export interface Media {
  schema: object
  examples?: Record<string, { value: unknown; 'x-fidelity': string; summary: string }>
}

export interface Answer {
  $ref?: string
  description: string
  content?: Record<string, Media>
}

export interface OperationObject {
  operationId: string
  'x-operation': string
  'x-fidelity': string
  'x-source': string
  security?: unknown[]
  parameters?: { name: string; in: string; schema: object; 'x-fidelity': string }[]
  requestBody?: { content: Record<string, Media> }
  responses: Record<string, Answer>
}

export interface Document {
  openapi: string
  info: { title: string; version: string; description: string }
  paths: Record<string, Record<string, OperationObject>>
  components: { schemas: Record<string, object>; responses: Record<string, Answer> }
}

/** The document of an emulator with these options, fetched without a token. */
export async function readDocument(options: EmulatorOptions = {}): Promise<Document> {
  await using emulator = await createEmulator({ seed: 'none', ...options })
  const answer = await emulator.inject('/openapi.json')
  return answer.json<Document>()
}

export interface Operation extends OperationObject {
  method: string
  path: string
}

export const operationsOf = ({ paths }: Document): Operation[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ ...operation, method, path })),
  )

/** The operation of a request line, such as `GET /api/v1/system/info`. */
export function findOperation(document: Document, method: string, url: string): Operation | undefined {
  const [path = ''] = url.replace(/^\/api/, '').split('?')
  const fits = (template: string) => new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+')}/?$`).test(path)
  const fitting = operationsOf(document).filter((it) => it.method === method.toLowerCase() && fits(it.path))
  // A path without parameters wins, as in the router.
  return fitting.find((it) => !it.path.includes('{')) ?? fitting[0]
}

/** The schema of an operation's response with a status; undefined if it has no body. */
export function answerSchema(document: Document, operation: Operation, status: number): object | undefined {
  const answer = operation.responses[String(status)]
  if (answer === undefined) throw new Error(`${operation.operationId} knows no answer ${status}`)
  const whole = answer.$ref ? document.components.responses[answer.$ref.split('/').at(-1)!]! : answer
  return whole.content?.['application/json']?.schema
}

/** A copy in which a schema with named fields allows no others. */
export function closed<T>(value: T): T {
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(closed) as T
  const copy = Object.fromEntries(Object.entries(value).map(([key, member]) => [key, closed(member as unknown)]))
  const names = copy.type === 'object' && Object.keys(copy.properties ?? {}).length > 0
  return { ...copy, ...(names && !('additionalProperties' in copy) && { additionalProperties: false }) } as T
}

/** Checks values against schemas of the document; returns the errors. Compiles each schema once, which takes most of the time. */
export function createCheck(document: Document): (schema: object, value: unknown) => ErrorObject[] {
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  addFormats.default(ajv)
  ajv.addSchema({ $id: 'document', components: document.components })
  const compiled = new Map<string, ValidateFunction>()
  return (schema, value) => {
    const text = JSON.stringify(schema).replaceAll('"#/', '"document#/')
    const validate = compiled.get(text) ?? ajv.compile(JSON.parse(text) as object)
    compiled.set(text, validate)
    return validate(value) ? [] : validate.errors!
  }
}
