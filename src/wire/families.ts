import type { FamilyName, JobRequest } from '../model/family.ts'
import type { Settings } from '../model/settings.ts'
import type { Issue } from '../model/issue.ts'
import { AWS_OPERATIONS, awsBulkRequest } from './aws-bulk-request.ts'
import { AZURE_OPERATIONS, azureBulkRequest } from './azure-bulk-request.ts'
import { canonicalJson, type RequestReader } from './request-reading.ts'

/**
 * A kind of job in the vendor's API, as a row of data. Routes, lists, uris and documents come from these rows;
 * adding a family is adding a row and its reading of a create request (CONTRIBUTING.md).
 */
export interface Family {
  readonly name: FamilyName
  /** Path below `/v1`. */
  readonly path: string
  /** The kind in the job's uri. */
  readonly uriKind: string
  readonly cloud: string
  readonly operations: readonly string[]
  /** Fields of the request that the job repeats, in their place before `operation`. */
  readonly echoes: readonly string[]
  readonly request: RequestReader
  /** The ACL action that members of "CCKM Users" need. */
  readonly aclAction: string
  readonly canDelete: boolean
  /** The vendor's page shows `-X POST` for viewing a job, so that works too. */
  readonly canViewByPost: boolean
}

export const FAMILIES: readonly Family[] = [
  {
    name: 'azure.bulkjobs',
    path: '/cckm/azure/bulkjobs',
    uriKind: 'azure-bulkjob',
    cloud: 'AzureCloud',
    operations: AZURE_OPERATIONS,
    echoes: [],
    request: azureBulkRequest,
    // No Azure ACL action is known to govern bulk jobs; this one governs what they do (docs/reference/fidelity.md).
    aclAction: 'deletebackup',
    canDelete: true,
    canViewByPost: true,
  },
  {
    name: 'aws.bulkjob',
    path: '/cckm/aws/bulkjob',
    uriKind: 'bulkjob',
    cloud: 'aws',
    operations: AWS_OPERATIONS,
    echoes: ['keys'],
    request: awsBulkRequest,
    aclAction: 'keybulkoperation',
    canDelete: false,
    canViewByPost: false,
  },
]

const BY_NAME = new Map(FAMILIES.map((family) => [family.name, family]))

/** The row of a family. */
export function familyOf(name: FamilyName): Family {
  const family = BY_NAME.get(name)
  if (family === undefined) throw new Error(`no such family: ${name}`)
  return family
}

/** Reads the body of a create request of a family: what to make, and which fields were ignored. */
export function readCreateRequest(
  family: Family,
  body: unknown,
  settings: Settings,
): { readonly request: JobRequest; readonly ignored: readonly string[] } | { readonly issues: readonly Issue[] } {
  const reading = family.request.read(body ?? {}, settings)
  if ('issues' in reading) return reading
  const content = `${family.name} ${canonicalJson(body)}`
  return { request: { ...reading.request, family: family.name, content }, ignored: reading.ignored }
}
