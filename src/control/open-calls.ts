import type { FastifyReply, FastifyRequest } from 'fastify'
import type { RequestNewsAnswer } from '../client/answers/requests.ts'
import type { Domain } from '../domain/domain.ts'
import { formatInstant } from '../wire/timestamps.ts'

/** A call of the control API that is not answered yet. */
interface OpenCall {
  /** Aborts when the client disconnects, the domain interrupts its calls, or the server stops. */
  readonly signal: AbortSignal
  /** Registers the call with its domain, once that is known. */
  readonly joins: (domain: Domain) => void
  /** From now on the domain cannot interrupt the call. */
  readonly leaves: () => void
  /** Marks the response as a stream, which does not count as waiting because it has no end of its own. */
  readonly becomesStream: () => void
  /** Does the work. @throws the error with which the domain has interrupted the call, whatever the outcome of the work */
  readonly untilInterrupted: <T>(work: () => Promise<T> | T) => Promise<T>
}

/** The calls of the control API in progress. */
export interface OpenCalls {
  readonly begin: (request: FastifyRequest, reply: FastifyReply) => OpenCall
  /** The calls of a domain, except this one, that clients wait for. */
  readonly waitingIn: (domain: Domain, besides: OpenCall) => readonly RequestNewsAnswer[]
  /** Aborts all. */
  readonly end: () => void
}

interface Waiting {
  readonly domain: Domain
  readonly news: RequestNewsAnswer
}

/** Not AbortSignal.any(): a signal that lives as long as the server would keep every call in memory. */
export function createOpenCalls(): OpenCalls {
  const controllers = new Set<AbortController>()
  const waiting = new Map<OpenCall, Waiting>()
  let isOver = false
  return {
    begin: (request, { raw }) => {
      const controller = new AbortController()
      let interruption: Error | undefined
      let leave = (): void => undefined
      const call: OpenCall = {
        signal: controller.signal,
        joins: (domain) => {
          waiting.set(call, { domain, news: newsOf(request, domain) })
          leave = domain.onInterrupt((error) => {
            interruption = error
            controller.abort()
          })
        },
        leaves: () => {
          leave()
        },
        becomesStream: () => void waiting.delete(call),
        untilInterrupted: async (work) => {
          const outcome = await settled(work)
          if (interruption !== undefined) throw interruption
          return outcome()
        },
      }
      if (isOver) controller.abort()
      controllers.add(controller)
      raw.once('close', () => {
        controllers.delete(controller)
        waiting.delete(call)
        leave()
        controller.abort()
      })
      return call
    },
    waitingIn: (domain, besides) =>
      [...waiting].filter(([call, each]) => call !== besides && each.domain === domain).map(([, { news }]) => news),
    end: () => {
      isOver = true
      for (const controller of controllers) controller.abort()
    },
  }
}

function newsOf({ method, url, routeOptions }: FastifyRequest, domain: Domain): RequestNewsAnswer {
  const { operation = 'control' } = routeOptions.config
  const path = url.split('?', 1)[0] ?? ''
  return { at: formatInstant(domain.clock.now()), operation, method, path, status: null, durationMs: null }
}

/** The outcome of work as a function that returns it or throws it. */
async function settled<T>(work: () => Promise<T> | T): Promise<() => T> {
  try {
    const result = await work()
    return () => result
  } catch (error) {
    return () => {
      throw error
    }
  }
}
