import type { FastifyRequest } from 'fastify'
import type { Domain } from '../domain/domain.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether a call of the route writes into the domain. */
    writes?: boolean | ((request: FastifyRequest) => boolean)
  }
}

/**
 * Goes on at once or, for a call that writes, once no large call of the domain is under way: what it writes would be lost, or
 * be seen too early. Nothing may be awaited between going on and writing.
 */
export function whenFree(request: FastifyRequest, domain: Domain, done: (error?: Error) => void): void {
  if (domain.busy === undefined || !writes(request)) {
    done()
    return
  }
  void domain.busy.then(() => {
    try {
      whenFree(request, domain, done)
    } catch (error) {
      done(error as Error)
    }
  })
}

function writes(request: FastifyRequest): boolean {
  const { writes: declared = false } = request.routeOptions.config
  return typeof declared === 'function' ? declared(request) : declared
}
