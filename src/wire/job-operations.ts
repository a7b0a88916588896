import Type from 'typebox'
import { isRecord } from '../model/is-record.ts'
import type { Certainty } from './certainty.ts'
import type { Family, Verb } from './family.ts'
import { jobParameters, type Parameter } from './list-query.ts'
import type { Answer, Operation, OperationRow } from './operations.ts'
import { pageSchema, referenceTo } from './page.ts'

/** What the verbs of all families have in common. */
interface VerbRow extends Pick<OperationRow, 'method' | 'status' | 'refusals'> {
  /** The last part of the operation's name, where it is not the verb. */
  readonly name?: Verb
  readonly path: string
  readonly acl: keyof Family['acl']
  readonly summary: (noun: string) => string
  readonly description?: (family: Family) => string
  readonly query?: (family: Family) => readonly Parameter[]
  readonly body?: (family: Family) => OperationRow['body']
  readonly answer: (family: Family) => Answer
}

const VERBS: Readonly<Record<Verb, VerbRow>> = {
  list: {
    method: 'GET',
    path: '',
    acl: 'view',
    status: 200,
    summary: (noun) => `List ${noun}s`,
    query: jobParameters,
    answer: ({ name, sample }) => ({
      description: 'A page of jobs.',
      name: `${name}.Page`,
      schema: pageSchema(referenceTo(`${name}.Job`)),
      sample: { certainty: 'assumed', value: { skip: 0, limit: 10, total: 1, resources: [sample] } },
    }),
  },
  create: {
    method: 'POST',
    path: '',
    acl: 'create',
    status: 'createStatus',
    summary: (noun) => `Create a ${noun}`,
    description: ({ course }) =>
      'The pages say "2xx": the status is assumed (switch `createStatus`).' +
      (course?.isExclusive === true
        ? ' Refused while another job covers the same containers (switch `parallelSync`).'
        : ''),
    body: ({ name, request: { schema, examples } }) => ({ name: `${name}.CreateRequest`, schema, examples }),
    answer: (family) =>
      jobAnswer(family, 'The job, not yet completed.', { certainty: 'assumed', value: created(family) }),
  },
  get: {
    method: 'GET',
    path: '/:id',
    acl: 'view',
    status: 200,
    summary: (noun) => `View a ${noun}`,
    answer: (family) => jobAnswer(family, 'The job.', { value: family.sample }),
  },
  'get-by-post': {
    name: 'get',
    method: 'POST',
    path: '/:id',
    acl: 'view',
    status: 200,
    summary: (noun) => `View a ${noun}, as the curl line of the page writes it`,
    answer: (family) => jobAnswer(family, 'The job.', { value: family.sample }),
  },
  cancel: {
    method: 'POST',
    path: '/:id/cancel',
    acl: 'cancel',
    status: 'cancelStatus',
    summary: (noun) => `Cancel a ${noun}`,
    description: ({ course }) =>
      (course === undefined
        ? 'Takes no body. For a finished job only the flag changes.'
        : 'Takes no body. Only a running job can be cancelled; it ends one second later.') +
      ' The status is assumed (switch `cancelStatus`).',
    answer: (family) => jobAnswer(family, 'The job, with `abort: true`.', { value: cancelled(family) }),
    refusals: ['conflict'],
  },
  delete: {
    method: 'DELETE',
    path: '/:id',
    acl: 'cancel',
    status: 'deleteStatus',
    summary: (noun) => `Delete a ${noun}`,
    description: () =>
      'A running job is refused (switch `deleteRunning`). Both that and the status are assumed (switch `deleteStatus`).',
    answer: () => ({ description: 'Deleted.', name: 'Empty', schema: Empty }),
    refusals: ['conflict'],
  },
}

const Empty = Type.Object({}, { description: 'Nothing.', 'x-fidelity': 'assumed' satisfies Certainty })

function jobAnswer({ name, document }: Family, description: string, sample: Answer['sample']): Answer {
  return { description, name: `${name}.Job`, schema: document, ...(sample && { sample }) }
}

/** The documented job while it runs, for which the vendor has no readable sample. */
function created(family: Family): object {
  const { completed_at: _completedAt, ...job } = family.sample
  return { ...job, updatedAt: job.createdAt, overall_status: 'in_progress', detailed_status: pendingDetails(family) }
}

function pendingDetails({ sample: { detailed_status: details }, course }: Family): object {
  if (course?.pending === undefined || !isRecord(details)) return {}
  return Object.fromEntries(Object.keys(details).map((id) => [id, course.pending]))
}

/** Bulk jobs: as in the sample of "Cancel AWS Bulk Job", a finished job of which only the flag changed. */
function cancelled(family: Family): object {
  return { ...(family.course === undefined ? family.sample : created(family)), abort: true }
}

/** The operations on the jobs of a family. */
export function jobOperations(family: Family): Operation[] {
  const verbs = Object.entries(VERBS) as [Verb, VerbRow][]
  return verbs.flatMap(
    ([verb, { name = verb, path, acl, summary, description, query, body, answer, ...row }]): Operation[] => {
      if (!family.verbs.includes(verb)) return []
      const asked = body?.(family)
      return [
        {
          ...row,
          name: `${family.name}.${name}`,
          id: `${family.name}.${verb}`,
          path: `${family.path}${path}`,
          token: 'required',
          job: { family, verb },
          aclAction: family.acl[acl],
          tag: `${family.cloud} ${family.noun}s`,
          summary: summary(family.noun),
          ...(description && { description: description(family) }),
          ...(query && { query: query(family) }),
          ...(asked && { body: asked }),
          answer: answer(family),
        },
      ]
    },
  )
}
