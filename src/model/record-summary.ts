import type { MemberPath, RecordSummary, ResourceRecord } from './resource.ts'

/** What every list of the inventory shows of a record; absent is what its kind does not have. */
interface SummaryValues {
  readonly name?: string
  readonly state?: string
  /** The id or a name of the container. */
  readonly container?: string
  /** Several regions are separated by commas. */
  readonly region?: string
}

export function memberOf(record: ResourceRecord, path: MemberPath): unknown {
  let member: unknown = record
  for (const name of path) member = (member as ResourceRecord | null | undefined)?.[name]
  return member
}

/** The word for the state of a record; undefined if its kind has none. */
export function stateOf({ states }: RecordSummary, record: ResourceRecord): string | undefined {
  return states.find(({ path, value }) => memberOf(record, path) === value)?.word
}

/** The id or a name of the container of a record. */
export function containerOf({ container }: RecordSummary, record: ResourceRecord): string | undefined {
  const named = container === undefined ? undefined : memberOf(record, container)
  return typeof named === 'string' ? named : undefined
}

export function summaryOf(summary: RecordSummary, record: ResourceRecord): SummaryValues {
  const { name, region } = summary
  const values = {
    name: textOf(memberOf(record, name)),
    state: stateOf(summary, record),
    container: containerOf(summary, record),
    region: region === undefined ? undefined : textOf(memberOf(record, region)),
  }
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
}

/** A text, or the texts of a list; undefined if there is none. */
function textOf(value: unknown): string | undefined {
  const text = [value]
    .flat()
    .filter((each) => typeof each === 'string')
    .join(', ')
  return text === '' ? undefined : text
}
