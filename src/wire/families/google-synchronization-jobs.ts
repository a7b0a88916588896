import { documented } from '../certainty.ts'
import { sampleOf, synchronization } from './synchronization.ts'

const DONE = 'key ring synchronized successfully'

export const googleSynchronizationJobs = synchronization({
  name: 'google.synchronization-jobs',
  cloud: 'gcp',
  containers: {
    field: 'key_rings',
    note: documented(
      'Names of key rings, such as `projects/<p>/locations/global/keyRings/<r>`. Excludes `synchronize_all`.',
    ),
  },
  done: DONE,
  examples: {
    named: {
      summary: 'Some key rings',
      'x-fidelity': 'documented',
      value: { key_rings: ['projects/gemalto-kyloeng/locations/global/keyRings/demo-key-ring'] },
    },
    all: { summary: 'Everything', 'x-fidelity': 'documented', value: { synchronize_all: true } },
  },
  // thalesdocs, "Cancel GCP Synchronization Job", which shows it while it runs: its end is made up.
  sample: {
    ...sampleOf('c48cdf05-3752-400f-ae3e-41826dedd862', [
      '2021-05-05T08:38:08.598898Z',
      '2021-05-05T08:38:53.472661Z',
      '2021-05-05T08:38:53.472483Z',
    ]),
    detailed_status: { 'projects/gemalto-kyloeng/locations/global/keyRings/demo-key-ring': DONE },
    cloud: 'gcp',
    key_rings: ['projects/gemalto-kyloeng/locations/global/keyRings/demo-key-ring'],
  },
})
