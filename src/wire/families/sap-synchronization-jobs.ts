import { documented } from '../certainty.ts'
import { sampleOf, synchronization } from './synchronization.ts'

const DONE = 'group synchronized successfully'

export const sapSynchronizationJobs = synchronization({
  name: 'sap.synchronization-jobs',
  cloud: 'sap',
  containers: { field: 'groups', note: documented('Names or ids of groups. Excludes `synchronize_all`.') },
  done: DONE,
  examples: {
    named: {
      summary: 'Some groups',
      'x-fidelity': 'documented',
      value: { groups: ['sap-group'] },
    },
    all: { summary: 'Everything', 'x-fidelity': 'documented', value: { synchronize_all: true } },
  },
  // No page with a whole job could be read: its times, and the text of its container, are made up by analogy.
  sample: {
    ...sampleOf('2f5d9071-8ca3-4b4e-9d6f-a01b2c3d4e56'),
    detailed_status: { 'sap-group': DONE },
    cloud: 'sap',
    groups: ['sap-group'],
  },
})
