import { timingSafeEqual } from 'node:crypto'
import { isSameName, type User } from '../model/user.ts'
import { digestOf } from './digest.ts'

/** The users of a domain, found by name, in the order of the configuration. */
export interface Users {
  /**
   * The user of that name and password. A wrong password takes as long as a right one, and an unknown name as long as a
   * known one.
   */
  verify: (name: string, password: string, domain?: string) => User | undefined
  /** The user of that name who can sign in to the domain, or to any domain if none is given. */
  find: (name: string, domain?: string) => User | undefined
  /** The ACL actions of a user, by name, in a domain. */
  aclsOf: (name: string, domain: string) => readonly string[]
  /** These users, and others that come before them. */
  with: (others: readonly User[]) => Users
}

export function createUsers(configured: readonly User[]): Users {
  const users: Users = {
    verify: (name, password, domain) => {
      const given = digestOf(password)
      // Compares every user, so that the duration does not reveal names. Digests have equal lengths, which a comparison
      // in constant time requires.
      const matching = configured.filter(
        (user) => timingSafeEqual(digestOf(user.password), given) && isSameName(user.name, name),
      )
      return matching.find((user) => canEnter(user, domain))
    },
    find: (name, domain) => configured.find((user) => isSameName(user.name, name) && canEnter(user, domain)),
    aclsOf: (name, domain) => users.find(name, domain)?.acls ?? [],
    with: (others) => (others.length === 0 ? users : createUsers([...others, ...configured])),
  }
  return users
}

/** A user with a home domain signs in there only; one without signs in anywhere. */
function canEnter({ domain: home }: User, domain: string | undefined): boolean {
  return home === undefined || domain === undefined || home.toLowerCase() === domain.toLowerCase()
}
