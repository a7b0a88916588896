import type { TSchema } from 'typebox'
import type { ErrorName } from '../errors.ts'
import type { CallOperation } from '../model/operations.ts'
import type { Settings } from '../model/settings.ts'
import type { Certainty, Example } from './certainty.ts'
import { EMPTY_OPERATIONS } from './empty-collections.ts'
import { FAMILIES } from './families/index.ts'
import type { Family, Verb } from './family.ts'
import { jobOperations } from './job-operations.ts'
import { KIND_OPERATIONS } from './kind-operations.ts'
import type { Kind, KindOperation } from './kind.ts'
import type { Parameter } from './list-query.ts'
import { SERVER_OPERATIONS, type ServerOperationName } from './server-operations.ts'

/**
 * An operation of the vendor's API by one method. Routes, refused methods, faults, journal, log and the OpenAPI document come
 * from the table of these. The ledger (fidelity.json) says how certain each is.
 */
export type Operation = OperationRow &
  (
    | JobOperation
    | ResourceOperation
    | CollectionOperation
    | {
        readonly job?: undefined
        readonly resource?: undefined
        readonly collection?: undefined
        readonly name: ServerOperationName
      }
  )

/** The jobs of a family that it concerns, and what it does to them. */
interface JobOperation {
  readonly job: { readonly family: Family; readonly verb: Verb }
  readonly resource?: undefined
  readonly collection?: undefined
}

/** The resources of a kind that it concerns, and what it does to them. */
export interface ResourceOperation {
  readonly job?: undefined
  readonly resource: { readonly kind: Kind; readonly operation: KindOperation }
  readonly collection?: undefined
}

/** A read of a collection that is always empty. */
interface CollectionOperation {
  readonly job?: undefined
  readonly resource?: undefined
  readonly collection: 'list' | 'get'
}

export interface OperationRow {
  /** The name in faults, journal, log, ledger and control API. */
  readonly name: string
  /** The id in OpenAPI and the ledger: the name, but with the verb if several methods share the name. */
  readonly id: string
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Path below `/api/v1`; `:id` is a parameter. */
  readonly path: string
  /** `required`: the request carries a token. `issued`: the response does. Faults can invalidate both. */
  readonly token: 'required' | 'issued' | 'none'
  /** The ACL action that members of "CCKM Users" need. */
  readonly aclAction?: string
  /** The status of a success, or the switch that sets it. */
  readonly status: number | 'createStatus' | 'cancelStatus' | 'deleteStatus'
  /** Group, title and text in the OpenAPI document. */
  readonly tag: string
  readonly summary: string
  readonly description?: string
  readonly query?: readonly Parameter[]
  readonly body?: NamedSchema & { readonly examples?: Readonly<Record<string, Example>> }
  readonly answer: Answer
  /** Refusals beside those that every operation of its kind has. */
  readonly refusals?: readonly ErrorName[]
}

/** A schema with its name under `components` of the OpenAPI document. */
export interface NamedSchema {
  readonly name: string
  readonly schema: TSchema
}

/** The response of a success; without a schema it has no body. */
export interface Answer extends Partial<NamedSchema> {
  readonly description: string
  /** An example body, with the certainty of the operation unless another is given. */
  readonly sample?: { readonly certainty?: Certainty; readonly value: unknown }
}

const MODULES: readonly Operation[] = [...FAMILIES.flatMap(jobOperations), ...KIND_OPERATIONS]
const served = new Set(MODULES.map(({ method, path }) => `${method} ${path}`))

/** Every operation of the vendor's API that is emulated. */
export const OPERATIONS: readonly Operation[] = [
  ...MODULES,
  ...EMPTY_OPERATIONS.filter(({ method, path }) => !served.has(`${method} ${path}`)),
  ...SERVER_OPERATIONS.map((row): Operation => ({ ...row, id: row.name })),
]

/** True if requests of the operation name a job in their path. */
export function namesJob({ job, path }: Operation): boolean {
  return job !== undefined && path.includes(':id')
}

/** The status of a success. */
export function statusOf({ status }: Operation, settings: Settings): number {
  return typeof status === 'number' ? status : settings[status]
}

function readsState({ job, resource }: Operation): boolean {
  if (job !== undefined) return job.verb === 'list' || job.verb === 'get' || job.verb === 'get-by-post'
  return resource !== undefined && (resource.operation.run.type === 'list' || !resource.operation.run.writes)
}

/** The operations that a fault can match: each name once, with all its methods. */
export const CALL_OPERATIONS: readonly CallOperation[] = [...new Set(OPERATIONS.map(({ name }) => name))].map(
  (name) => {
    const rows = OPERATIONS.filter((operation) => operation.name === name)
    const listsFamily = rows.find(({ job }) => job?.verb === 'list')?.job?.family.name
    return {
      name,
      methods: rows.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method])),
      namesJob: rows.some(namesJob),
      ...(listsFamily !== undefined && { listsFamily }),
      readsJob: rows.some(({ job }) => job?.verb === 'get' || job?.verb === 'get-by-post'),
      creates: rows.some(({ status }) => status === 'createStatus'),
      readsState: rows.some(readsState),
      hasToken: rows.some(({ token }) => token !== 'none'),
      issuesToken: rows.some(({ token }) => token === 'issued'),
    }
  },
)
