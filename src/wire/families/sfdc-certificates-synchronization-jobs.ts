import { assumed } from '../certainty.ts'
import { sampleOf, synchronization } from './synchronization.ts'

const DONE = 'organization synchronized successfully'

export const sfdcCertificatesSynchronizationJobs = synchronization({
  name: 'sfdc.certificates.synchronization-jobs',
  cloud: 'sfdc',
  containers: { field: 'organizations', note: assumed('Names or ids of organizations. Excludes `synchronize_all`.') },
  done: DONE,
  examples: {
    named: {
      summary: 'Some organizations',
      'x-fidelity': 'assumed',
      value: { organizations: ['sfdc-org'] },
    },
    all: { summary: 'Everything', 'x-fidelity': 'assumed', value: { synchronize_all: true } },
  },
  // No page with a whole job could be read: its times, and the text of its container, are made up by analogy.
  sample: {
    ...sampleOf('417fb293-aec5-4d60-bf81-c23d4e5f6078', [
      '2024-02-06T09:11:55.308834Z',
      '2024-02-06T09:12:21.248338Z',
      '2024-02-06T09:12:21.248173Z',
    ]),
    detailed_status: { 'sfdc-org': DONE },
    cloud: 'sfdc',
    organizations: ['sfdc-org'],
  },
})
