import { STATUS_CODES } from 'node:http'
import type { TSchema } from 'typebox'
import { ErrorAnswerSchema } from '../client/answers/domain-schemas.ts'
import type { AnswerSchemas, ControlRoute } from './route.ts'
import { pathsOf } from './paths.ts'

/** The control API as an OpenAPI document, made from the rows that the routes are made from. */
export function controlDocument(routes: readonly ControlRoute[], version: string): Readonly<Record<string, unknown>> {
  const paths: Record<string, Record<string, object>> = {}
  for (const route of routes)
    for (const path of pathsOf(route))
      (paths[path.replace(/:(\w+)/g, '{$1}')] ??= {})[route.method.toLowerCase()] = operationOf(route, path)
  return {
    openapi: '3.1.0',
    info: {
      title: 'cckm-emulator control API',
      version,
      description: 'Drives the emulator. No part of CipherTrust Manager.',
    },
    paths,
  }
}

function operationOf({ summary, body, query = [], answers }: ControlRoute, path: string): object {
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name]) => parameter(String(name), 'path'))
  return {
    summary,
    parameters: [...inPath, ...query.map((name) => parameter(name, 'query'))],
    ...(body !== undefined && { requestBody: { content: jsonContent(body) } }),
    responses: {
      ...responsesOf(answers),
      default: { description: 'a refusal', content: jsonContent(ErrorAnswerSchema) },
    },
  }
}

function parameter(name: string, place: 'path' | 'query'): object {
  return { name, in: place, required: place === 'path', schema: { type: 'string' } }
}

function responsesOf(answers: AnswerSchemas): object {
  const responses = Object.entries(answers).map(([status, answer]) => {
    const content = typeof answer === 'string' ? { [answer]: {} } : answer === null ? undefined : jsonContent(answer)
    return [status, { description: STATUS_CODES[status], ...(content !== undefined && { content }) }]
  })
  return Object.fromEntries(responses) as object
}

function jsonContent(schema: TSchema): object {
  return { 'application/json': { schema } }
}
