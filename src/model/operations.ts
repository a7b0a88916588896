import type { FamilyName } from './family.ts'

/** An operation of the vendor's API, as faults match it; all are in wire/operations.ts. */
export interface CallOperation {
  readonly name: string
  readonly methods: readonly string[]
  /** True if its path names a job. */
  readonly namesJob: boolean
  /** True if it reads one job: a call of it is a poll. */
  readonly readsJob: boolean
  /** The family whose jobs it lists. */
  readonly listsFamily?: FamilyName
  /** True if a call of it creates a job or a resource: repeating it creates another. */
  readonly creates: boolean
  /** True if it reads jobs or the inventory and changes nothing: a fault can answer it as of some time ago. */
  readonly readsState: boolean
  /** True if a fault can invalidate a token of it: the caller's or, for a sign-in, the new one. */
  readonly hasToken: boolean
  /** True if it is a sign-in: its response has a new token. */
  readonly issuesToken: boolean
}
