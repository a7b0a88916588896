import Type from 'typebox'
import { ChangeNameSchema, Count } from './domain-schemas.ts'
import { InstantText } from '../schemas.ts'

// Responses of the control API about resources of the inventory.

const VendorRecordSchema = Type.Record(Type.String(), Type.Unknown(), { description: 'as the vendor writes it' })

const Hidden = Type.Optional(Type.Literal(true, { description: 'a synchronization has yet to show it to API clients' }))

export const ResourceAnswerSchema = Type.Object({
  id: Type.String(),
  kind: Type.String(),
  record: VendorRecordSchema,
  hidden: Hidden,
  summary: Type.Optional(
    Type.Object(
      {
        name: Type.Optional(Type.String()),
        state: Type.Optional(Type.String()),
        container: Type.Optional(Type.String({ description: 'its id, or a name of it' })),
        region: Type.Optional(Type.String()),
        changedAt: InstantText,
      },
      { description: 'with `summary=true`: what it is, whatever its kind' },
    ),
  ),
})

const ChangeOriginSchema = Type.Union([
  Type.Object({ job: Type.String() }),
  Type.Object({ request: Type.String() }),
  Type.Object({ seed: Type.Literal(true) }),
])

export const ResourceHistoryAnswerSchema = Type.Object({
  ...ResourceAnswerSchema.properties,
  effects: Type.Array(
    Type.Object({
      at: InstantText,
      change: ChangeNameSchema,
      by: ChangeOriginSchema,
    }),
    { description: 'its changes in order, those to come too' },
  ),
})

export const ResourceTimelineAnswerSchema = Type.Object({
  id: Type.String(),
  kind: Type.String(),
  name: Type.Optional(Type.String()),
  steps: Type.Array(
    Type.Object({
      at: InstantText,
      change: ChangeNameSchema,
      by: ChangeOriginSchema,
      state: Type.Optional(Type.String({ description: 'the state from then on, if its kind has any' })),
      hidden: Hidden,
      removed: Type.Optional(Type.Literal(true, { description: 'it is not there any more' })),
    }),
    { description: 'its creation and its changes in order, those to come too' },
  ),
})

export const ResourceMatchesAnswerSchema = Type.Object({
  resources: Type.Array(
    Type.Object({
      name: Type.String({ description: 'as it was asked for' }),
      id: Type.String(),
      kind: Type.String(),
    }),
  ),
})

export const ResourceListAnswerSchema = Type.Object({ total: Count, resources: Type.Array(ResourceAnswerSchema) })
