import type { TObject, TSchema } from 'typebox'
import type { BackupSelector, FamilyName, JobAction, JobRequest, Selection } from '../model/family.ts'
import type { InventoryEdit } from '../model/resource.ts'
import type { Settings } from '../model/settings.ts'
import type { Issue } from '../model/issue.ts'
import type { Example } from './certainty.ts'

/** What a family can do. `get-by-post` is `get` by another method. */
export type Verb = 'list' | 'create' | 'get' | 'get-by-post' | 'cancel' | 'delete'

/**
 * A kind of job in the vendor's API, with everything specific to it. Each is a module in families/ (CONTRIBUTING.md).
 */
export interface Family {
  readonly name: FamilyName
  /** Path below `/api/v1`. */
  readonly path: string
  /** What its jobs are called in summaries: `bulk job`. */
  readonly noun: string
  /** The kind in the job's uri. */
  readonly uriKind: string
  readonly cloud: string
  /** The operations that a create request can ask for. */
  readonly operations: readonly string[]
  /** The verbs that the vendor offers for it. */
  readonly verbs: readonly Verb[]
  /** What the items of a job do, by its operation and its request, or its document if it was captured. */
  readonly action: (operation: string, body: Readonly<Record<string, unknown>>) => JobAction | undefined
  /** The items that a request selects without naming them; a family without it has no such requests. */
  readonly select?: (selector: BackupSelector, inventory: Pick<InventoryEdit, 'find' | 'list'>) => Selection
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
  /** The job's document: its members, in the order in which they are sent. */
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
