import Type from 'typebox'
import type { Certainty } from './certainty.ts'
import type { Family, Verb } from './family.ts'
import { JOB_PARAMETERS } from './list-query.ts'
import type { Answer, Operation, OperationRow } from './operations.ts'
import { pageSchema, referenceTo } from './page.ts'

/** What the verbs of all families have in common. */
interface VerbRow extends Pick<OperationRow, 'method' | 'status' | 'description' | 'query' | 'refusals'> {
  /** The last part of the operation's name, where it is not the verb. */
  readonly name?: Verb
  readonly path: string
  readonly acl: keyof Family['acl']
  readonly summary: (noun: string) => string
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
    query: JOB_PARAMETERS,
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
    description: 'The pages say "2xx": the status is assumed (switch `createStatus`).',
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
    description:
      'Takes no body. For a finished job only the flag changes. The status is assumed (switch `cancelStatus`).',
    // As in the sample of "Cancel AWS Bulk Job": a finished job of which only the flag changed.
    answer: (family) => jobAnswer(family, 'The job, with `abort: true`.', { value: { ...family.sample, abort: true } }),
    refusals: ['conflict'],
  },
  delete: {
    method: 'DELETE',
    path: '/:id',
    acl: 'cancel',
    status: 'deleteStatus',
    summary: (noun) => `Delete a ${noun}`,
    description:
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
function created({ sample: { completed_at: _completedAt, ...job } }: Family): object {
  return { ...job, updatedAt: job.createdAt, overall_status: 'in_progress', detailed_status: {} }
}

/** The operations on the jobs of a family. */
export function jobOperations(family: Family): Operation[] {
  const verbs = Object.entries(VERBS) as [Verb, VerbRow][]
  return verbs.flatMap(([verb, { name = verb, path, acl, summary, body, answer, ...row }]): Operation[] => {
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
        ...(asked && { body: asked }),
        answer: answer(family),
      },
    ]
  })
}
