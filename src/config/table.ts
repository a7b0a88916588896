import { DEFAULT_USERS } from '../model/user.ts'
import type { Reader } from './reader.ts'
import * as read from './readers.ts'
import { clock, domains, scenario, scenarios, seeds, tls } from './structured-readers.ts'
import { settings } from './switch-reader.ts'
import { AUTH_ALGORITHMS, AUTH_MODES, LOG_FORMATS, LOG_LEVELS, type Values } from './types.ts'
import { users } from './user-reader.ts'

/** One setting: where it may be said, how it is read, and what holds when nobody says it. */
export interface Row {
  readonly key: keyof Values
  /** The flag's name in camel case: what a file calls it unless `file` says otherwise. */
  readonly name: string
  /** Absent: for files and options only. */
  readonly flag: string | undefined
  readonly environment: string | undefined
  /** Where in a file it may stand; the first is the one that messages name. */
  readonly file: readonly string[]
  readonly reader: Reader<unknown>
  readonly description: string
  readonly fallback: unknown
  /** The fallback as help prints it. */
  readonly shown: string | undefined
  /** Whether it keeps somebody out: an empty value must not leave that open. */
  readonly isLock: boolean
}

interface RowOptions<T> {
  readonly flag?: string
  readonly file?: readonly string[]
  readonly reader: Reader<T>
  readonly description: string
  readonly fallback?: T
  readonly shown?: string
  readonly isLock?: true
}

export const PREFIX = 'CCKM_EMULATOR_'

function row<K extends keyof Values>(key: K, options: RowOptions<Values[K]>): Row {
  const { flag, reader, description, fallback } = options
  const long = flag === undefined ? undefined : longName(flag)
  const name = long === undefined ? key : camelCase(long)
  const environment = long === undefined ? undefined : PREFIX + long.replaceAll('-', '_').toUpperCase()
  const shown =
    options.shown ?? (typeof fallback === 'string' || typeof fallback === 'number' ? String(fallback) : undefined)
  const { file = [name], isLock = false } = options
  return { key, name, flag, environment, file, reader, description, fallback, shown, isLock }
}

function longName(flag: string): string {
  return flag.replace(/ .*$/, '').slice('--'.length)
}

function camelCase(long: string): string {
  return long.replace(/-(.)/g, (_match, letter: string) => letter.toUpperCase())
}

