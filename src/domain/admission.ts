import { EmulatorError } from '../errors.ts'
import { DOMAIN_NAME, isIdLike } from '../model/domain.ts'
import { matchesGlob } from '../model/glob.ts'

/** Which domains may be added. */
export interface AdmissionLimits {
  /** Which names new domains may have: `auto`: any; `fixed`: none; otherwise a glob that names must match. */
  readonly allowed: string
  readonly maxDomains: number
}

/** Admits new domains, one at a time for each name. */
interface Admission {
  /** Whether `--domains` allows a new domain of that name. */
  readonly isAllowed: (name: string) => boolean
  /** Resolves once the domain of that name is built; undefined if none is being built. */
  readonly pending: (name: string) => Promise<unknown> | undefined
  /** Builds a domain. Throws if its name is not allowed or there are too many domains. */
  readonly admit: <T>(name: string, build: () => Promise<T>) => Promise<T>
}

export function createAdmission(
  { allowed, maxDomains }: AdmissionLimits,
  domains: { readonly count: () => number; readonly dropIdle: () => Promise<void> },
): Admission {
  const underWay = new Map<string, Promise<unknown>>()

  function refuseOneMore(): void {
    // The one that is being built is already counted in `underWay`.
    if (domains.count() + underWay.size > maxDomains)
      throw new EmulatorError(
        'tooManyRequests',
        `there are ${domains.count()} domains already`,
        'raise --max-domains, or drop idle ones with --domain-ttl',
      )
  }

  return {
    isAllowed: (name) => !isIdLike(name) && matchesAllowed(name, allowed),
    pending: (name) => underWay.get(name.toLowerCase()),
    admit: async (name, build) => {
      refuseName(name, allowed)
      const built = domains.dropIdle().then(() => {
        refuseOneMore()
        return build()
      })
      // Each waiting call gets the error. If none waits, the rejection must not end the process.
      built.catch(() => undefined)
      underWay.set(name.toLowerCase(), built)
      try {
        return await built
      } finally {
        underWay.delete(name.toLowerCase())
      }
    },
  }
}

function matchesAllowed(name: string, allowed: string): boolean {
  if (allowed === 'auto') return true
  return allowed !== 'fixed' && matchesGlob(allowed.toLowerCase(), name.toLowerCase())
}

function refuseName(name: string, allowed: string): void {
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
  if (!matchesAllowed(name, allowed))
    throw new EmulatorError('forbidden', `this emulator creates no domain named ${name}`, `--domains is ${allowed}`)
}
