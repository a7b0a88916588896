import { formatInstant, parseInstant, type Instant } from './instants.ts'

export const TABS = ['jobs', 'requests', 'faults', 'polling', 'states'] as const
export type Tab = (typeof TABS)[number]

/** What a link to the page holds: what is looked at, and when. */
export interface Place {
  readonly domain: string
  /** undefined: now, whatever the clock shows. */
  readonly at: Instant | undefined
  readonly job: string | undefined
  readonly tab: Tab
}

const HOME: Place = { domain: 'root', at: undefined, job: undefined, tab: 'jobs' }

/** Reads the part of the address after `#`; what makes no sense there counts as absent. */
export function parsePlace(hash: string): Place {
  const params = new URLSearchParams(hash.replace(/^#/, ''))
  const at = params.get('at')
  return {
    domain: params.get('domain') ?? HOME.domain,
    at: at === null ? undefined : parseInstant(at),
    job: params.get('job') ?? undefined,
    tab: TABS.find((tab) => tab === params.get('view')) ?? HOME.tab,
  }
}

/** The part of an address after `#`, with it; always with the domain, so that a link says whose world it shows. */
export function formatPlace({ domain, at, job, tab }: Place): string {
  const params = new URLSearchParams({ domain })
  if (at !== undefined) params.set('at', formatInstant(at))
  if (job !== undefined) params.set('job', job)
  if (tab !== HOME.tab) params.set('view', tab)
  // Legible where that is harmless: instants have colons.
  return `#${params.toString().replaceAll('%3A', ':')}`
}
