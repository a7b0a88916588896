import { AWS_CONTAINERS } from './aws-containers.ts'
import { sampleOf, synchronization } from './synchronization.ts'

const DONE = 'region synchronized successfully'

export const awsSynchronizationJobs = synchronization({
  ...AWS_CONTAINERS,
  name: 'aws.synchronization-jobs',
  cloud: 'aws',
  done: DONE,
  action: () => ({ kind: 'aws.key', change: { name: 'synchronized' } }),
  examples: {
    regions: {
      summary: 'Some regions of an account',
      'x-fidelity': 'documented',
      value: { kms: ['kms'], regions: ['ap-south-1'] },
    },
    all: { summary: 'Everything', 'x-fidelity': 'documented', value: { synchronize_all: true } },
  },
  // thalesdocs, "Get AWS Synchronization Job", which is cut after `cloud`.
  sample: {
    ...sampleOf('afef70ff-311e-46c1-8ead-e1999e8c6d46', [
      '2020-11-05T06:38:25.308834Z',
      '2020-11-05T06:38:29.248338Z',
      '2020-11-05T06:38:29.248173Z',
    ]),
    detailed_status: { '123456789012/ap-south-1': DONE },
    cloud: 'aws',
    kms: ['kms'],
  },
})
