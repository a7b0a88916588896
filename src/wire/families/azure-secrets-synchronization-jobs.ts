import { vaultSynchronization } from './azure-vault-synchronization.ts'

export const azureSecretsSynchronizationJobs = vaultSynchronization(
  'azure.secrets.synchronization-jobs',
  '0a7d3c92-4f57-4d13-9a4e-7c1f0f5b6a23',
)
