import type { FastifyRequest } from 'fastify'
import { userId } from '../identity/token-issuer.ts'
import type { Users } from '../identity/users.ts'
import { EmulatorError } from '../errors.ts'
import type { ResourceRecord } from '../model/resource.ts'
import { isAdministrator, isPermitted, type CallerRights } from '../wire/acl.ts'
import type { Operation } from '../wire/operations.ts'
import { textOf, textsOf } from '../wire/resource-record.ts'
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
  if (isAdministrator(rights)) return
  const lack = lackOf(request, operation, (container) => isPermitted(rights, container, [aclAction]))
  if (lack === undefined) return
  throw new EmulatorError('forbidden', `Insufficient permissions: ${aclAction} is required${lack}`, hintFor(operation))
}

/**
 * Where the caller lacks the action: ` in the KMS account kms2`, or empty if in no container in particular; undefined if
 * the call is permitted. A synchronization needs the action in each container that it covers. To see and to cancel such
 * jobs the action in any container suffices.
 */
function lackOf(
  request: FastifyRequest,
  { job }: Operation,
  may: (container?: ResourceRecord) => boolean,
): string | undefined {
  const { container, containerField = '' } = job?.family ?? {}
  if (job === undefined || container === undefined) return may() ? undefined : ''
  const { kind, noun } = container
  return requireCaller(request).domain.inventory.read(({ find, list }) => {
    const all = () => list(kind, []).map(({ record }) => ({ name: textOf(record.name), record }))
    if (job.verb !== 'create') return may() || all().some(({ record }) => may(record)) ? undefined : ''
    const body = request.body as Readonly<Record<string, unknown>> | null | undefined
    const names = textsOf(body?.[containerField])
    const covered = names.length === 0 ? all() : names.map((name) => ({ name, record: find(kind, name)?.record }))
    if (covered.length === 0) return may() ? undefined : ''
    const lacking = covered.find(({ record }) => !may(record))
    return lacking && ` in the ${noun} ${lacking.name}`
  })
}

function hintFor({ job }: Operation): string {
  const group = 'give the user the group "CCKM Admins", or "CCKM Users" with that ACL action'
  const noun = job?.family.container?.noun
  return noun === undefined
    ? `${group}, in the configuration`
    : `${group}: give it in the configuration, or with \`update-acls\` of each ${noun}`
}
