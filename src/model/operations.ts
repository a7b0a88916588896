/** A call of the vendor's API, as faults, journal, log and docs/reference/fidelity.md name it. */
export interface CallOperation {
  readonly name: string
  readonly methods: readonly string[]
  /** Whether its path names a job. */
  readonly ofJob?: boolean
  /** Whether there is a token that could stop working: the caller's, or on a sign-in the new one. */
  readonly hasToken?: boolean
}

/** Every call there is; test/faults/operations.test.ts holds the list to the routes. */
export const CALL_OPERATIONS: readonly CallOperation[] = [
  { name: 'azure.bulkjobs.list', methods: ['GET', 'HEAD'], hasToken: true },
  { name: 'azure.bulkjobs.create', methods: ['POST'], hasToken: true },
  { name: 'azure.bulkjobs.get', methods: ['GET', 'HEAD', 'POST'], ofJob: true, hasToken: true },
  { name: 'azure.bulkjobs.cancel', methods: ['POST'], ofJob: true, hasToken: true },
  { name: 'azure.bulkjobs.delete', methods: ['DELETE'], ofJob: true, hasToken: true },
  { name: 'aws.bulkjob.list', methods: ['GET', 'HEAD'], hasToken: true },
  { name: 'aws.bulkjob.create', methods: ['POST'], hasToken: true },
  { name: 'aws.bulkjob.get', methods: ['GET', 'HEAD'], ofJob: true, hasToken: true },
  { name: 'aws.bulkjob.cancel', methods: ['POST'], ofJob: true, hasToken: true },
  { name: 'auth.tokens.create', methods: ['POST'], hasToken: true },
  { name: 'auth.tokens.list', methods: ['GET', 'HEAD'], hasToken: true },
  { name: 'auth.tokens.get', methods: ['GET', 'HEAD'], hasToken: true },
  { name: 'auth.tokens.delete', methods: ['DELETE'], hasToken: true },
  { name: 'auth.tokens.revoke', methods: ['POST'] },
  { name: 'auth.logout', methods: ['POST'], hasToken: true },
  { name: 'auth.jwks', methods: ['GET', 'HEAD'] },
  { name: 'auth.self.user', methods: ['GET', 'HEAD'], hasToken: true },
  { name: 'auth.self.domains', methods: ['GET', 'HEAD'], hasToken: true },
  { name: 'system.info', methods: ['GET', 'HEAD'], hasToken: true },
  { name: 'cluster.get', methods: ['GET', 'HEAD'], hasToken: true },
]
