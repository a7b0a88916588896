import { organizationSynchronization } from './sfdc-organizations.ts'

export const sfdcKeysSynchronizationJobs = organizationSynchronization(
  'sfdc.keys.synchronization-jobs',
  '306ea182-9db4-4c5f-ae70-b12c3d4e5f67',
)