/** Every setting there is. Flags, environment, files, options, defaults and help all come from here. */
export const ROWS: readonly Row[] = [
  row('config', {
    flag: '--config <file>',
    file: [],
    reader: read.text,
    description: 'YAML or JSON file with these settings; flags and environment win over it',
  }),
  row('port', {
    flag: '--port <number>',
    reader: read.port,
    description: 'port for http and https alike; 0 takes a free one',
    fallback: 7443,
  }),
  row('host', {
    flag: '--host <address>',
    reader: read.host,
    description: 'address to listen on',
    fallback: '127.0.0.1',
  }),
  row('data', {
    flag: '--data <dir>',
    reader: read.path,
    description: 'folder in which everything is kept between starts',
    shown: 'in memory',
  }),
  row('seeds', {
    flag: '--seed <file>',
    reader: seeds,
    description: 'seed file or folder, or none; may be repeated',
    shown: 'the shipped seeds',
  }),
  row('reseed', {
    flag: '--reseed',
    reader: read.yesOrNo(),
    description: 'apply seeds that changed since the data was made',
    fallback: false,
  }),
  row('scenario', {
    flag: '--scenario <name>',
    reader: scenario,
    description: 'scenario of jobs for which nobody names another: a name, or an object as JSON',
    fallback: 'default',
  }),
  row('scenariosDir', {
    flag: '--scenarios <dir>',
    file: ['scenariosDir'],
    reader: read.path,
    description: 'folder of scenario files, beside the shipped ones',
  }),
  row('scenarios', { reader: scenarios, description: 'scenarios by name', fallback: {} }),
  row('watch', {
    flag: '--watch',
    reader: read.yesOrNo(),
    description: 'read changed scenario files again',
    fallback: false,
  }),
  row('clock', {
    flag: '--clock <mode[@instant]>',
    reader: clock,
    description: 'running, frozen or step, optionally from an instant: frozen@2026-01-01T00:00:00Z',
    fallback: { mode: 'running' },
    shown: 'running',
  }),
  row('rate', {
    flag: '--rate <factor>',
    reader: read.rate,
    description: 'how fast a running clock runs; 60 makes a minute of each second',
    fallback: 1,
  }),
  row('randomSeed', {
    flag: '--random-seed <number>',
    reader: read.wholeNumber,
    description: 'the same number and the same calls give the same jobs',
    fallback: 1,
  }),
  row('authMode', {
    flag: '--auth <mode>',
    file: ['auth.mode', 'auth'],
    reader: read.choice(AUTH_MODES),
    description: 'strict checks tokens as CM does, any takes every well-formed token, off asks for none',
    fallback: 'strict',
    isLock: true,
  }),
  row('authAlgorithm', {
    flag: '--auth-algorithm <name>',
    file: ['auth.algorithm', 'authAlgorithm'],
    reader: read.choice(AUTH_ALGORITHMS),
    description: 'how tokens are signed: HS256, or ES256 with a JWKS',
    fallback: 'HS256',
    isLock: true,
  }),
  row('tokenTtl', {
    flag: '--token-ttl <duration>',
    file: ['auth.tokenTtl', 'tokenTtl'],
    reader: read.durationText,
    description: 'life of an API token',
    shown: '300s',
    isLock: true,
  }),
  row('jwtSecret', {
    flag: '--jwt-secret <secret>',
    file: ['auth.jwtSecret', 'jwtSecret'],
    reader: read.secretText,
    description: 'secret that HS256 tokens are signed with',
    shown: 'made at random and kept with the data',
    isLock: true,
  }),
  row('users', {
    flag: '--user <name:password[:group,...]>',
    file: ['users', 'user'],
    reader: users,
    description: 'who can sign in, in place of the default; may be repeated (in the environment: parted by ; or lines)',
    fallback: DEFAULT_USERS,
    shown: 'admin:admin:admin',
    isLock: true,
  }),
  row('domains', {
    flag: '--domains <auto|fixed|glob>',
    reader: domains,
    description: 'which domains a sign-in, a PUT or a fork may make: auto (any), fixed (none), or a glob such as ci-*',
    fallback: 'auto',
    isLock: true,
  }),
  row('domainTtl', {
    flag: '--domain-ttl <duration>',
    reader: read.duration,
    description: 'forget a domain that nobody has used for so long',
    shown: 'never',
  }),
  row('maxDomains', {
    flag: '--max-domains <number>',
    reader: read.count,
    description: 'how many domains there may be',
    fallback: 10_000,
  }),
  row('settings', {
    flag: '--set <switch=value>',
    file: ['settings'],
    reader: settings,
    description: 'a switch of the fidelity ledger, such as createStatus=200; may be repeated',
    fallback: {},
  }),
  row('strictFields', {
    flag: '--strict-fields',
    reader: read.yesOrNo(),
    description: 'refuse request fields that the vendor does not document (the same as --set strictFields=true)',
  }),
  row('tls', {
    flag: '--tls <auto|off|cert,key>',
    reader: tls,
    description: 'auto makes a certificate, off serves http only, or the PEM files of a certificate and its key',
    fallback: 'auto',
    isLock: true,
  }),
  row('tlsNames', {
    flag: '--tls-name <host>',
    reader: read.hosts,
    description: 'a further name or address that the certificate covers; may be repeated',
    fallback: [],
  }),
  row('adminEnabled', {
    flag: '--no-admin',
    reader: read.yesOrNo(false),
    description: 'remove the control API under /__admin',
    fallback: true,
    isLock: true,
  }),
  row('adminEnabled', { file: ['admin'], reader: read.yesOrNo(), description: 'whether there is a control API' }),
  row('adminToken', {
    flag: '--admin-token <token>',
    reader: read.secret,
    description: 'lock the control API with this bearer token',
    isLock: true,
  }),
  row('allowHosts', {
    flag: '--allow-host <host>',
    reader: read.hosts,
    description: 'a further Host name that the control API answers to; may be repeated',
    fallback: [],
    isLock: true,
  }),
  row('readyFile', {
    flag: '--ready-file <file>',
    reader: read.path,
    description: 'file that gets the address as JSON once every seed is in, and goes away at the end',
  }),
  row('logLevel', {
    flag: '--log-level <level>',
    reader: read.choice(LOG_LEVELS),
    description: 'trace, debug, info, warn, error, fatal or silent',
    fallback: 'info',
  }),
  row('logFormat', {
    flag: '--log-format <json|pretty>',
    reader: read.choice(LOG_FORMATS),
    description: 'how the log is written',
    shown: 'pretty on a terminal, json elsewhere',
  }),
  row('printToken', {
    flag: '--print-token',
    reader: read.yesOrNo(),
    description: 'print a ready-to-paste token also where there is no terminal',
  }),
]

/** What holds on the command line when nobody says otherwise. */
export const DEFAULTS = Object.fromEntries(
  ROWS.filter(({ fallback }) => fallback !== undefined).map(({ key, fallback }) => [key, fallback]),
) as unknown as Values
