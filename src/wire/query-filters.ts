import type { ResourceFilter } from '../model/resource.ts'
import type { Note } from './certainty.ts'
import type { Kind, QueryFilter } from './kind.ts'

type Path = readonly string[]

/** Sorts by members of the record itself, each by its name. */
export function sortsBy(...names: readonly string[]): Kind['sorts'] {
  return Object.fromEntries(names.map((name) => [name, [name]]))
}

function filter(form: QueryFilter['form'], path: Path, note: Note): QueryFilter {
  return { note, form, filtersOf: (wanted) => [{ path, wanted }] }
}

/** A member that equals one of the values. */
export function byText(path: Path, note: Note): QueryFilter {
  return filter('text', path, note)
}

/** The same without regard to case, for words of a known spelling. */
export function byWord(path: Path, words: readonly string[], note: Note): QueryFilter {
  const spelled = (value: unknown) =>
    words.find((word) => word.toLowerCase() === String(value).toLowerCase()) ?? String(value)
  return { note, form: 'text', filtersOf: (values) => [{ path, wanted: values.map(spelled) }] }
}

export function byFlag(path: Path, note: Note): QueryFilter {
  return filter('flag', path, note)
}

export function byCount(path: Path, note: Note): QueryFilter {
  return filter('count', path, note)
}

/** `true`: the member is there; `false`: it is not. */
export function byPresence(path: Path, note: Note): QueryFilter {
  return { note, form: 'flag', filtersOf: (wanted) => [{ path, wanted, match: 'present' }] }
}

/** Values that have to be taken apart. */
export function byReading(note: Note, filtersOf: QueryFilter['filtersOf']): QueryFilter {
  return { note, form: 'text', filtersOf }
}

/** The members of a JSON object in a query; undefined for any other text. */
export function jsonMembers(text: string): readonly (readonly [string, unknown])[] | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : undefined
  } catch {
    return undefined
  }
}

/** An object, or an element of a list, that has these members. */
export function containing(path: Path, members: object): ResourceFilter {
  return { path, wanted: [JSON.stringify(members)], match: 'contains' }
}
