import type { ChangeName, ChangeOrigin } from '../../model/resource.ts'

/** Responses of the control API about resources of the inventory. */

/** A resource of the inventory. */
export interface ResourceAnswer {
  readonly id: string
  readonly kind: string
  /** As the vendor writes it. */
  readonly record: Readonly<Record<string, unknown>>
  /** A synchronization has yet to show it to API clients. */
  readonly hidden?: true
  /** If requested: what it is, whatever its kind. */
  readonly summary?: ResourceSummaryAnswer
}

interface ResourceSummaryAnswer {
  readonly name?: string
  readonly state?: string
  /** The id or a name of the container. */
  readonly container?: string
  readonly region?: string
  readonly changedAt: string
}

export interface ResourceHistoryAnswer extends ResourceAnswer {
  /** Its changes in order, those to come too. */
  readonly effects: readonly {
    readonly at: string
    readonly change: ChangeName
    readonly by: ChangeOrigin
  }[]
}

/** What a resource is from one change to the next. */
export interface ResourceTimelineAnswer {
  readonly id: string
  readonly kind: string
  readonly name?: string
  /** Its creation and its changes in order, those to come too. */
  readonly steps: readonly ResourceStepAnswer[]
}

export interface ResourceStepAnswer {
  readonly at: string
  readonly change: ChangeName
  readonly by: ChangeOrigin
  /** The state from then on, if its kind has any. */
  readonly state?: string
  readonly hidden?: true
  /** It is not there any more. */
  readonly removed?: true
}

/** Which resources some ids or names are of. */
export interface ResourceMatchesAnswer {
  readonly resources: readonly { readonly name: string; readonly id: string; readonly kind: string }[]
}

export interface ResourceListAnswer {
  readonly total: number
  readonly resources: readonly ResourceAnswer[]
}
