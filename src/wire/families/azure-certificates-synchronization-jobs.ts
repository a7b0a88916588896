import { vaultSynchronization } from './azure-vault-synchronization.ts'

export const azureCertificatesSynchronizationJobs = vaultSynchronization(
  'azure.certificates.synchronization-jobs',
  '5b0e2a44-0d1c-4f6b-8f0e-2f9f4f7f8c11',
)
