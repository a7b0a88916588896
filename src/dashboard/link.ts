import { formatInstant, parseInstant, type Instant } from './instants.ts'

export const TABS = ['jobs', 'requests', 'faults', 'polling', 'states'] as const
export type Tab = (typeof TABS)[number]

/** The part of the page's state that a link contains. */
export interface PageState {
  readonly domain: string
  /** The instant viewed; undefined: now. */
  readonly at: Instant | undefined
  readonly job: string | undefined
  readonly tab: Tab
}

const HOME: PageState = { domain: 'root', at: undefined, job: undefined, tab: 'jobs' }

/** Reads the part of the address after `#`; invalid values count as absent. */
export function parsePlace(hash: string): PageState {
  const params = new URLSearchParams(hash.replace(/^#/, ''))
  const at = params.get('at')
  return {
    domain: params.get('domain') ?? HOME.domain,
    at: at === null ? undefined : parseInstant(at),
    job: params.get('job') ?? undefined,
    tab: TABS.find((tab) => tab === params.get('view')) ?? HOME.tab,
  }
}

/** The part of an address from `#` on. It always names the domain. */
export function formatPlace({ domain, at, job, tab }: PageState): string {
  const params = new URLSearchParams({ domain })
  if (at !== undefined) params.set('at', formatInstant(at))
  if (job !== undefined) params.set('job', job)
  if (tab !== HOME.tab) params.set('view', tab)
  // A colon need not be escaped here, and instants are easier to read with it.
  return `#${params.toString().replaceAll('%3A', ':')}`
}
