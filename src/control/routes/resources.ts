import {
  ResourceAnswerSchema,
  ResourceHistoryAnswerSchema,
  ResourceListAnswerSchema,
} from '../../client/answer-schemas.ts'
import { NewResourceBody } from '../../client/schemas.ts'
import type { ResourceReading } from '../../domain/inventory.ts'
import { didYouMean } from '../../model/nearest.ts'
import type { KindName } from '../../model/resource.ts'
import { separated } from '../../wire/page.ts'
import { toJson } from '../../wire/raw-json.ts'
import { formatInstant } from '../../wire/timestamps.ts'
import { domainRoute, NO_CONTENT, type ControlRoute } from '../route.ts'
import { countOf, flagOf, instantOf, invalid, skipOf } from '../values.ts'

export interface ResourceRoutes {
  readonly kinds: readonly KindName[]
}

const PAGE = 100

/** Looking at the inventory at any instant, adding to it and removing from it. */
export function resourceRoutes({ kinds }: ResourceRoutes): ControlRoute[] {
  return [
    domainRoute('GET', '/resources', {
      summary: 'The resources of the inventory as they are, or were, or will be at an instant',
      query: ['kind', 'at', 'hidden', 'limit', 'skip'],
      answers: { 200: ResourceListAnswerSchema },
      handle: async ({ domain, query, signal }) => {
        const limit = countOf(query.limit, '/limit', PAGE)
        const filter = {
          closed: signal,
          at: query.at === undefined ? undefined : instantOf(query.at, '/at'),
          kind: kindOf(query.kind, kinds),
          hidden: flagOf(query.hidden, '/hidden'),
          skip: skipOf(query.skip),
          limit: limit === -1 ? undefined : limit,
        }
        const { total, resources } = await domain.inventory.list(filter, (step) => [
          step.map((resource) => resourceText(resource)).join(','),
        ])
        return { parts: [`{"total":${total},"resources":[`, ...separated(resources), ']}'] }
      },
    }),
    domainRoute('POST', '/resources', {
      summary: 'Adds a resource, written as an element of a seed',
      body: NewResourceBody,
      answers: { 201: ResourceAnswerSchema },
      handle: ({ domain, body, requestId }) => {
        const { id, kind, record } = domain.inventory.add(body, requestId)
        return { status: 201, json: { id, kind, record } }
      },
    }),
    domainRoute('GET', '/resources/:id', {
      summary: 'One resource with all its changes, past and to come',
      query: ['at'],
      answers: { 200: ResourceHistoryAnswerSchema },
      handle: ({ domain, params, query }) => {
        const at = query.at === undefined ? undefined : instantOf(query.at, '/at')
        const { effects, ...resource } = domain.inventory.look(params.id, at)
        const written = effects.map(({ at: when, change, by }) => ({
          at: formatInstant(when),
          change: change.name,
          by,
        }))
        return { text: resourceText(resource, [['effects', JSON.stringify(written)]]) }
      },
    }),
    domainRoute('DELETE', '/resources/:id', {
      summary: 'Removes a resource: it is no longer there from now on',
      answers: NO_CONTENT,
      handle: ({ domain, params, requestId }) => {
        domain.inventory.remove(params.id, requestId)
        return { status: 204 }
      },
    }),
  ]
}

/** A resource with its record as it is sent to clients. */
function resourceText({ id, kind, text, isHidden }: ResourceReading, more: readonly [string, string][] = []): string {
  return toJson([
    ['id', JSON.stringify(id)],
    ['kind', JSON.stringify(kind)],
    ['record', text],
    ...(isHidden ? [['hidden', 'true'] as [string, string]] : []),
    ...more,
  ])
}

function kindOf(text: string | undefined, kinds: readonly KindName[]): KindName | undefined {
  if (text === undefined || kinds.includes(text)) return text
  throw invalid('/kind', `${JSON.stringify(text)} is none of ${kinds.join(', ')}${didYouMean(text, kinds)}`)
}
