import { EmulatorError } from '../errors.ts'
import { DOMAIN_NAME, isIdLike } from '../model/domain.ts'
import { matchesGlob } from '../model/glob.ts'

/** Whether `--domains` allows a new domain of that name: `auto` any, `fixed` none, else a glob that names must match. */
export function mayMake(name: string, allowed: string): boolean {
  return !isIdLike(name) && isAllowed(name, allowed)
}

function isAllowed(name: string, allowed: string): boolean {
  if (allowed === 'auto') return true
  return allowed !== 'fixed' && matchesGlob(allowed.toLowerCase(), name.toLowerCase())
}

/** Throws what is wrong with the name of a new domain. */
export function refuseNewName(name: string, allowed: string): void {
  if (!DOMAIN_NAME.test(name))
    throw new EmulatorError(
      'badRequest',
      `domain: ${JSON.stringify(name.slice(0, 100))} is not 1 to 64 of A-Z a-z 0-9 . _ -`,
    )
  if (isIdLike(name))
    throw new EmulatorError(
      'badRequest',
      `domain: ${JSON.stringify(name)} is not a name: it has the form of an id`,
      'names of new domains are not UUIDs, so that a name never stands for the id of another domain',
    )
  if (!isAllowed(name, allowed))
    throw new EmulatorError('forbidden', `this emulator makes no domain named ${name}`, `--domains is ${allowed}`)
}
