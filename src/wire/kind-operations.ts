import { KINDS } from './resources/index.ts'
import type { Kind, KindOperation } from './kind.ts'
import type { Operation } from './operations.ts'
import { pageSchema, referenceTo } from './page.ts'
import { resourceParameters } from './resource-query.ts'

function answerOf({ name, record, sample }: Kind, { answer }: KindOperation): Operation['answer'] {
  if (answer === 'nothing') return { description: 'Done.' }
  if (answer === 'record')
    return {
      description: 'The record.',
      name: `${name}.Record`,
      schema: record,
      sample: { certainty: 'assumed', value: sample },
    }
  if (answer === 'page')
    return {
      description: 'A page of records.',
      name: `${name}.Page`,
      schema: pageSchema(referenceTo(`${name}.Record`)),
    }
  const { sample: value, ...named } = answer
  return { description: 'The answer.', ...named, ...(value !== undefined && { sample: { value } }) }
}

function rowOf(kind: Kind, operation: KindOperation): Operation {
  const { name, id = name, method, path, status, summary, description, body, refusals = [] } = operation
  return {
    ...{ name, id, method, path, status, summary },
    ...(description !== undefined && { description }),
    ...(body !== undefined && { body }),
    ...(operation.run.type === 'list' && { query: resourceParameters(kind) }),
    token: 'required',
    resource: { kind, operation },
    tag: kind.tag,
    answer: answerOf(kind, operation),
    refusals: ['forbidden', ...refusals],
  }
}

/** The operations of all kinds of resources. */
export const KIND_OPERATIONS: readonly Operation[] = KINDS.flatMap((kind) =>
  kind.operations.map((operation) => rowOf(kind, operation)),
)
