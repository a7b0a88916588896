import Type from 'typebox'
import type { User } from './source-types.ts'

export type { User } from './source-types.ts'

/** @internal */
export const UserSchema = Type.Object(
  {
    name: Type.String({ minLength: 1 }),
    password: Type.String({ minLength: 1 }),
    domain: Type.Optional(
      Type.String({ description: 'the home domain: the only one that the user can sign in to, and the default' }),
    ),
    groups: Type.Optional(Type.Array(Type.String())),
    acls: Type.Optional(Type.Array(Type.String(), { description: 'ACL actions, such as keybulkoperation' })),
  },
  { additionalProperties: false },
)

/** User names are compared without case (thalesdocs, Managing Users). */
export function isSameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}

/** The first user with the name and home domain (or none) of an earlier one. */
export function duplicateOf(users: readonly User[]): User | undefined {
  const keys = users.map(({ name, domain = '' }) => `${domain}/${name}`.toLowerCase())
  return users.find((_user, index) => keys.indexOf(keys[index] ?? '') < index)
}

export const DEFAULT_USERS: readonly User[] = [{ name: 'admin', password: 'admin', groups: ['admin'] }]
