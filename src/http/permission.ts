import type { FastifyRequest } from 'fastify'
import { userId } from '../identity/token-issuer.ts'
import type { Users } from '../identity/users.ts'
import { EmulatorError } from '../errors.ts'
import type { ResourceRecord } from '../model/resource.ts'
import { isPermitted, type CallerRights } from '../wire/acl.ts'
import type { Operation } from '../wire/operations.ts'
import { textsOf } from '../wire/resource-record.ts'
import { requireCaller, type Caller } from './request-call.ts'

export function rightsOfCaller({ groups, userName, domain }: Caller, users: Users): CallerRights {
  return { userId: userId(userName), groups, acls: users.with(domain.users).aclsOf(userName, domain.name) }
}

/**
 * Throws unless the caller has the ACL action of an operation: "CCKM Users" need it, "CCKM Admins" and `admin` do not
 * (thalesdocs, AWS bulk jobs).
 */
export function requirePermission(request: FastifyRequest, operation: Operation, users: Users): void {
  const { aclAction } = operation
  if (aclAction === undefined) return
  const rights = rightsOfCaller(requireCaller(request), users)
  if (isPermitted(rights, undefined, []) || isGranted(request, operation, [rights, aclAction])) return
  throw new EmulatorError(
    'forbidden',
    `Insufficient permissions: ${aclAction} is required`,
    'give the user the group "CCKM Admins", or "CCKM Users" with that ACL action, in the configuration',
  )
}

/**
 * A synchronization needs the action in each container that it covers. To see and to cancel such jobs the action in any container
 * suffices.
 */
function isGranted(request: FastifyRequest, { job }: Operation, [rights, action]: [CallerRights, string]): boolean {
  const may = (container?: ResourceRecord) => isPermitted(rights, container, [action])
  const { containerKind: kind, containerField = '' } = job?.family ?? {}
  if (job === undefined || kind === undefined) return may()
  return requireCaller(request).domain.inventory.read(({ find, list }) => {
    const all = list(kind, []).map(({ record }) => record)
    if (job.verb !== 'create') return may() || all.some((record) => may(record))
    const body = request.body as Readonly<Record<string, unknown>> | null | undefined
    const names = textsOf(body?.[containerField])
    const covered = names.length === 0 ? all : names.map((name) => find(kind, name)?.record)
    return covered.length === 0 ? may() : covered.every((record) => may(record))
  })
}
