import Type from 'typebox'
import { documented } from '../certainty.ts'
import { AZURE_CONTAINERS, VAULT_DONE } from './azure-containers.ts'
import { sampleOf, synchronization } from './synchronization.ts'

const VAULT = 'keyvault-softkeys::12e533dd-b5c2-4e58-a264-0cd812dc5a34'

export const azureSynchronizationJobs = synchronization({
  ...AZURE_CONTAINERS,
  name: 'azure.synchronization-jobs',
  cloud: 'AzureCloud',
  fields: {
    take_cloud_key_backup: Type.Optional(Type.Boolean(documented('Whether to back up each key, too.'))),
  },
  done: VAULT_DONE,
  action: ({ take_cloud_key_backup }) => ({
    kind: 'azure.key',
    change: { name: 'synchronized' },
    ...(take_cloud_key_backup === true && { copies: 'azure.key-backup' }),
  }),
  examples: {
    vaults: {
      summary: 'The keys of a vault, with a backup of each',
      'x-fidelity': 'documented',
      value: { key_vaults: [VAULT], take_cloud_key_backup: true },
    },
    all: { summary: 'Everything', 'x-fidelity': 'documented', value: { synchronize_all: true } },
  },
  // No page with a job of Azure could be read: its times and texts are made up by analogy with AWS.
  sample: {
    ...sampleOf('3f1c5b0e-6f0a-4c0e-9d2b-6c8f9a1d7e42', [
      '2024-02-06T09:09:55.308834Z',
      '2024-02-06T09:10:21.248338Z',
      '2024-02-06T09:10:21.248173Z',
    ]),
    detailed_status: { 'keyvault-softkeys': VAULT_DONE },
    cloud: 'AzureCloud',
    key_vaults: [VAULT],
  },
})
