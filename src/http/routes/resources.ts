import type { FastifyRequest } from 'fastify'
import { EmulatorError } from '../../errors.ts'
import type { InventoryEdit, ResourceRecord } from '../../model/resource.ts'
import { isAdministrator, isPermitted, type CallerRights } from '../../wire/acl.ts'
import { bodyReader, canonicalJson } from '../../wire/create-request.ts'
import { asGoReads } from '../../wire/go-body.ts'
import { issueMessage } from '../../wire/issues.ts'
import type { CallRun, Kind, KindCall, KindOperation, ListRun, Refusal } from '../../wire/kind.ts'
import { readPaging } from '../../wire/list-query.ts'
import type { ResourceOperation } from '../../wire/operations.ts'
import { pageParts, renderPage } from '../../wire/page.ts'
import { forbidden, isRefusal } from '../../wire/resource-calls.ts'
import { readResourceQuery } from '../../wire/resource-query.ts'
import { queryOf, type OperationHandler } from '../operation-routes.ts'
import { requireCaller, shownDomain } from '../request-call.ts'
import { hintIgnored, sendJson, sendParts, closeSignal } from '../send.ts'

interface ResourceHandlerOptions {
  readonly rightsOf: (request: FastifyRequest) => CallerRights
}

/** What an operation on the resources of a kind does. */
export function resourceHandler(
  { kind, operation }: ResourceOperation['resource'],
  options: ResourceHandlerOptions,
): OperationHandler {
  const { run } = operation
  return run.type === 'list' ? listHandler(kind, operation, run, options) : callHandler(operation, run, options)
}

/** What a read of a collection that is always empty answers. */
export function emptyHandler(verb: 'list' | 'get', { rightsOf }: ResourceHandlerOptions): OperationHandler {
  return {
    handle: (request, reply) => {
      requireMember(rightsOf(request))
      if (verb === 'get') throw new EmulatorError('notFound', 'Resource not found')
      const paging = readPaging(queryOf(request), requireCaller(request).domain.settings)
      if ('issues' in paging) throw new EmulatorError('badRequest', issueMessage(paging.issues))
      const { skip, limit = -1 } = paging
      return sendJson(request, reply, renderPage({ skip, limit, total: 0, resources: [] }))
    },
  }
}

function listHandler(
  kind: Kind,
  operation: KindOperation,
  run: ListRun,
  { rightsOf }: ResourceHandlerOptions,
): OperationHandler {
  return {
    handle: async (request, reply) => {
      const { domain } = requireCaller(request)
      const rights = requireMember(rightsOf(request))
      const reading = readResourceQuery(kind, queryOf(request), { ...run, settings: domain.settings })
      if ('issues' in reading) throw new EmulatorError('badRequest', issueMessage(reading.issues))
      hintIgnored(reply, reading.ignored)
      const { inventory } = shownDomain(request)
      const query = inventory.read((edit) => {
        const scope = run.scope?.(callOf(request, { edit, operation, rights, body: {} })) ?? []
        if (isRefusal(scope)) throw errorOf(scope)
        const own = reading.query(edit.find)
        return { ...own, kind: kind.name, filters: [...scope, ...own.filters] }
      })
      const { total, resources } = await inventory.page(query, closeSignal(reply))
      return sendParts(request, reply, pageParts({ skip: query.skip, limit: query.limit ?? -1, total, resources }))
    },
  }
}

function callHandler(operation: KindOperation, run: CallRun, { rightsOf }: ResourceHandlerOptions): OperationHandler {
  const readBody = bodyReaderOf(operation)
  return {
    writes: run.writes,
    handle: (request, reply) => {
      const { domain } = requireCaller(request)
      const rights = requireMember(rightsOf(request))
      if (operation.actions.length === 0 && !isAdministrator(rights)) throw errorOf(forbidden(operation))
      const reading = readBody(request.body ?? {}, domain.settings)
      if ('issues' in reading) throw new EmulatorError('badRequest', issueMessage(reading.issues))
      hintIgnored(reply, reading.ignored)
      const body = reading.body as ResourceRecord
      const work = (edit: InventoryEdit): unknown => {
        const outcome = run.work(callOf(request, { edit, operation, rights, body }))
        if (isRefusal(outcome)) throw errorOf(outcome)
        return outcome.answer
      }
      const content = `${operation.name} ${canonicalJson(request.params)} ${canonicalJson(request.body)}`
      const answer = run.writes
        ? domain.inventory.edit({ id: request.id, content }, work)
        : shownDomain(request).inventory.read(work)
      return answer === undefined ? reply.send() : sendJson(request, reply, JSON.stringify(answer))
    },
  }
}

/** Reads the bodies of an operation; of one that takes none, whatever is sent is ignored. */
function bodyReaderOf({ body }: KindOperation): ReturnType<typeof bodyReader> {
  if (body === undefined) return () => ({ body: {}, ignored: [] })
  const read = bodyReader(body.schema)
  return (sent, settings) => read(asGoReads(body.schema, sent), settings)
}

function callOf(
  { params }: FastifyRequest,
  {
    edit,
    operation: { actions },
    rights,
    body,
  }: Pick<KindCall, 'edit' | 'body'> & { readonly operation: KindOperation; readonly rights: CallerRights },
): KindCall {
  return {
    edit,
    params: params as Readonly<Record<string, string>>,
    body,
    actions,
    may: (container, needed) => isPermitted(rights, container, needed),
  }
}

/** Users outside of the three groups have no part in CCKM. */
function requireMember(rights: CallerRights): CallerRights {
  if (GROUPS.some((group) => rights.groups.includes(group))) return rights
  throw new EmulatorError(
    'forbidden',
    'Insufficient permissions: "CCKM Users" or "CCKM Admins" is required',
    'give the user one of these groups in the configuration',
  )
}

const GROUPS = ['admin', 'CCKM Admins', 'CCKM Users']

function errorOf(refusal: Refusal): EmulatorError {
  if ('issues' in refusal) return new EmulatorError('badRequest', issueMessage(refusal.issues))
  return new EmulatorError(refusal.refused, refusal.message, refusal.hint)
}
