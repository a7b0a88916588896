import { AWS_CONTAINERS } from './aws-containers.ts'
import { sampleOf, synchronization } from './synchronization.ts'

const DONE = 'region synchronized successfully'

export const awsCustomKeyStoresSynchronizationJobs = synchronization({
  ...AWS_CONTAINERS,
  name: 'aws.custom-key-stores.synchronization-jobs',
  cloud: 'aws',
  done: DONE,
  examples: {
    named: {
      summary: 'Some kms',
      'x-fidelity': 'seen in a client',
      value: { kms: ['kms'] },
    },
    all: { summary: 'Everything', 'x-fidelity': 'seen in a client', value: { synchronize_all: true } },
  },
  // No page with a whole job could be read: its times, and the text of its container, are made up by analogy.
  sample: {
    ...sampleOf('9d6f1b7e-2c38-4f05-b0a1-5e8d7c9a4b34'),
    detailed_status: { '123456789012/ap-south-1': DONE },
    cloud: 'aws',
    kms: ['kms'],
  },
})
