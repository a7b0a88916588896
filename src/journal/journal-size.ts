import type { JournalEntry, Outcome } from '../model/journal.ts'

/** Bytes of an entry's own fields and of a member of an object or list, about as V8 (64 bits) lays them out. */
const ENTRY_BYTES = 400
const OBJECT_BYTES = 56
const SLOT_BYTES = 16
const STRING_BYTES = 16

/** About how much memory an entry takes on arrival. */
export function arrivalBytes({ path, query, headers, job, fault }: JournalEntry): number {
  return ENTRY_BYTES + sizeOf([path, query, job, headers, fault?.do])
}

/** About how much memory the outcome adds to an entry. */
export function outcomeBytes({ body, answer, job }: Outcome): number {
  return sizeOf([body, answer, job])
}

/** Estimated bytes of a JSON value; assumes that no part of it is shared. */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return STRING_BYTES + value.length * (isLatin1(value) ? 1 : 2)
  if (typeof value !== 'object' || value === null) return 0
  const members = Object.entries(value).map(([name, member]) => SLOT_BYTES + name.length + sizeOf(member))
  return members.reduce((sum, bytes) => sum + bytes, OBJECT_BYTES)
}

/** V8 stores such a string with one byte per character, any other with two. */
function isLatin1(text: string): boolean {
  return !/[^\0-\xff]/.test(text)
}
