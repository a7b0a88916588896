import Type from 'typebox'
import type { FoundResource } from '../../model/resource.ts'
import { changedEntries, entriesOf, type AclChange } from '../acl.ts'
import { seen } from '../certainty.ts'
import type { KindCall, KindOperation, Outcome } from '../kind.ts'
import { onResource, refuseField, type Finder } from '../resource-calls.ts'

/** The `acls` of a record. */
export const Acls = Type.Array(
  Type.Object({
    user_id: Type.String(seen('A user; empty if the entry is for a group.')),
    group: Type.String(seen('A group; empty if the entry is for a user.')),
    permit: Type.Optional(Type.Boolean(seen('`false`: the actions are taken away.'))),
    actions: Type.Array(Type.String(), seen('ACL actions.')),
  }),
  seen('Who may do what with the keys.'),
)

const Body = Type.Object({
  acls: Type.Array(
    Type.Object({
      user_id: Type.Optional(Type.String(seen('A user, such as `local|<uuid>`.'))),
      group: Type.Optional(Type.String(seen('A group.'))),
      permit: Type.Boolean(seen('Whether the actions are given or taken away.')),
      actions: Type.Array(Type.String({ minLength: 1 }), { minItems: 1, ...seen('ACL actions.') }),
    }),
    { minItems: 1, ...seen('Changes, made one after the other.') },
  ),
})

/** `POST .../update-acls` of a container. */
export function updateAcls(
  finder: Finder,
  { name, path, addedViews }: { readonly name: string; readonly path: string; readonly addedViews: readonly string[] },
): KindOperation {
  return {
    name: `${name}.update-acls`,
    method: 'POST',
    path: `${path}/:id/update-acls`,
    status: 200,
    summary: 'Give ACL actions to users and groups, or take them away',
    body: { name: `${name}.UpdateAclsRequest`, schema: Body },
    answer: 'record',
    actions: [],
    run: onResource(finder, (resource, call) => change(resource, call, addedViews)),
  }
}

function change(resource: FoundResource, { body, edit }: KindCall, addedViews: readonly string[]): Outcome {
  const changes = body.acls as readonly AclChange[]
  const nobody = changes.findIndex(({ user_id = '', group = '' }) => (user_id === '') === (group === ''))
  if (nobody >= 0) return refuseField(`acls/${nobody}`, 'must have either user_id or group')
  // The server adds the actions for viewing to every grant of AWS (seen in a client).
  const complete = changes.map((each) => (each.permit && addedViews.length > 0 ? withViews(each, addedViews) : each))
  const acls = changedEntries(entriesOf(resource.record), complete)
  return { answer: edit.change(resource, { name: 'updated', values: { acls } }).record }
}

function withViews(change: AclChange, views: readonly string[]): AclChange {
  const hasView = change.actions.some((action) => action === 'view' || views.includes(action))
  return hasView ? change : { ...change, actions: [...change.actions, ...views] }
}
