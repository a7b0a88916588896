import type { Family } from '../family.ts'
import { awsBulkjob } from './aws-bulkjob.ts'
import { awsSynchronizationJobs } from './aws-synchronization-jobs.ts'
import { azureBulkjobs } from './azure-bulkjobs.ts'
import { azureSynchronizationJobs } from './azure-synchronization-jobs.ts'

/** Every family of jobs. To add one, import its module and list it here. */
export const FAMILIES: readonly Family[] = [azureBulkjobs, awsBulkjob, azureSynchronizationJobs, awsSynchronizationJobs]

/** Finds a family by its name. */
export function familyOf(name: string): Family {
  const family = FAMILIES.find((each) => each.name === name)
  if (family === undefined) throw new Error(`no such family: ${name}`)
  return family
}
