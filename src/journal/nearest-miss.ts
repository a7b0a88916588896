import type { JournalEntry, RequestQuery } from '../model/journal.ts'
import { FIELDS, matchesField } from './journal.ts'

/** The request that is most similar to a query, and the fields in which it differs. */
export interface NearestMiss {
  readonly entry: JournalEntry
  readonly differs: readonly (typeof FIELDS)[number][]
}

/** The entry with the fewest differences; of several the one with the most similar operation, then the newest. */
export function nearestMiss(entries: readonly JournalEntry[], query: RequestQuery): NearestMiss | undefined {
  return entries
    .map((entry) => ({ entry, differs: FIELDS.filter((field) => !matchesField(field, query, entry)) }))
    .filter(({ differs }) => differs.length > 0)
    .reduce<NearestMiss | undefined>((best, miss) => {
      return best !== undefined && distance(miss, query) > distance(best, query) ? best : miss
    }, undefined)
}

function distance({ entry, differs }: NearestMiss, { operation = '' }: RequestQuery): number {
  return differs.length + 1 / (1 + sharedPrefix(operation, entry.operation))
}

function sharedPrefix(one: string, other: string): number {
  let length = 0
  while (length < one.length && one[length] === other[length]) length += 1
  return length
}
