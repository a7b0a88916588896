import type { FastifyInstance } from 'fastify'
import type { Domain } from '../domain/domain.ts'
import { formatInstant } from '../wire/timestamps.ts'
import type { Caller } from './caller.ts'

/** Tells a domain's watchers of each answered request of the vendor's API. */
export function tellOfRequests(app: FastifyInstance): void {
  app.addHook('onResponse', (request, reply, done) => {
    const domain = domainOf(request)
    if (domain?.requests.isWatched === true)
      domain.requests.tell({
        at: formatInstant(domain.now()),
        operation: request.routeOptions.config.operation ?? 'unknown',
        method: request.method,
        path: request.url.split('?')[0] ?? '',
        status: reply.statusCode,
        durationMs: Math.round(reply.elapsedTime * 1000) / 1000,
      })
    done()
  })
}

/** A sign-in has no caller, nor has a request that was refused for its token. */
function domainOf({ caller }: { readonly caller?: Caller }): Domain | undefined {
  return caller?.domain
}
