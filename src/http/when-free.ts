import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Domain } from '../domain/domain.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** True if a call of the route writes into the domain. */
    writes?: boolean | ((request: FastifyRequest) => boolean) | undefined
  }
}

/**
 * Calls `done` at once or, for a call that writes, once no large call of the domain is running: its writes would be
 * lost, or become visible too early. Nothing may be awaited between `done` and the write. If the client disconnects
 * first, `done` is never called.
 */
export function whenFree({ request, reply }: RequestAndReply, domain: Domain, done: (error?: Error) => void): void {
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

interface RequestAndReply {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

function writes(request: FastifyRequest): boolean {
  const { writes: declared = false } = request.routeOptions.config
  return typeof declared === 'function' ? declared(request) : declared
}
