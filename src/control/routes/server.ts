import { DocumentAnswerSchema, InfoAnswerSchema } from '../../client/answers/domain-schemas.ts'
import type { Domains } from '../../domain/registry.ts'
import { EmulatorError } from '../../errors.ts'
import { FAMILIES } from '../../wire/families/index.ts'
import type { Family } from '../../wire/family.ts'
import { KINDS_BY_INTEREST } from '../../wire/resources/index.ts'
import { clockAnswer, transitionAnswer } from '../answers.ts'
import { domainRoute, serverRoute, type Call, type ControlRoute, type ServerEvent } from '../route.ts'
import { flagOf } from '../values.ts'
import { createEventQueue } from '../event-queue.ts'
import { requestNews } from '../journal-answers.ts'
import { controlDocument } from '../openapi.ts'

export interface ServerRoutes {
  readonly version: string
  readonly domains: Domains
  /** The certificate of the CA, as PEM; undefined where TLS is off or the certificate is the user's own. */
  readonly caCertificate: () => Promise<string | undefined>
  readonly metrics: () => Promise<{ readonly text: string; readonly type: string }>
  readonly allRoutes: () => readonly ControlRoute[]
}

/** What belongs to the whole server, and the stream of what happens in a domain. */
export function serverRoutes({ version, domains, caCertificate, metrics, allRoutes }: ServerRoutes): ControlRoute[] {
  return [
    serverRoute('GET', '/info', {
      summary: 'Which emulator this is',
      answers: { 200: InfoAnswerSchema },
      handle: () => ({
        json: {
          name: 'cckm-emulator',
          version,
          cmVersion: domains.root().settings.cmVersion,
          domains: domains.all().length,
          families: FAMILIES.map(familyInfo),
          kinds: KINDS_BY_INTEREST.map(({ name, container, behaviour: { summary } }) => ({
            name,
            states: summary.states.map(({ word }) => word),
            ...(container !== name && { container }),
          })),
        },
      }),
    }),
    serverRoute('GET', '/tls/ca.pem', {
      summary: 'The certificate that clients have to trust',
      answers: { 200: 'application/x-pem-file' },
      handle: async () => {
        const pem = await caCertificate()
        if (pem === undefined) throw new EmulatorError('notFound', 'this emulator made no CA', 'see --tls')
        return { text: pem, type: 'application/x-pem-file' }
      },
    }),
    serverRoute('GET', '/openapi.json', {
      summary: 'This API as an OpenAPI document',
      answers: { 200: DocumentAnswerSchema },
      handle: () => ({ json: controlDocument(allRoutes(), version) }),
    }),
    serverRoute('GET', '/metrics', { summary: 'Prometheus text', answers: { 200: 'text/plain' }, handle: metrics }),
    domainRoute('GET', '/events', {
      summary: 'Server-sent events: each request and each transition, as they happen, and a word on other changes',
      query: ['changes'],
      answers: { 200: 'text/event-stream' },
      handle: (call) => ({ events: newsOf(call) }),
    }),
  ]
}

/** Requests, transitions and other changes, in the order in which they come. It listens from now on, whenever it is read. */
function newsOf({ domain, query, signal }: Call<'/events', 'changes'>): AsyncIterable<readonly ServerEvent[]> {
  const { add, end, ended, read } = createEventQueue()
  const stopRequests = domain.requests.watch((request) => {
    add({ event: 'request', data: requestNews(request) })
  })
  const stopTransitions = domain.clock.watch((transitions) => {
    for (const transition of transitions) add({ event: 'transition', data: transitionAnswer(transition) })
  }, end)
  if (flagOf(query.changes, '/changes')) void watchChanges(domain, ended, add).catch(end)
  ended.addEventListener('abort', () => {
    stopRequests()
    stopTransitions()
  })
  signal.addEventListener('abort', end)
  if (signal.aborted) end()
  return read()
}

/** Something that is neither a request nor a transition may have changed: the clock, a fault, the domain as a whole. */
async function watchChanges(
  domain: Call['domain'],
  signal: AbortSignal,
  add: (event: ServerEvent) => void,
): Promise<void> {
  for await (const _change of domain.changes(signal))
    add({ event: 'change', data: { clock: clockAnswer(domain.clock.read()) } })
}

function familyInfo({ name, operations, request: { itemField, examples } }: Family) {
  const [example] = Object.values(examples)
  return { name, operations, itemField, ...(example !== undefined && { example: example.value }) }
}
