import { formatInstant, parseInstant, type Instant } from './instants.ts'

export const TABS = ['jobs', 'keys', 'requests', 'faults', 'polling', 'states'] as const
export type Tab = (typeof TABS)[number]

/** The part of the page's state that a link contains. */
export interface PageState {
  readonly domain: string
  /** The instant viewed; undefined: now. */
  readonly at: Instant | undefined
  readonly job: string | undefined
  /** The id of a resource. */
  readonly key?: string | undefined
  /** The id of a request. */
  readonly request?: string | undefined
  readonly tab: Tab
}

const HOME: PageState = {
  domain: 'root',
  at: undefined,
  job: undefined,
  key: undefined,
  request: undefined,
  tab: 'jobs',
}

/** Reads the part of the address after `#`; invalid values count as absent. */
export function parsePlace(hash: string): PageState {
  const params = new URLSearchParams(hash.replace(/^#/, ''))
  const at = params.get('at')
  return {
    domain: params.get('domain') ?? HOME.domain,
    at: at === null ? undefined : parseInstant(at),
    job: params.get('job') ?? undefined,
    key: params.get('key') ?? undefined,
    request: params.get('request') ?? undefined,
    tab: TABS.find((tab) => tab === params.get('view')) ?? HOME.tab,
  }
}

/** The part of an address from `#` on. It always names the domain. */
export function formatPlace({ domain, at, job, key, request, tab }: PageState): string {
  const params = new URLSearchParams({ domain })
  if (at !== undefined) params.set('at', formatInstant(at))
  for (const [name, value] of Object.entries({ job, key, request })) if (value !== undefined) params.set(name, value)
  if (tab !== HOME.tab) params.set('view', tab)
  // A colon need not be escaped here, and instants are easier to read with it.
  return `#${params.toString().replaceAll('%3A', ':')}`
}
