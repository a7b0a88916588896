import type { Change, FoundResource, InventoryEdit } from '../../model/resource.ts'
import type { KindCall, Outcome, Refusal } from '../kind.ts'
import { changeResource, forbidden, refuse, type RefusalStyle } from '../resource-calls.ts'

/** A call in the wrong state is a conflict, as it is in Azure (seen in a client). */
export const style: RefusalStyle = {
  error: 'conflict',
  messageOf: (text, doing) => `Error ${doing} Azure key: ${text}`,
}

/** All versions of a name in a vault. */
export function versionsOf(
  edit: InventoryEdit,
  { vault, name }: { readonly vault: string; readonly name: string },
): readonly FoundResource[] {
  return edit.list('azure.key', [
    { path: ['key_vault_id'], wanted: [vault] },
    { path: ['key_name'], wanted: [name] },
  ])
}

export const siblings = (edit: InventoryEdit, { record }: FoundResource): readonly FoundResource[] =>
  versionsOf(edit, { vault: String(record.key_vault_id), name: String(record.key_name) })

export function vaultFor(call: KindCall, named: string): FoundResource | Refusal {
  const { edit, may, actions } = call
  const vault = edit.find('azure.vault', named)
  if (vault === undefined)
    return may(undefined, actions) ? refuse('notFound', `key vault ${named} not found`) : forbidden(call)
  return may(vault.record, actions) ? vault : forbidden(call)
}

/** Changes all versions of the name; answers the one that the path names. */
export function changeAll(
  key: FoundResource,
  call: KindCall,
  { change, doing }: { readonly change: Change; readonly doing: string },
): Outcome {
  const refusal = call.edit.refusalOf(key, change)
  if (refusal !== undefined) return refuse(style.error, style.messageOf(refusal, doing))
  const others = siblings(call.edit, key).filter(
    (other) => other.id !== key.id && call.edit.refusalOf(other, change) === undefined,
  )
  for (const other of others) call.edit.change(other, change)
  return changeResource(call, style, { resource: key, change, doing })
}
