import Type from 'typebox'
import type { ContainerSelector, ReadableInventory, SelectedItem, Selection } from '../../model/family.ts'
import type { FoundResource } from '../../model/resource.ts'
import { documented } from '../certainty.ts'
import { drawAccount, textsOf } from '../resource-record.ts'

const KMS = 'aws.kms'

/** The region of a KMS account that the inventory does not have, unless the request names some. */
const DEFAULT_REGION = 'us-east-1'

/** The fields by which the synchronization jobs of AWS name what they cover. */
export const AWS_CONTAINERS = {
  containers: {
    field: 'kms',
    note: documented('Names or ids of KMS accounts. Excludes `synchronize_all`.'),
  },
  container: { kind: KMS, noun: 'KMS account' },
  fields: {
    regions: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), documented('Regions of these accounts; absent: all of each.')),
    ),
  },
  selecting: ['regions'],
  select: selectRegions,
}

/** An item for each region of each account. */
function selectRegions({ names, regions }: ContainerSelector, inventory: ReadableInventory): Selection {
  const named = names?.map((name) => ({ name, kms: inventory.find(KMS, name) }))
  const all = named ?? inventory.list(KMS, []).map((kms) => ({ name: kms.id, kms }))
  return {
    items: all.flatMap(({ name, kms }) =>
      kms === undefined ? unknownItems(name, regions, inventory) : regionsOf(kms, name, regions),
    ),
    containers: all.flatMap(({ name, kms }) => (kms === undefined ? [name] : [name, kms.id, String(kms.record.name)])),
  }
}

function regionsOf({ id, record }: FoundResource, name: string, wanted: readonly string[] | undefined): SelectedItem[] {
  const own = textsOf(record.regions)
  return (wanted ?? own).map((region) => ({
    id: `${String(record.account_id)}/${region}`,
    covers: { container: id, region },
    ...(!own.includes(region) && { missing: name }),
  }))
}

function unknownItems(
  name: string,
  regions: readonly string[] = [DEFAULT_REGION],
  inventory: ReadableInventory,
): SelectedItem[] {
  const account = drawAccount(inventory, `account of ${name}`)
  return regions.map((region) => ({ id: `${account}/${region}`, missing: name }))
}
