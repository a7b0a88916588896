import { AZURE_CONTAINERS, VAULT_DONE } from './azure-containers.ts'
import { sampleOf, synchronization } from './synchronization.ts'

export const azureCertificatesSynchronizationJobs = synchronization({
  ...AZURE_CONTAINERS,
  name: 'azure.certificates.synchronization-jobs',
  cloud: 'AzureCloud',
  done: VAULT_DONE,
  examples: {
    named: {
      summary: 'Some key vaults',
      'x-fidelity': 'documented',
      value: { key_vaults: ['keyvault-softkeys::12e533dd-b5c2-4e58-a264-0cd812dc5a34'] },
    },
    all: { summary: 'Everything', 'x-fidelity': 'documented', value: { synchronize_all: true } },
  },
  // No page with a whole job could be read: its times, and the text of its container, are made up by analogy.
  sample: {
    ...sampleOf('5b0e2a44-0d1c-4f6b-8f0e-2f9f4f7f8c11', [
      '2024-02-06T09:11:55.308834Z',
      '2024-02-06T09:12:21.248338Z',
      '2024-02-06T09:12:21.248173Z',
    ]),
    detailed_status: { 'keyvault-softkeys': VAULT_DONE },
    cloud: 'AzureCloud',
    key_vaults: ['keyvault-softkeys::12e533dd-b5c2-4e58-a264-0cd812dc5a34'],
  },
})
