import { EmulatorError } from '../errors.ts'
import { duplicateOf, type User } from '../model/user.ts'

/** Throws if two users of a domain have the same name. */
export function refuseDuplicateUsers(users: readonly User[]): void {
  const duplicate = duplicateOf(users)
  if (duplicate === undefined) return
  const name = JSON.stringify(duplicate.name.slice(0, 100))
  throw new EmulatorError('badRequest', `two users have the name ${name} (compared without case)`, undefined, '/users')
}
