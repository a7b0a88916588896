import { seen } from '../certainty.ts'
import { sampleOf, synchronization } from './synchronization.ts'

const DONE = 'vault synchronized successfully'

export const ociSynchronizationJobs = synchronization({
  name: 'oci.synchronization-jobs',
  cloud: 'oci',
  containers: { field: 'vaults', note: seen('Names or ids of vaults. Excludes `synchronize_all`.') },
  done: DONE,
  examples: {
    named: {
      summary: 'Some vaults',
      'x-fidelity': 'seen in a client',
      value: { vaults: ['production-vault'] },
    },
    all: { summary: 'Everything', 'x-fidelity': 'seen in a client', value: { synchronize_all: true } },
  },
  // No page with a whole job could be read: its times, and the text of its container, are made up by analogy.
  sample: {
    ...sampleOf('1e4c8f60-7b92-4a3d-8c5e-9f0a1b2c3d45'),
    detailed_status: { 'production-vault': DONE },
    cloud: 'oci',
    vaults: ['production-vault'],
  },
})
