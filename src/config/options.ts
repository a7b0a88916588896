import Type, { type TSchema } from 'typebox'
import { CLOCK_MODES, DOMAIN_NAME, isIdLike, MAX_RATE } from '../model/domain.ts'
import { ScenarioSchema } from '../model/scenario.ts'
import { DEFAULT_SETTINGS, SettingsSchema } from '../model/settings.ts'
import { DEFAULT_USERS, duplicateOf, UserSchema, type User } from '../model/user.ts'
import * as kind from './value-types.ts'
import type { Marks } from './value-types.ts'

// Every option, defined once. This schema reads flags, environment variables, the configuration file and the options of
// createEmulator(); help, docs/reference/configuration.md, the JSON Schema and the public types are generated from it.

const closed = { additionalProperties: false } as const
const clockMode = (marks: Marks) => Type.Enum([...CLOCK_MODES], { ...marks, 'x-type': 'ClockMode' })

/** One value or a list of them. */
function oneOrMore<S extends TSchema>(item: S, marks: Marks) {
  return Type.Union([item, Type.Array(item)], { ...marks })
}

const User = Type.Object(
  {
    ...UserSchema.properties,
    domain: Type.Optional(
      Type.Refine(
        UserSchema.properties.domain,
        (name) => DOMAIN_NAME.test(name) && !isIdLike(name),
        (name) =>
          DOMAIN_NAME.test(name)
            ? 'has the form of an id: it takes the name of a domain'
            : 'is not a domain name: 1 to 64 of A-Z a-z 0-9 . _ -',
      ),
    ),
  },
  { ...closed, 'x-secret': true, 'x-type': 'User' },
)
const Scenario = Type.Object(ScenarioSchema.properties, { ...closed, 'x-type': 'ScenarioSource' })
const UserText = Type.String({
  pattern: '^[^:]+:[^:]+(:[^:]*)?$',
  'x-secret': true,
})
const repeatedName = (users: unknown): string | undefined => duplicateOf(users as readonly User[])?.name
const Users = Type.Refine(
  Type.Array(Type.Union([UserText, User])),
  (users) => repeatedName(users) === undefined,
  (users) => `names ${JSON.stringify(repeatedName(users))} twice`,
)

const { tokenTtl: _tokenTtl, ...ownSettings } = SettingsSchema.properties
/** The lifetime of tokens is `auth.tokenTtl` here. */
const Settings = Type.Partial(
  Type.Object({
    ...ownSettings,
    cmVersion: Type.String({ ...ownSettings.cmVersion, examples: ['2.18'] }),
    purgeDelay: kind.anyDuration({ ...ownSettings.purgeDelay, examples: ['20s'] }),
    listMaximum: Type.Union(ownSettings.listMaximum.anyOf, {
      ...ownSettings.listMaximum,
      examples: [100],
      'x-expected': 'none or a whole number from 1',
    }),
    strictFields: Type.Boolean({
      ...ownSettings.strictFields,
      'x-flag': '--strict-fields',
      'x-flag-description': 'refuse request fields that the vendor does not document (same as --set strictFields=true)',
    }),
  }),
  {
    ...closed,
    description: 'switches of the fidelity ledger, by name',
    default: DEFAULT_SETTINGS,
    examples: [{ createStatus: 200 }],
  },
)

const Auth = Type.Partial(
  Type.Object({
    mode: Type.Enum(['strict', 'any', 'off'], {
      description: 'how tokens are checked: strict as CM does, any accepts every well-formed token, off requires none',
      default: 'strict',
      examples: ['any'],
      'x-flag': '--auth <mode>',
      'x-lock': true,
    }),
    algorithm: Type.Enum(['HS256', 'ES256'], {
      description: 'algorithm that signs tokens: HS256, or ES256 with a JWKS',
      default: 'HS256',
      examples: ['ES256'],
      'x-flag': '--auth-algorithm <name>',
      'x-lock': true,
    }),
    tokenTtl: kind.duration({
      description: 'lifetime of an API token',
      default: DEFAULT_SETTINGS.tokenTtl,
      examples: ['2s'],
      'x-flag': '--token-ttl <duration>',
      'x-lock': true,
    }),
    jwtSecret: kind.secretText({
      description: 'secret that signs HS256 tokens',
      examples: ['change-me'],
      'x-default': 'random, kept with the data',
      'x-flag': '--jwt-secret <secret>',
      'x-lock': true,
    }),
  }),
  { ...closed, description: 'how clients sign in', examples: [{ mode: 'any' }] },
)

