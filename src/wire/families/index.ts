import type { Family } from '../family.ts'
import { awsBulkjob } from './aws-bulkjob.ts'
import { awsCustomKeyStoresSynchronizationJobs } from './aws-custom-key-stores-synchronization-jobs.ts'
import { awsSynchronizationJobs } from './aws-synchronization-jobs.ts'
import { azureBulkjobs } from './azure-bulkjobs.ts'
import { azureCertificatesSynchronizationJobs } from './azure-certificates-synchronization-jobs.ts'
import { azureSecretsSynchronizationJobs } from './azure-secrets-synchronization-jobs.ts'
import { azureSynchronizationJobs } from './azure-synchronization-jobs.ts'
import { googleSynchronizationJobs } from './google-synchronization-jobs.ts'
import { googleUpdateAllVersionsJobs } from './google-update-all-versions-jobs.ts'
import { ociSynchronizationJobs } from './oci-synchronization-jobs.ts'
import { sapKeysJobs } from './sap-keys-jobs.ts'
import { sapSynchronizationJobs } from './sap-synchronization-jobs.ts'
import { sfdcCertificatesSynchronizationJobs } from './sfdc-certificates-synchronization-jobs.ts'
import { sfdcKeysSynchronizationJobs } from './sfdc-keys-synchronization-jobs.ts'

/** Every family of jobs. To add one, import its module and list it here. */
export const FAMILIES: readonly Family[] = [
  azureBulkjobs,
  awsBulkjob,
  azureSynchronizationJobs,
  azureCertificatesSynchronizationJobs,
  azureSecretsSynchronizationJobs,
  awsSynchronizationJobs,
  awsCustomKeyStoresSynchronizationJobs,
  googleSynchronizationJobs,
  ociSynchronizationJobs,
  sapSynchronizationJobs,
  sfdcKeysSynchronizationJobs,
  sfdcCertificatesSynchronizationJobs,
  googleUpdateAllVersionsJobs,
  sapKeysJobs,
]

/** Finds a family by its name. */
export function familyOf(name: string): Family {
  const family = FAMILIES.find((each) => each.name === name)
  if (family === undefined) throw new Error(`no such family: ${name}`)
  return family
}
