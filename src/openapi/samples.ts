import type { FamilyName } from '../model/family.ts'

/** The jobs of "Viewing Details of an Azure Bulk Job" and "Get AWS Bulk Job", in the vendor's order of keys. */
export const DOCUMENTED_JOBS: Readonly<Record<FamilyName, Readonly<Record<string, unknown>>>> = {
  'azure.bulkjobs': {
    id: 'ee4482eb-0b97-4702-8ef6-7e86df66eaa5',
    uri: 'kylo:kylo:cckm:azure-bulkjob:ee4482eb-0b97-4702-8ef6-7e86df66eaa5',
    account: 'kylo:kylo:admin:accounts:kylo',
    createdAt: '2024-02-06T09:22:54.517569Z',
    updatedAt: '2024-02-06T09:22:54.549719Z',
    completed_at: '2024-02-06T09:22:54.54953Z',
    overall_status: 'completed',
    detailed_status: { 'f60070f8-5ef8-4685-9121-9ca732cffcbd': 'Success' },
    abort: false,
    cloud: 'AzureCloud',
    operation: 'delete-key-backups',
  },
  'aws.bulkjob': {
    id: 'e612b64f-6364-48ce-92ec-c6dd608d7ad0',
    uri: 'kylo:kylo:cckm:bulkjob:e612b64f-6364-48ce-92ec-c6dd608d7ad0',
    account: 'kylo:kylo:admin:accounts:kylo',
    createdAt: '2023-02-10T08:19:48.558869Z',
    updatedAt: '2023-02-10T08:19:48.970377Z',
    completed_at: '2023-02-10T08:19:48.970204Z',
    overall_status: 'completed',
    detailed_status: {
      '2387500d-bcac-4055-a48d-19592c3332ff': 'Success',
      '2387500d-bcac-4055-a48d-19592c3332fg': 'Success',
    },
    abort: false,
    cloud: 'aws',
    keys: ['2387500d-bcac-4055-a48d-19592c3332ff', '2387500d-bcac-4055-a48d-19592c3332fg'],
    operation: 'enablekey',
  },
}

/** A job as CM answers its creation: the documented one before its end, which no readable sample shows. */
export function createdSample(family: FamilyName): object {
  const { completed_at: _completedAt, ...job } = DOCUMENTED_JOBS[family]
  return { ...job, updatedAt: job.createdAt, overall_status: 'in_progress', detailed_status: {} }
}

/** As in the sample of "Cancel AWS Bulk Job": a finished job of which only the flag changed. */
export function cancelledSample(family: FamilyName): object {
  return { ...DOCUMENTED_JOBS[family], abort: true }
}

export function pageSample(family: FamilyName): object {
  return { skip: 0, limit: 10, total: 1, resources: [DOCUMENTED_JOBS[family]] }
}

/** The fields of the sample in "CDP interfaces" and the id that a client needs; the token is cut short. */
export const TOKEN_SAMPLE = {
  jwt: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJsb2NhbHwuLi4ifQ.c2lnbmF0dXJl',
  duration: 300,
  token_type: 'Bearer',
  client_id: '8181a3e4-082e-4aaa-b985-5c35db15ffcd',
  refresh_token_id: '5d0c2f0c-7a3c-4d5e-9f0e-2f4b1f6f8a11',
  refresh_token: 'r'.repeat(64),
  refresh_token_expires_in: 1799,
} as const
