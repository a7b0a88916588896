import type { ResourceRecord } from '../model/resource.ts'
import { listOf, objectOf, textOf, textsOf } from './resource-record.ts'

/** Who makes a call, as far as it is about rights. */
export interface CallerRights {
  readonly userId: string
  readonly groups: readonly string[]
  /** The ACL actions that the configuration gives the user, in every container. */
  readonly acls: readonly string[]
}

/** An element of the `acls` of a KMS account or a vault. Only one that takes actions away has `permit`. */
interface AclEntry {
  readonly user_id: string
  readonly group: string
  readonly permit?: false
  readonly actions: readonly string[]
}

/** Members of these groups need no ACL action. */
export function isAdministrator({ groups }: CallerRights): boolean {
  return groups.includes('admin') || groups.includes('CCKM Admins')
}

/**
 * Whether a caller has one of these ACL actions in a container; undefined: in every one. "CCKM Admins" and `admin` need none.
 * An entry of the container adds to the actions of the configuration, and one with `permit: false` takes actions away.
 */
export function isPermitted(
  rights: CallerRights,
  container: ResourceRecord | undefined,
  actions: readonly string[],
): boolean {
  if (isAdministrator(rights)) return true
  const { groups, acls, userId } = rights
  if (!groups.includes('CCKM Users')) return false
  const own = entriesOf(container).filter(({ user_id, group }) => user_id === userId || groups.includes(group))
  const actionsOf = (isGrant: boolean) =>
    own.filter(({ permit }) => (permit !== false) === isGrant).flatMap((entry) => entry.actions)
  const granted = new Set([...acls, ...actionsOf(true)].flatMap(expanded))
  const denied = new Set(actionsOf(false).flatMap(expanded))
  return actions.some((action) => granted.has(action) && !denied.has(action))
}

/** `view` of older releases stands for both of its parts. */
function expanded(action: string): readonly string[] {
  return action === 'view' ? ['view', 'viewnative', 'viewbyok'] : [action]
}

export function entriesOf(container: ResourceRecord | undefined): readonly AclEntry[] {
  return listOf(container?.acls).map((each) => {
    const { user_id, group, permit, actions } = objectOf(each)
    return {
      user_id: textOf(user_id) ?? '',
      group: textOf(group) ?? '',
      ...(permit === false && { permit }),
      actions: textsOf(actions),
    }
  })
}

/** An element of the body of `update-acls`. */
export interface AclChange {
  readonly user_id?: string
  readonly group?: string
  readonly permit: boolean
  readonly actions: readonly string[]
}

/**
 * The entries of a container after changes. `permit: false` takes actions out of the entry that has them; of those that no entry
 * has, it makes an entry of its own, since the configuration may give them.
 */
export function changedEntries(entries: readonly AclEntry[], changes: readonly AclChange[]): readonly AclEntry[] {
  return changes.reduce(changeEntries, entries).filter(({ actions }) => actions.length > 0)
}

function changeEntries(
  entries: readonly AclEntry[],
  { user_id = '', group = '', permit, actions }: AclChange,
): AclEntry[] {
  const isOf = (entry: AclEntry) => entry.user_id === user_id && entry.group === group
  const others = entries.filter((entry) => !isOf(entry))
  const held = (isGrant: boolean) =>
    entries.filter((entry) => isOf(entry) && (entry.permit !== false) === isGrant).flatMap((entry) => entry.actions)
  const [granted, denied] = [held(true), held(false)]
  const without = (list: readonly string[]) => list.filter((action) => !actions.includes(action))
  const union = (list: readonly string[], more: readonly string[]) => [...new Set([...list, ...more])]
  const grant = permit ? union(granted, actions) : without(granted)
  const denial = permit
    ? without(denied)
    : union(
        denied,
        actions.filter((action) => !granted.includes(action)),
      )
  return [...others, { user_id, group, actions: grant }, { user_id, group, permit: false, actions: denial }]
}
