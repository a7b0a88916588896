import { organizationSynchronization } from './sfdc-organizations.ts'

export const sfdcCertificatesSynchronizationJobs = organizationSynchronization(
  'sfdc.certificates.synchronization-jobs',
  '417fb293-aec5-4d60-bf81-c23d4e5f6078',
)
