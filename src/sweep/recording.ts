import type { RequestAnswer } from '../client/answers/requests.ts'

/** The requests of one run in one of its domains, in order of arrival. */
export interface DomainRecording {
  /** The part of the domain's name after the run's id; empty for the run's own domain. */
  readonly suffix: string
  readonly requests: readonly RequestAnswer[]
}

/** The first thing in which two runs differ. */
interface Difference {
  readonly suffix: string
  /** Which request of that domain, from 1. */
  readonly index: number
  /** The request on one line; undefined if the run made no such request. */
  readonly first: string | undefined
  readonly second: string | undefined
}

/** The domains with requests, sorted by name. */
export function inOrder<T extends DomainRecording>(recordings: readonly T[]): T[] {
  const asked = recordings.filter(({ requests }) => requests.length > 0)
  return asked.sort((a, b) => (a.suffix < b.suffix ? -1 : 1))
}

/**
 * The first difference of two runs, domain by domain and request by request, in operation, method, path or status. Ids
 * are compared by their order of appearance, since each run has its own.
 */
export function firstDifference(
  first: readonly DomainRecording[],
  second: readonly DomainRecording[],
): Difference | undefined {
  const suffixes = [...new Set([...first, ...second].map(({ suffix }) => suffix))].sort()
  for (const suffix of suffixes) {
    const [one, other] = [linesOf(first, suffix), linesOf(second, suffix)]
    const length = Math.max(one.length, other.length)
    const index = Array.from({ length }, (_, place) => place).find((place) => one[place] !== other[place])
    if (index !== undefined) return { suffix, index: index + 1, first: one[index], second: other[index] }
  }
  return undefined
}

function linesOf(recordings: readonly DomainRecording[], suffix: string): string[] {
  const { requests = [] } = recordings.find((each) => each.suffix === suffix) ?? {}
  const mask = idMask()
  return requests.map(({ operation, method, path, status }) => {
    const answer = status === null ? 'no answer' : String(status)
    return `${operation}: ${method} ${mask(path)} -> ${answer}`
  })
}

/** Replaces ids by their order of appearance. */
export function idMask(): (text: string) => string {
  const names = new Map<string, string>()
  const named = (id: string): string => {
    if (!names.has(id)) names.set(id, `{id ${names.size + 1}}`)
    return names.get(id) ?? id
  }
  return (text) => text.replace(UUID, named)
}

const UUID = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/gi

/** A difference as a sentence. */
export function differenceText({ suffix, index, first, second }: Difference): string {
  const where = suffix === '' ? '' : ` of ${suffix}`
  return `request ${index}${where} was ${first ?? 'not there'} in the first run, and ${second ?? 'not there'} in the second`
}
