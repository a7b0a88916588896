import Type from 'typebox'
import type { Issue } from '../model/issue.ts'
import { prefixIssues } from '../model/issue.ts'
import type { SeedResource } from '../model/seed.ts'
import { checkOf } from '../model/validate.ts'
import type { Kind } from '../wire/kind.ts'
import { KINDS, kindOf, recordIssues } from '../wire/resources/index.ts'

/** Resources that one element of a seed can have. */
const MAX_COUNT = 1_000_000

const onSync = (description: string) => Type.Optional(Type.Literal('on-sync', { description }))

/** An element of a seed's `resources`. */
export const ResourceElement = Type.Object(
  {
    kind: Type.Enum(KINDS.map(({ name }) => name)),
    record: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), { description: 'as CM sends it; what is missing is filled in' }),
    ),
    of: Type.Optional(Type.String({ minLength: 1, description: 'of a backup: the id of its key' })),
    count: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_COUNT, description: 'so many, with drawn ids' })),
    appears: onSync('clients see it after the next synchronization'),
    vanishes: onSync('the next synchronization shows that the cloud has lost it'),
  },
  { additionalProperties: false },
)

const checkElement = checkOf(ResourceElement)

/** Reads one element of a seed's `resources`. */
export function readSeedResource(
  element: unknown,
): { readonly resource: SeedResource } | { readonly issues: readonly Issue[] } {
  const checked = checkElement(element)
  if ('issues' in checked) return checked
  const { kind, record = {}, of, count, appears, vanishes } = checked.value
  const issues = [
    ...prefixIssues('/record', recordIssues(kindOf(kind), record)),
    ...syncIssues(kindOf(kind), { appears, vanishes }),
  ]
  if (count !== undefined && 'id' in record)
    issues.push({ pointer: '/record/id', message: 'is one id for several resources: leave it out, or count' })
  if (issues.length > 0) return { issues }
  return {
    resource: { kind, record, of, count, isHidden: appears !== undefined, vanishes: vanishes !== undefined },
  }
}

/** Issues of members that only a synchronization of another kind acts on. */
function syncIssues({ name, onSync = [] }: Kind, members: Readonly<Record<'appears' | 'vanishes', unknown>>): Issue[] {
  return (['appears', 'vanishes'] as const)
    .filter((member) => members[member] !== undefined && !onSync.includes(member))
    .map((member) => {
      const kinds = KINDS.filter((kind) => kind.onSync?.includes(member)).map((kind) => kind.name)
      return { pointer: `/${member}`, message: `is not a field of ${name}, only of ${kinds.join(', ')}` }
    })
}

/** Whether an element of a seed is one of its resources, not a job. */
export function isResourceElement(element: unknown): boolean {
  return typeof element === 'object' && element !== null && 'kind' in element && !('overall_status' in element)
}
