/** A call of the vendor's API, as faults know it; wire/operations.ts has them all. */
export interface CallOperation {
  readonly name: string
  readonly methods: readonly string[]
  /** Whether its path names a job. */
  readonly namesJob: boolean
  /** Whether it reads one job: a call of it is a poll. */
  readonly readsJob: boolean
  /** Whether there is a token that could stop working: the caller's, or on a sign-in the new one. */
  readonly hasToken: boolean
  /** Whether it is a sign-in: its response has a new token. */
  readonly issuesToken: boolean
}