/** The options of createEmulator(), which are also the keys of a configuration file. */
export const OptionsSchema = Type.Partial(
  Type.Object({
    port: Type.Integer({
      minimum: 0,
      maximum: 65_535,
      description: 'port for both http and https; 0 takes a free one',
      default: 7443,
      'x-library-default': 0,
      examples: [0],
      'x-flag': '--port <number>',
      'x-expected': 'a port: a whole number up to 65535',
    }),
    host: kind.host({
      description: 'address to listen on',
      default: '127.0.0.1',
      examples: ['0.0.0.0'],
      'x-flag': '--host <address>',
    }),
    data: kind.path({
      description: 'folder that keeps everything between starts',
      examples: ['./data'],
      'x-default': 'in memory',
      'x-flag': '--data <dir>',
    }),
    seed: oneOrMore(kind.path({}), {
      description: 'seed file or folder, or none; repeatable',
      examples: ['seeds/jobs.json'],
      'x-default': 'the shipped seeds',
      'x-library-default': 'none',
      'x-flag': '--seed <file>',
      'x-path': true,
    }),
    reseed: Type.Boolean({
      description: 'apply seeds that changed since the data was created',
      default: false,
      examples: [true],
      'x-flag': '--reseed',
    }),
    scenario: Type.Union([kind.text({}), Scenario], {
      description: 'default scenario of jobs: a name, or an object (a flag or variable takes it as JSON)',
      default: 'default',
      examples: ['slow'],
      'x-flag': '--scenario <name>',
    }),
    scenariosDir: kind.path({
      description: 'folder of scenario files, in addition to the shipped ones',
      examples: ['./scenarios'],
      'x-flag': '--scenarios <dir>',
    }),
    scenarios: Type.Record(Type.String(), Scenario, {
      description: 'scenarios by name',
      default: {},
      examples: [{ mine: { extends: 'default', after: '30s' } }],
    }),
    watch: Type.Boolean({
      description: 'reload scenario files when they change',
      default: false,
      examples: [true],
      'x-flag': '--watch',
    }),
    clock: Type.Union(
      [
        clockMode({}),
        Type.String({ pattern: '^(running|frozen|step|auto)@.+$', 'x-type': '`${ClockMode}@${string}`' }),
        Type.Object(
          {
            mode: clockMode({ description: 'how the clock moves' }),
            now: Type.Optional(
              kind.instant({ description: 'RFC 3339 instant to start at', examples: ['2026-01-01T00:00:00Z'] }),
            ),
          },
          closed,
        ),
      ],
      {
        description: 'clock of new domains: running, frozen, step or auto, optionally from an instant',
        default: { mode: 'running' },
        'x-default': 'running',
        examples: ['frozen@2026-01-01T00:00:00Z'],
        'x-flag': '--clock <mode[@instant]>',
      },
    ),
    rate: Type.Number({
      exclusiveMinimum: 0,
      maximum: MAX_RATE,
      description: 'speed of a running clock; at 60, one real second is a minute',
      default: 1,
      examples: [60],
      'x-unit': 'factor',
      'x-flag': '--rate <factor>',
      'x-expected': `a number above 0 and up to ${MAX_RATE}, such as 60`,
    }),
    randomSeed: Type.Integer({
      minimum: 0,
      description: 'the same number and the same calls give the same jobs',
      default: 1,
      examples: [42],
      'x-flag': '--random-seed <number>',
      'x-expected': 'a whole number',
    }),
    auth: Auth,
    users: Type.Union([UserText, User, Users], {
      description:
        'who can sign in, instead of the default user; repeatable (in the variable: separated by ; or lines)',
      default: DEFAULT_USERS,
      examples: ['ci:change-me:admin'],
      'x-default': 'admin:admin:admin',
      'x-flag': '--user <name:password[:group,...]>',
      'x-lock': true,
      'x-secret': true,
    }),
    domains: Type.String({
      pattern: '^[A-Za-z0-9._*?-]{1,64}$',
      description:
        'domains that a sign-in, a PUT or a fork may create: auto (any), fixed (none), or a glob such as ci-*',
      default: 'auto',
      examples: ['ci-*'],
      'x-flag': '--domains <auto|fixed|glob>',
      'x-lock': true,
      'x-expected': 'auto, fixed, or a glob such as ci-* (of A-Z a-z 0-9 . _ - * ?)',
    }),
    domainTtl: kind.duration({
      description: 'delete a domain that has not been used for this long',
      examples: ['2h'],
      'x-default': 'never',
      'x-flag': '--domain-ttl <duration>',
    }),
    maxDomains: Type.Integer({
      minimum: 1,
      description: 'maximum number of domains',
      default: 10_000,
      examples: [100],
      'x-flag': '--max-domains <number>',
      'x-expected': 'a whole number above 0',
    }),
    settings: Settings,
    tls: Type.Union(
      [
        Type.Enum(['auto', 'off']),
        Type.String({ pattern: '^[^,]+,[^,]+$', 'x-type': '`${string},${string}`' }),
        Type.Object({ certFile: kind.path({}), keyFile: kind.path({}) }, closed),
      ],
      {
        description:
          'certificate: auto creates one, off serves http only, or the PEM files of a certificate and its key',
        default: 'auto',
        examples: ['cert.pem,key.pem'],
        'x-flag': '--tls <auto|off|cert,key>',
        'x-expected': 'auto, off, or two files: CERT,KEY',
        'x-lock': true,
        'x-path': true,
      },
    ),
    tlsName: oneOrMore(kind.host({}), {
      description: 'additional name or address in the certificate; repeatable',
      default: [],
      examples: ['cm.example'],
      'x-flag': '--tls-name <host>',
    }),
    admin: Type.Boolean({
      description: 'whether to serve the control API and the dashboard',
      default: true,
      examples: [false],
      'x-flag': '--no-admin',
      'x-flag-description': 'do not serve the control API under /__admin',
      'x-negated': true,
      'x-lock': true,
    }),
    adminToken: kind.secretWord({
      description: 'require this bearer token for the control API',
      examples: ['change-me'],
      'x-flag': '--admin-token <token>',
      'x-lock': true,
    }),
    allowHost: oneOrMore(kind.host({}), {
      description: 'additional Host name that the control API accepts; repeatable',
      default: [],
      examples: ['cm.example'],
      'x-flag': '--allow-host <host>',
      'x-lock': true,
    }),
    readyFile: kind.path({
      description: 'file that receives the address as JSON once all seeds are loaded; removed at the end',
      examples: ['ready.json'],
      'x-flag': '--ready-file <file>',
    }),
    logLevel: Type.Enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
      description: 'what is logged: trace, debug, info, warn, error, fatal or silent',
      default: 'info',
      'x-library-default': 'silent',
      examples: ['debug'],
      'x-flag': '--log-level <level>',
    }),
    logFormat: Type.Enum(['json', 'pretty'], {
      description: 'format of the log',
      examples: ['json'],
      'x-default': 'pretty on a terminal, json elsewhere',
      'x-flag': '--log-format <json|pretty>',
    }),
    printToken: Type.Boolean({
      description: 'print a token ready to paste',
      examples: [true],
      'x-default': 'on a terminal only',
      'x-flag': '--print-token',
    }),
  }),
  closed,
)
