import type { TObject, TSchema } from 'typebox'
import type { ErrorName } from '../errors.ts'
import type { Issue } from '../model/issue.ts'
import type {
  FillContext,
  InventoryEdit,
  KindBehaviour,
  KindName,
  ResourceQuery,
  ResourceRecord,
} from '../model/resource.ts'
import type { Note, Example } from './certainty.ts'

/**
 * A kind of resource in the vendor's API: all that sets it apart from other kinds. Each is a module in resources/
 * (CONTRIBUTING.md).
 */
export interface Kind {
  readonly name: KindName
  /** The kind in the uri of a record. */
  readonly uriKind: string
  /** Group of its operations in the OpenAPI document. */
  readonly tag: string
  /** A record: its members, in the order in which they are sent. */
  readonly record: TObject
  /** Completes a partial record. Pure; members that the schema does not have come last. */
  readonly fill: (partial: ResourceRecord, context: FillContext) => ResourceRecord
  readonly behaviour: KindBehaviour
  /** Paths of the texts, or lists of texts, that get a number where an element of a seed stands for several resources. */
  readonly numbered: readonly (readonly string[])[]
  readonly filters: Readonly<Record<string, QueryFilter>>
  /** What lists can be sorted by: paths of members, by the name in the query. */
  readonly sorts: Readonly<Record<string, readonly string[]>>
  /** The ACL of the container, whose actions members of "CCKM Users" need; undefined: none does, so only administrators may. */
  readonly container?: KindName
  /** The kind that `of` of a seed's element names. */
  readonly owner?: KindName
  /** What a synchronization can do to a seeded resource of the kind: show it, or find it lost. Absent: neither. */
  readonly onSync?: readonly ('appears' | 'vanishes')[]
  /** A record as the vendor or a client shows it. */
  readonly sample: ResourceRecord
  readonly operations: readonly KindOperation[]
}

/** A filter of a list: which records a value of the query chooses. */
export interface QueryFilter {
  readonly note: Note
  /** How values are written. `flag`: `true` or `false`; `count`: a whole number. */
  readonly form: 'text' | 'flag' | 'count'
  readonly filtersOf: (
    values: readonly (string | number | boolean)[],
    find: InventoryEdit['find'],
  ) => ResourceQuery['filters']
}

/** An operation of the vendor's API on resources of a kind. */
export interface KindOperation {
  /** As faults, journal and ledger call it. */
  readonly name: string
  /** The last part of the name in the OpenAPI document, where two operations have one name. */
  readonly id?: string
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Path below `/api/v1`. `:id` names a resource of the kind, or of `of`. */
  readonly path: string
  readonly status: number | 'createStatus' | 'deleteStatus'
  readonly summary: string
  readonly description?: string
  readonly body?: {
    readonly name: string
    readonly schema: TSchema
    readonly examples?: Readonly<Record<string, Example>>
  }
  /** What a success sends: the record, a page of records, nothing, or something of its own. */
  readonly answer:
    'record' | 'page' | 'nothing' | { readonly name: string; readonly schema: TSchema; readonly sample?: unknown }
  readonly refusals?: readonly ErrorName[]
  /** ACL actions, any of which permits the call; an empty list: administrators only. */
  readonly actions: readonly string[]
  readonly run: ListRun | CallRun
}

/** A list: which resources it can show, before the filters of the query. */
export interface ListRun {
  readonly type: 'list'
  readonly scope?: (call: KindCall) => ResourceQuery['filters'] | Refusal
  /** Whether a record is one of several versions of a resource: `version=-1` then chooses the newest. */
  readonly hasVersions?: boolean
}

/** Any other call. What it returns is sent; a refusal undoes what it has done. */
export interface CallRun {
  readonly type: 'call'
  readonly writes: boolean
  /** undefined: the body has no schema. */
  readonly work: (call: KindCall) => Outcome
}

/** A call, with what the path and the body say. */
export interface KindCall {
  readonly edit: InventoryEdit
  /** The values of the path. */
  readonly params: Readonly<Record<string, string>>
  /** Checked against the schema of the operation; without one, as it was sent. */
  readonly body: ResourceRecord
  /** The ACL actions of the operation. */
  readonly actions: readonly string[]
  /** Whether the caller has one of these ACL actions in a container; undefined: in every one. */
  readonly may: (container: ResourceRecord | undefined, actions: readonly string[]) => boolean
}

/** A refusal in the vendor's shape. */
export type Refusal =
  | { readonly refused: ErrorName; readonly message: string; readonly hint?: string }
  | { readonly issues: readonly Issue[] }

/** What a call answers: a value to be sent as JSON; undefined sends no body. */
export type Outcome = { readonly answer: unknown } | Refusal
