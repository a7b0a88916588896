// An estate made through the vendor's API: connections, a KMS account, a vault, and what a test adds to them.

import { expect } from 'vitest'
import { start, type Answer, type Caller, type Running } from '../support/world.ts'

export const KEYS = '/cckm/aws/keys'
export const KMS = '/cckm/aws/kms'
export const TEMPLATES = '/cckm/aws/templates'
export const VAULTS = '/cckm/azure/vaults'
export const AZURE_KEYS = '/cckm/azure/keys'
export const CONNECTIONS = '/connectionmgmt/services'

/** A record, as far as tests read it. */
export interface WireRecord {
  readonly id: string
  readonly aws_param: Readonly<Record<string, unknown>>
  readonly azure_param: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  readonly [member: string]: unknown
}

export const recordOf = (answer: Answer): WireRecord => answer.json as WireRecord
export const namesIn = (answer: Answer, member = 'name'): unknown[] =>
  (answer.json as { resources: WireRecord[] }).resources.map((each) => each[member])

export interface Estate extends Running {
  readonly kms: WireRecord
  readonly vault: WireRecord
  /** Makes a resource: the answer must be 201. */
  readonly make: (path: string, body: object) => Promise<WireRecord>
  readonly makeKey: (alias: string, param?: object) => Promise<WireRecord>
  readonly makeAzureKey: (name: string, param?: object) => Promise<WireRecord>
}

export async function openEstate(options: Parameters<typeof start>[0] = {}): Promise<Estate> {
  const running = await start({ seed: 'none', ...options })
  const make = async (path: string, body: object): Promise<WireRecord> => {
    const answer = await running.admin.post(path, body)
    expect(answer.status, answer.text).toBe(201)
    return recordOf(answer)
  }
  await make(`${CONNECTIONS}/aws/connections`, { name: 'aws-production' })
  await make(`${CONNECTIONS}/azure/connections`, { name: 'azure-production' })
  const kms = await make(KMS, {
    name: 'kms',
    account_id: '123456789012',
    connection: 'aws-production',
    regions: ['ap-south-1', 'us-east-1'],
  })
  const added = await make('/cckm/azure/add-vaults', {
    connection: 'azure-production',
    subscription_id: 'sub-1',
    vaults: [{ name: 'soft' }],
  })
  const [vault] = (added as unknown as { resources: [WireRecord] }).resources
  return {
    ...running,
    ...{ kms, vault, make },
    makeKey: (Alias, param = {}) => make(KEYS, { kms: 'kms', region: 'ap-south-1', aws_param: { Alias, ...param } }),
    makeAzureKey: (key_name, param = { kty: 'RSA' }) =>
      make(AZURE_KEYS, { key_name, key_vault: 'soft::sub-1', azure_param: param }),
  }
}

/** Calls that must succeed, and their records. */
export async function succeed(caller: Caller, path: string, body?: object): Promise<WireRecord> {
  const answer = await caller.post(path, body)
  expect(answer.status, answer.text).toBe(200)
  return recordOf(answer)
}
