import type { FamilyName } from '../../model/family.ts'
import type { FaultSource } from '../../model/fault.ts'
import type { ClockMode } from '../../model/domain.ts'

/**
 * Responses of the control API about domains and the emulator, as the server writes and the client reads them. Instants
 * are RFC 3339.
 */

export interface ClockAnswer {
  readonly mode: ClockMode
  readonly now: string
  readonly rate: number
  readonly nextTransitionAt: string | null
}

/** A clock with the clients that sleep by it. */
export interface FullClockAnswer extends ClockAnswer {
  /** By name; `until` is the wake-up, null for one that is awake. */
  readonly sleepers: readonly { readonly name: string; readonly until: string | null }[]
  /** Of `auto`: the real time after which a sleeper that neither sleeps nor calls is dropped. */
  readonly lease?: string
  /** Of `auto`: it does not leap before it knows this many sleepers. */
  readonly expectedSleepers?: number
}

export interface SleepAnswer {
  readonly now: string
  /** True: the domain's time has not come that far. Sleep again for the rest. */
  readonly early?: boolean
}

export interface DomainAnswer {
  readonly name: string
  readonly id: string
  readonly jobs: number
  readonly clock: ClockAnswer
}

/**
 * All that a client needs to work in a domain. On a locked emulator the bearer of a CM token gets no `username`, `user`
 * and `password`.
 */
export interface DomainAccess {
  readonly name: string
  readonly id: string
  readonly created: boolean
  /** The domain for a sign-in that names it: the same as `name`. */
  readonly domain: string
  /** Signs in to the domain without naming it: `admin@t-42`. */
  readonly username: string
  /** The same user for a sign-in that names the domain: `admin`. */
  readonly user: string
  readonly password: string
  readonly jwt: string
}

export interface ErrorAnswer {
  readonly error: { readonly code: string; readonly message: string; readonly pointer?: string }
}

export interface InfoAnswer {
  readonly name: string
  readonly version: string
  readonly cmVersion: string
  readonly domains: number
  readonly families: readonly {
    readonly name: FamilyName
    readonly operations: readonly string[]
    /** The field of a create request that names the items of the job. */
    readonly itemField: string
    /** The body of a create. */
    readonly example?: unknown
  }[]
  /** The kinds of resources, keys first. */
  readonly kinds: readonly {
    readonly name: string
    /** The words for its states. */
    readonly states: readonly string[]
    /** The kind that contains it. */
    readonly container?: string
  }[]
}

/** A fault with its counts. */
export interface FaultAnswer extends FaultSource {
  readonly id: string
  /** The number of matching calls so far. */
  readonly seen: number
  readonly hits: number
  /** The instant of the domain at which it was set, from which `on.from` counts. */
  readonly setAt?: string
}
