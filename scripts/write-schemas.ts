// Writes schemas/: the JSON Schemas of what users write, for editors and other programs, from the TypeBox source.
//
//   node scripts/write-schemas.ts          writes them
//
// test/control/schemas.test.ts holds the files to the source.

import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import Type from 'typebox'
import { OptionsSchema } from '../src/config/options.ts'
import { ResourceElement } from '../src/files/seed-resource.ts'
import { ScenarioSchema } from '../src/model/scenario.ts'
import { FAMILIES } from '../src/wire/families/index.ts'

const strict = { additionalProperties: false } as const

const NamedScenario = Type.Union([Type.String({ minLength: 1, description: 'name of a scenario' }), ScenarioSchema])
const Family = Type.Enum(FAMILIES.map(({ name }) => name))
const VendorJob = Type.Object(
  { id: Type.String({ minLength: 1 }), overall_status: Type.String(), createdAt: Type.String() },
  { additionalProperties: true, description: 'a job as CM sends it, kept as written' },
)

const Captured = Type.Object(
  {
    job: VendorJob,
    family: Type.Optional(Family),
    scenario: Type.Optional(NamedScenario),
    createdAt: Type.Optional(
      Type.String({ description: 'where its createdAt, and with it all its instants, are moved to: now-25h' }),
    ),
  },
  strict,
)

const Requested = Type.Object(
  {
    family: Family,
    request: Type.Object({}, { additionalProperties: true, description: 'the body of a create call' }),
    scenario: Type.Optional(NamedScenario),
    createdAt: Type.Optional(Type.String({ description: 'an RFC 3339 instant, now, or now-2s' })),
  },
  strict,
)

const SeedSchema = Type.Object(
  {
    $schema: ScenarioSchema.properties.$schema,
    domain: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9._*?-]{1,64}$',
        description: 'name or glob of the domains that get it: root',
      }),
    ),
    resources: Type.Optional(Type.Array(ResourceElement)),
    jobs: Type.Optional(Type.Array(Type.Union([Captured, Requested, VendorJob]))),
  },
  { ...strict, anyOf: [{ required: ['jobs'] }, { required: ['resources'] }] },
)

const ConfigSchema = Type.Object({ $schema: ScenarioSchema.properties.$schema, ...OptionsSchema.properties }, strict)

/** The files, by their names below schemas/. */
export const SCHEMAS: Readonly<Record<string, string>> = {
  'config.schema.json': textOf('A configuration file of cckm-emulator', ConfigSchema),
  'scenario.schema.json': textOf('A scenario of cckm-emulator', ScenarioSchema),
  'seed.schema.json': textOf('A seed of cckm-emulator', SeedSchema),
}

/** JSON Schema alone: marks of our own are left out. */
function textOf(title: string, schema: object): string {
  const plain = { $schema: 'https://json-schema.org/draft/2020-12/schema', title, ...schema }
  const text = JSON.stringify(plain, (key, value: unknown) => (key.startsWith('x-') ? undefined : value), 2)
  return `${text}\n`
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const [name, text] of Object.entries(SCHEMAS))
    writeFileSync(new URL(`../schemas/${name}`, import.meta.url), text)
