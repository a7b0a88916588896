import Type, { type Static } from 'typebox'
import fidelity from '../../fidelity.json' with { type: 'json' }
import type { ErrorName } from '../errors.ts'
import { SOURCES, type SourceName } from './sources.ts'

/** The areas of the ledger with the titles of their sections, in the order of the page. */
export const AREAS = {
  operations: 'Operations',
  errors: 'Errors',
  job: 'The job',
  create: 'Create',
  'get-and-list': 'Get and list',
  'cancel-and-delete': 'Cancel and delete',
  'sign-in-and-tokens': 'Sign-in and tokens',
  inventory: 'Inventory',
  access: 'Who may call',
  domains: 'Domains',
  http: 'On the wire',
} as const

/** The meaning of each certainty. */
export const CERTAINTIES = {
  documented: 'a page or a sample of the vendor says so',
  'seen in a client': 'no known page says so, but a public client needs it, sends it or was written against it',
  assumed: 'no source is known: the emulator decides, with a switch where a client could care',
  measured: 'a recorded exchange of a real CM shows it; the entry names the version',
} as const

const oneOf = <Name extends string>(names: Readonly<Record<Name, string>>) => Type.Enum(Object.keys(names) as Name[])
const optionalText = (description: string) => Type.Optional(Type.String({ minLength: 1, description }))

/** An entry of fidelity.json: one behaviour of the emulator. */
export const LedgerEntrySchema = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z0-9-]+(\\.[a-z0-9-]+)+$', description: 'never changes: reports name it' }),
    area: oneOf(AREAS),
    operation: optionalText('the operation, in the area operations'),
    error: optionalText('the error of src/errors.ts, in the area errors'),
    what: Type.String({ minLength: 1, description: 'one sentence, in Markdown' }),
    certainty: oneOf(CERTAINTIES),
    source: Type.Array(oneOf<SourceName>(SOURCES), { minItems: 1, uniqueItems: true }),
    test: Type.String({ pattern: '^test/.+\\.test\\.ts$', description: 'the test file that shows it' }),
    switch: optionalText('the setting or the flag that changes it'),
    cmVersion: optionalText('the CM that was measured'),
  },
  { additionalProperties: false },
)

export type LedgerEntry = Readonly<Static<typeof LedgerEntrySchema>>

/** fidelity.json; test/fidelity.test.ts checks it against the schema. */
export const LEDGER = fidelity as readonly LedgerEntry[]

const byId = new Map(LEDGER.map((entry) => [entry.id, entry]))
const byError = new Map(LEDGER.map((entry) => [entry.error, entry]))

/** The certainty of an operation, by its `operationId`: assumed if the ledger has no entry for it yet. */
export function operationEntry(id: string): Pick<LedgerEntry, 'certainty' | 'source'> {
  return byId.get(id) ?? { certainty: 'assumed', source: ['own'] }
}

export function errorEntry(name: ErrorName): LedgerEntry {
  const entry = byError.get(name)
  if (entry === undefined) throw new Error(`fidelity.json has no entry for ${name}`)
  return entry
}
