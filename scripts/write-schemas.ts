// Writes schemas/: the JSON Schemas of what users write, for editors and other programs, from the TypeBox source.
//
//   node scripts/write-schemas.ts          writes them
//
// test/control/schemas.test.ts holds the files to the source.

import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import Type, { type TProperties, type TSchema } from 'typebox'
import { SETTINGS } from '../src/config/config.ts'
import { AUTH_ALGORITHMS, AUTH_MODES, LOG_FORMATS, LOG_LEVELS } from '../src/config/types.ts'
import { MAX_RATE } from '../src/model/domain.ts'
import { ScenarioSchema } from '../src/model/scenario.ts'
import { SettingsSchema } from '../src/model/settings.ts'
import { UserSchema } from '../src/model/user.ts'
import { FAMILIES } from '../src/wire/families.ts'

const strict = { additionalProperties: false } as const

const NamedScenario = Type.Union([Type.String({ minLength: 1, description: 'name of a scenario' }), ScenarioSchema])
const Family = Type.Enum(FAMILIES.map(({ name }) => name))
const VendorJob = Type.Object(
  { id: Type.String({ minLength: 1 }), overall_status: Type.String(), createdAt: Type.String() },
  { additionalProperties: true, description: 'a job as CM sends it, kept as written' },
)

const Captured = Type.Object(
  { job: VendorJob, family: Type.Optional(Family), scenario: Type.Optional(NamedScenario) },
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
    jobs: Type.Array(Type.Union([Captured, Requested, VendorJob])),
  },
  strict,
)

const Text = Type.String({ minLength: 1 })
const OneOrMore = (item: TSchema): TSchema => Type.Union([item, Type.Array(item)])
const Duration = Type.String({ minLength: 1, description: 'a duration: 150ms, 5s, 11m, 2h, 365d, 1h30m0s, PT5M' })
const Whole = Type.Integer({ minimum: 0 })
const AuthMode = Type.Enum([...AUTH_MODES])
const AuthAlgorithm = Type.Enum([...AUTH_ALGORITHMS])
const User = Type.Union([Type.String({ pattern: '^[^:]+:[^:]+(:[^:]*)?$' }), UserSchema])

/** What a configuration file may write for each of its keys. */
const SETTING_SCHEMAS: TProperties = {
  port: Type.Integer({ minimum: 0, maximum: 65_535 }),
  host: Text,
  data: Text,
  seed: OneOrMore(Text),
  reseed: Type.Boolean(),
  scenario: NamedScenario,
  scenariosDir: Text,
  scenarios: Type.Union([Text, Type.Record(Type.String(), ScenarioSchema)]),
  watch: Type.Boolean(),
  clock: Type.Union([
    Type.String({ pattern: '^(running|frozen|step)(@.+)?$' }),
    Type.Object({ mode: Type.Enum(['running', 'frozen', 'step']), now: Type.Optional(Text) }, strict),
  ]),
  rate: Type.Number({ exclusiveMinimum: 0, maximum: MAX_RATE }),
  randomSeed: Whole,
  'auth.mode': AuthMode,
  'auth.algorithm': AuthAlgorithm,
  authAlgorithm: AuthAlgorithm,
  'auth.tokenTtl': Duration,
  tokenTtl: Duration,
  'auth.jwtSecret': Text,
  jwtSecret: Text,
  users: OneOrMore(User),
  user: OneOrMore(User),
  domains: Type.String({ pattern: '^[A-Za-z0-9._*?-]{1,64}$' }),
  domainTtl: Duration,
  maxDomains: Type.Integer({ minimum: 1 }),
  settings: Type.Partial(SettingsSchema),
  strictFields: Type.Boolean(),
  tls: Type.Union([Text, Type.Object({ certFile: Text, keyFile: Text }, strict)]),
  tlsName: OneOrMore(Text),
  noAdmin: Type.Boolean(),
  admin: Type.Boolean(),
  adminToken: Type.String({ pattern: '^[\\x21-\\x7e]+$' }),
  allowHost: OneOrMore(Text),
  readyFile: Text,
  logLevel: Type.Enum([...LOG_LEVELS]),
  logFormat: Type.Enum([...LOG_FORMATS]),
  printToken: Type.Boolean(),
}

const described = new Map(SETTINGS.flatMap(({ file, description }) => file.map((key) => [key, description] as const)))

function settingSchema(key: string): TSchema {
  const schema = SETTING_SCHEMAS[key]
  if (schema === undefined) throw new Error(`the configuration file has a key without a schema: ${key}`)
  return Type.Optional({ ...schema, description: described.get(key) ?? '' })
}

function settingSchemas(keys: readonly string[], prefix = ''): TProperties {
  return Object.fromEntries(keys.map((key) => [key.slice(prefix.length), settingSchema(key)]))
}

const keys = [...described.keys()].filter((key) => key !== 'auth')
const nested = keys.filter((key) => key.startsWith('auth.'))

const ConfigSchema = Type.Object(
  {
    $schema: ScenarioSchema.properties.$schema,
    ...settingSchemas(keys.filter((key) => !nested.includes(key))),
    auth: Type.Optional(
      Type.Union([AuthMode, Type.Object(settingSchemas(nested, 'auth.'), strict)], {
        description: 'how sign-in works: the mode alone, or a map',
      }),
    ),
  },
  strict,
)

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
