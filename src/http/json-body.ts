import type { FastifyInstance, FastifyRequest } from 'fastify'

type Done = (error: Error | null, body?: unknown) => void

/**
 * Bodies are JSON whatever their Content-Type says, and an empty one is no body: real clients send a JSON Content-Type
 * on a cancel or a delete that has none (Ansible, the Python SDK, the Terraform provider).
 */
export function acceptJsonBodies(app: FastifyInstance): void {
  const parseJson = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'string' }, (request: FastifyRequest, text: string, done: Done) => {
    if (text.trim() === '') done(null, undefined)
    else void parseJson(request, text, done)
  })
}
