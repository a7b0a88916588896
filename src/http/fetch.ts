import type { InjectOptions, LightMyRequestResponse } from 'fastify'

/** A web Request as the in-process transport takes it. */
export async function requestToInject(request: Request): Promise<InjectOptions> {
  const { pathname, search } = new URL(request.url)
  const body = Buffer.from(await request.arrayBuffer())
  return {
    method: request.method,
    url: pathname + search,
    headers: Object.fromEntries(request.headers),
    ...(body.length > 0 && { payload: body }),
  }
}

/** Statuses that a web Response may have no body for. */
const BODILESS = new Set([101, 204, 205, 304])

/** The answer of the in-process transport as a web Response. */
export function injectToResponse({ statusCode, headers, rawPayload }: LightMyRequestResponse): Response {
  const fields = Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((one): [string, string] => [name, String(one)]),
  )
  const body = BODILESS.has(statusCode) ? null : new Uint8Array(rawPayload)
  return new Response(body, { status: statusCode, headers: fields })
}
