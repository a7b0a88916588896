import {
  ResourceAnswerSchema,
  ResourceHistoryAnswerSchema,
  ResourceListAnswerSchema,
  ResourceMatchesAnswerSchema,
  ResourceTimelineAnswerSchema,
} from '../../client/answers/resource-schemas.ts'
import type { ResourceStepAnswer, ResourceTimelineAnswer } from '../../client/answers/resources.ts'
import { MatchResourcesBody, NewResourceBody } from '../../client/schemas.ts'
import type { ResourceReading, ResourceTimeline } from '../../domain/inventory.ts'
import { didYouMean } from '../../model/nearest.ts'
import { stateOf as wordOf, summaryOf } from '../../model/record-summary.ts'
import type { KindBehaviour, LifeStep, RecordSummary, ResourceRecord } from '../../model/resource.ts'
import { separated } from '../../wire/page.ts'
import { toJson } from '../../wire/raw-json.ts'
import { formatInstant } from '../../wire/timestamps.ts'
import { domainRoute, NO_CONTENT, type ControlRoute } from '../route.ts'
import { countOf, flagOf, instantOf, invalid, skipOf } from '../values.ts'

export interface ResourceRoutes {
  /** The kinds in the order in which people look for them. */
  readonly kinds: readonly KindBehaviour[]
}

const PAGE = 100

/** Looking at the inventory at any instant, adding to it and removing from it. */
export function resourceRoutes({ kinds }: ResourceRoutes): ControlRoute[] {
  const summaryMember = ({ kind, text, since }: ResourceReading): [string, string][] => {
    const behaviour = kinds.find(({ name }) => name === kind)
    const values = behaviour && summaryOf(behaviour.summary, JSON.parse(text) as ResourceRecord)
    return [['summary', JSON.stringify({ ...values, changedAt: formatInstant(since) })]]
  }
  return [
    domainRoute('GET', '/resources', {
      summary: 'The resources of the inventory as they are, or were, or will be at an instant',
      query: ['kind', 'state', 'container', 'search', 'sort', 'summary', 'at', 'hidden', 'limit', 'skip'],
      answers: { 200: ResourceListAnswerSchema },
      handle: async ({ domain, query, signal }) => {
        const limit = countOf(query.limit, '/limit', PAGE)
        const asked = kindOf(query.kind, kinds)
        const filter = {
          closed: signal,
          at: query.at === undefined ? undefined : instantOf(query.at, '/at'),
          kinds: asked.map(({ name }) => name),
          state: stateOf(query.state, kinds),
          container: query.container,
          search: query.search,
          sort: sortOf(query.sort),
          hidden: flagOf(query.hidden, '/hidden'),
          skip: skipOf(query.skip),
          limit: limit === -1 ? undefined : limit,
        }
        const more = flagOf(query.summary, '/summary') ? summaryMember : () => []
        const { total, resources } = await domain.inventory.list(filter, (step) => [
          step.map((resource) => resourceText(resource, more(resource))).join(','),
        ])
        return { parts: [`{"total":${total},"resources":[`, ...separated(resources), ']}'] }
      },
    }),
    domainRoute('POST', '/resources/match', {
      isOpen: true,
      summary: 'Finds resources by their ids or names, such as the items of a job; leaves out unknown ones',
      body: MatchResourcesBody,
      answers: { 200: ResourceMatchesAnswerSchema },
      handle: ({ domain, body }) => ({ json: { resources: domain.inventory.match(body.names) } }),
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
    domainRoute('GET', '/resources/:id/timeline', {
      summary:
        'Everything that happens to a resource, past and future, and its state after each change; also of a removed one',
      answers: { 200: ResourceTimelineAnswerSchema },
      handle: ({ domain, params }) => ({ json: timelineAnswer(domain.inventory.timeline(params.id)) }),
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

function timelineAnswer({ id, kind, summary, steps }: ResourceTimeline): ResourceTimelineAnswer {
  const last = steps.findLast(({ state }) => state !== undefined)?.state?.record ?? {}
  const { name } = summaryOf(summary, last)
  return { id, kind, ...(name !== undefined && { name }), steps: steps.map((step) => stepAnswer(summary, step)) }
}

function stepAnswer(summary: RecordSummary, { at, change, by, state }: LifeStep): ResourceStepAnswer {
  const step = { at: formatInstant(at), change: change?.name ?? 'created', by } as const
  if (state === undefined) return { ...step, removed: true }
  const word = wordOf(summary, state.record)
  return { ...step, ...(word !== undefined && { state: word }), ...(state.isHidden && { hidden: true }) }
}

/** The kinds that a list is of. */
function kindOf(text: string | undefined, kinds: readonly KindBehaviour[]): readonly KindBehaviour[] {
  if (text === undefined) return kinds
  return kinds.filter(
    ({ name }) =>
      name ===
      oneOf(
        text,
        '/kind',
        kinds.map((kind) => kind.name),
      ),
  )
}

function stateOf(text: string | undefined, kinds: readonly KindBehaviour[]): string | undefined {
  const words = kinds.flatMap(({ summary }) => summary.states.map(({ word }) => word))
  return text === undefined ? undefined : oneOf(text, '/state', [...new Set(words)])
}

const SORTS = ['createdAt', 'kind', 'changedAt'] as const

function sortOf(text = 'createdAt'): { readonly by: (typeof SORTS)[number]; readonly descending: boolean } {
  return { by: oneOf(text.replace(/^-/, ''), '/sort', SORTS), descending: text.startsWith('-') }
}

function oneOf<Word extends string>(text: string, pointer: string, words: readonly Word[]): Word {
  const word = words.find((each) => each === text)
  if (word !== undefined) return word
  throw invalid(pointer, `${JSON.stringify(text)} is none of ${words.join(', ')}${didYouMean(text, words)}`)
}
