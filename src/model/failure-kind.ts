/** The reasons to fail a test whose assertions all passed. */
export const FAILURE_KINDS = ['5xx', '501', 'unused', '4xx', 'open-jobs', 'in-flight'] as const

/**
 * A reason to fail a test whose assertions all passed. `5xx`: a response with such a status (except 501) that no fault
 * caused; `501`: a call of a part of the vendor's API that is not emulated; `unused`: a job rule or a fault that never
 * matched; `4xx`: a refusal that no fault caused; `open-jobs`: a job that the client created and that has not ended;
 * `in-flight`: a request that is not answered.
 */
export type FailureKind = (typeof FAILURE_KINDS)[number]

export const DEFAULT_FAILURES: readonly FailureKind[] = ['5xx', '501', 'unused']
