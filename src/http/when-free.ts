import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Domain } from '../domain/domain.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether a call of the route writes into the domain. */
    writes?: boolean | ((request: FastifyRequest) => boolean)
  }
}

/**
 * Goes on at once or, for a call that writes, once no large call of the domain is under way: what it writes would be lost, or
 * be seen too early. Nothing may be awaited between going on and writing. A call whose client goes away meanwhile ends there.
 */
export function whenFree({ request, reply }: Answering, domain: Domain, done: (error?: Error) => void): void {
  if (domain.busy === undefined || !writes(request)) {
    done()
    return
  }
  void domain.busy.then(() => {
    if (reply.raw.destroyed) return
    try {
      whenFree({ request, reply }, domain, done)
    } catch (error) {
      done(error as Error)
    }
  })
}

interface Answering {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

function writes(request: FastifyRequest): boolean {
  const { writes: declared = false } = request.routeOptions.config
  return typeof declared === 'function' ? declared(request) : declared
}
