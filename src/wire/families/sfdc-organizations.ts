import type { FamilyName } from '../../model/family.ts'
import { assumed } from '../certainty.ts'
import type { Family } from '../family.ts'
import { sampleOf, synchronization } from './synchronization.ts'

const DONE = 'organization synchronized successfully'

/** Synchronization jobs of Salesforce: they differ in their name alone. */
export function organizationSynchronization(name: FamilyName, sampleId: string): Family {
  return synchronization({
    name,
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
      ...sampleOf(sampleId),
      detailed_status: { 'sfdc-org': DONE },
      cloud: 'sfdc',
      organizations: ['sfdc-org'],
    },
  })
}
