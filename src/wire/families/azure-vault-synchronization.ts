import type { FamilyName } from '../../model/family.ts'
import type { Family } from '../family.ts'
import { AZURE_CONTAINERS, VAULT_DONE } from './azure-containers.ts'
import { sampleOf, synchronization } from './synchronization.ts'

/** Synchronization jobs of what lies in vaults besides keys: they differ in their name alone. */
export function vaultSynchronization(name: FamilyName, sampleId: string): Family {
  return synchronization({
    ...AZURE_CONTAINERS,
    name,
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
      ...sampleOf(sampleId),
      detailed_status: { 'keyvault-softkeys': VAULT_DONE },
      cloud: 'AzureCloud',
      key_vaults: ['keyvault-softkeys::12e533dd-b5c2-4e58-a264-0cd812dc5a34'],
    },
  })
}
