import type { FastifyInstance, FastifyRequest } from 'fastify'
import { EmulatorError } from '../errors.ts'

type Done = (error: Error | null, body?: unknown) => void

/**
 * Bodies are JSON whatever their Content-Type says, and an empty one is no body: real clients send a JSON Content-Type
 * on a cancel or a delete that has none (Ansible, the Python SDK, the Terraform provider).
 */
export function acceptJsonBodies(app: FastifyInstance): void {
  const parseJson = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  // Fastify refuses a body before any parser sees it if its Content-Type is none at all.
  app.addHook('onRequest', ({ raw: { headers } }, _reply, done) => {
    const type = headers['content-type']
    if (type !== undefined && !MEDIA_TYPE.test(type)) headers['content-type'] = JSON_TYPE
    done()
  })
  app.addContentTypeParser('*', { parseAs: 'string' }, (request: FastifyRequest, text: string, done: Done) => {
    request.bodyLength = text.length
    if (text.trim() === '') done(null, undefined)
    else
      void parseJson(request, text, (error, body) => {
        done(error ?? (isDeeperThan(MOST_LEVELS, body) ? tooDeep() : null), body)
      })
  })
}

const JSON_TYPE = 'application/json'
const MEDIA_TYPE = /^[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+\s*(;|$)/

/** Whatever walks through a body does so recursively, and must not run out of stack; CM's own bodies have three levels. */
const MOST_LEVELS = 100

function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some((member) => isDeeperThan(levels - 1, member))
}

function tooDeep(): EmulatorError {
  return new EmulatorError('badRequest', `Validation errors:\nbody: has more than ${MOST_LEVELS} levels`)
}
