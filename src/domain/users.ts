import { createHash, timingSafeEqual } from 'node:crypto'
import type { User } from '../model/user.ts'

/** Who can sign in. */
export interface Users {
  /**
   * The user of that name and password, in the order of the configuration.
   * A wrong password takes as long as a right one, and an unknown name as long as a known one.
   */
  verify: (name: string, password: string, domain?: string) => User | undefined
  isKnown: (name: string) => boolean
  /** The ACL actions of a user, by name, in a domain. */
  aclsOf: (name: string, domain: string) => readonly string[]
  groupsOf: (name: string, domain: string) => readonly string[]
  /** The same with some more before them. */
  with: (more: readonly User[]) => Users
}

export function createUsers(configured: readonly User[]): Users {
  const entries = configured.map((user) => ({ user, digest: digestOf(user.password) }))
  const find = (name: string, domain: string) => configured.find((user) => user.name === name && livesIn(user, domain))
  const users: Users = {
    verify: (name, password, domain) => {
      const given = digestOf(password)
      // Every entry is compared, so that the time tells nothing of names.
      const matching = entries.filter(({ user, digest }) => timingSafeEqual(digest, given) && user.name === name)
      return matching.find(({ user }) => livesIn(user, domain))?.user
    },
    isKnown: (name) => configured.some((user) => user.name === name),
    aclsOf: (name, domain) => find(name, domain)?.acls ?? [],
    groupsOf: (name, domain) => find(name, domain)?.groups ?? [],
    with: (more) => (more.length === 0 ? users : createUsers([...more, ...configured])),
  }
  return users
}

/** A user with a home signs in there only; one without signs in anywhere. */
function livesIn({ domain: home }: User, domain: string | undefined): boolean {
  return home === undefined || domain === undefined || home.toLowerCase() === domain.toLowerCase()
}

function digestOf(password: string): Buffer {
  return createHash('sha256').update(password).digest()
}
