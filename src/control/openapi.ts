import type { ControlRoute } from './route.ts'
import { pathsOf } from './paths.ts'

/** The control API as an OpenAPI document, made from the rows that the routes are made from. */
export function controlDocument(routes: readonly ControlRoute[], version: string): object {
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

function operationOf({ summary, body, query = [] }: ControlRoute, path: string): object {
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name]) => parameter(String(name), 'path'))
  return {
    summary,
    parameters: [...inPath, ...query.map((name) => parameter(name, 'query'))],
    ...(body !== undefined && { requestBody: { content: { 'application/json': { schema: body } } } }),
    responses: { '2XX': { description: 'done' }, default: { description: '{"error":{"code","message","pointer"}}' } },
  }
}

function parameter(name: string, place: 'path' | 'query'): object {
  return { name, in: place, required: place === 'path', schema: { type: 'string' } }
}
