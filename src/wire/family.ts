import type { TObject, TSchema } from 'typebox'
import type { FamilyRules, JobAction, JobRequest } from '../model/family.ts'
import type { ItemResult } from '../model/plan.ts'
import type { KindName } from '../model/resource.ts'
import type { Settings } from '../model/settings.ts'
import type { Issue } from '../model/issue.ts'
import type { Example } from './certainty.ts'
import type { Member } from './raw-json.ts'

/** What a family can do. `get-by-post` is `get` by another method. */
export type Verb = 'list' | 'create' | 'get' | 'get-by-post' | 'cancel' | 'delete'

/**
 * A kind of job in the vendor's API, with everything specific to it. Each is a module in families/ (CONTRIBUTING.md).
 */
export interface Family extends FamilyRules {
  /** Path below `/api/v1`. */
  readonly path: string
  /** What its jobs are called in summaries: `bulk job`. */
  readonly noun: string
  /** The kind in the job's uri. */
  readonly uriKind: string
  /** The operations that a create request can ask for. */
  readonly operations: readonly string[]
  /** The verbs that the vendor offers for it. */
  readonly verbs: readonly Verb[]
  /** What the items of a job do, by its operation and its request, or its document if it was captured. */
  readonly action: (operation: string, body: Readonly<Record<string, unknown>>) => JobAction | undefined
  /** The field of requests, documents and list filters that names the containers to synchronize. */
  readonly containerField?: string
  /** The kind of these containers, and what one is called in messages. Absent: the inventory has none of them. */
  readonly container?: { readonly kind: KindName; readonly noun: string }
  /** The items that a captured document names outside of `detailed_status`. Absent: its `keys`. */
  readonly itemsIn?: (document: Readonly<Record<string, unknown>>) => readonly string[]
  /** The members of `detailed_status`, in order. Absent: the text of each item. */
  readonly detailsOf?: (results: readonly ItemResult[]) => readonly Member[]
  /** Whether the answer to a create has its instants to the nanosecond. */
  readonly isCreateInNanoseconds?: boolean
  /** The ACL actions that members of "CCKM Users" need. */
  readonly acl: { readonly view: string; readonly create: string; readonly cancel: string }
  readonly request: {
    /** The documented body. */
    readonly schema: TSchema
    readonly read: (body: unknown, settings: Settings) => RequestReading
    /** The field that names the items of a job by their ids. */
    readonly itemField: string
    readonly examples: Readonly<Record<string, Example>>
  }
  /** The job's document: its members, in the order in which they are sent. One that may lack `abort` has it after a cancel alone. */
  readonly document: TObject
  /** The vendor's sample of a finished job. */
  readonly sample: Readonly<Record<string, unknown>>
}

/** A create request in the terms of the model, or all issues. */
export type RequestReading =
  | {
      readonly request: Omit<JobRequest, 'family' | 'content'>
      /** Names of fields that were sent, are not documented, and changed nothing. */
      readonly ignored: readonly string[]
    }
  | { readonly issues: readonly Issue[] }
