import type { ContainerSelector, ReadableInventory, SelectedItem, Selection } from '../../model/family.ts'
import { documented } from '../certainty.ts'

const VAULT = 'azure.vault'

/** The fields by which the synchronization jobs of Azure name what they cover. */
export const AZURE_CONTAINERS = {
  containers: {
    field: 'key_vaults',
    note: documented('Names or ids of vaults. Excludes `synchronize_all`.'),
  },
  container: { kind: VAULT, noun: 'vault' },
  select: selectVaults,
}

/** Text of a vault that is done. */
export const VAULT_DONE = 'vault synchronized successfully'

/** An item for each vault, with the vault's name in Azure as its id. */
function selectVaults({ names }: ContainerSelector, { find, list }: ReadableInventory): Selection {
  const named = names?.map((name) => ({ name, vault: find(VAULT, name) }))
  const all = named ?? list(VAULT, []).map((vault) => ({ name: vault.id, vault }))
  return {
    items: all.map(({ name, vault }): SelectedItem =>
      vault === undefined
        ? { id: bareName(name), missing: name }
        : { id: String(vault.record.azure_name), covers: { container: vault.id } },
    ),
    containers: all.flatMap(({ name, vault }) =>
      vault === undefined ? [name] : [name, vault.id, String(vault.record.name), String(vault.record.azure_name)],
    ),
  }
}

/** CCKM calls a vault `<name in Azure>::<subscription>`. */
function bareName(name: string): string {
  return name.split('::', 1)[0] ?? name
}
