import Type, { type Static } from 'typebox'

export const UserSchema = Type.Object(
  {
    name: Type.String({ minLength: 1 }),
    password: Type.String({ minLength: 1 }),
    domain: Type.Optional(Type.String({ description: 'the home domain: where a sign-in that names none goes' })),
    groups: Type.Optional(Type.Array(Type.String())),
    acls: Type.Optional(Type.Array(Type.String(), { description: 'ACL actions, such as keybulkoperation' })),
  },
  { additionalProperties: false },
)

/** Somebody who can sign in. */
export type User = Readonly<Static<typeof UserSchema>>

export const DEFAULT_USERS: readonly User[] = [{ name: 'admin', password: 'admin', groups: ['admin'] }]
