import { describe, expect, it } from 'vitest'
import {
  CONFIG_OPTIONS,
  FLAG_OPTIONS,
  configFileOf,
  describeProblem,
  readConfig,
  readOptions,
  type Config,
} from '../src/config/config.ts'
import type { ConfigReading, ConfigSources, EmulatorOptions, Flags } from '../src/config/config.ts'
import { toInstant, toMicros } from '../src/model/time.ts'

function configOf(reading: ConfigReading): Config {
  if ('config' in reading) return reading.config
  throw new Error(reading.problems.map(describeProblem).join('\n'))
}

const config = (sources: ConfigSources) => configOf(readConfig(sources))
const fromFile = (values: unknown, folder = '/etc/emulator') => config({ file: { folder, values } })

function linesOf(reading: ConfigReading): string[] {
  return 'problems' in reading ? reading.problems.map(describeProblem) : []
}

const problems = (sources: ConfigSources) => linesOf(readConfig(sources))
const problemsOfFile = (values: unknown) => problems({ file: { folder: '/etc/emulator', values } })
const problemsOfFlag = (name: string, ...texts: string[]) => problems({ flags: { [name]: texts } })

describe('defaults', () => {
  it('starts the command on the usual port of loopback, with the shipped seeds', () => {
    expect(config({})).toMatchObject({ port: 7443, host: '127.0.0.1', seed: undefined, logLevel: 'info', rate: 1 })
    expect(config({})).toMatchObject({ scenario: 'default', clock: { mode: 'running' }, randomSeed: 1, tls: 'auto' })
    expect(config({})).toMatchObject({ domains: 'auto', maxDomains: 10_000, admin: true, reseed: false })
    expect(config({}).auth).toEqual({ mode: 'strict', algorithm: 'HS256' })
    expect(config({}).users).toEqual([{ name: 'admin', password: 'admin', groups: ['admin'] }])
  })

  it('starts the library on any port, empty and without output', () => {
    expect(configOf(readOptions())).toMatchObject({ port: 0, seed: 'none', logLevel: 'silent' })
    expect(configOf(readOptions({}))).toEqual(configOf(readOptions()))
  })
})

describe('precedence of sources', () => {
  const file = { folder: '/etc', values: { port: 1, host: 'file', rate: 2 } }
  const env = { CCKM_EMULATOR_PORT: '3', CCKM_EMULATOR_HOST: 'env' }

  it('prefers flags to the environment, it to the file, and the file to the defaults', () => {
    expect(config({ flags: { port: '4' }, env, file })).toMatchObject({ port: 4, host: 'env', rate: 2, tls: 'auto' })
    expect(config({ env, file })).toMatchObject({ port: 3, host: 'env', rate: 2 })
    expect(config({ file })).toMatchObject({ port: 1, host: 'file', rate: 2 })
  })

  it('overrides switches one by one', () => {
    const { settings } = config({
      flags: { set: ['createStatus=202'] },
      env: { CCKM_EMULATOR_SET: 'createStatus=200,cancelStatus=202' },
      file: { folder: '/', values: { settings: { failureWord: 'failed', cancelStatus: 200 } } },
    })
    expect(settings).toMatchObject({
      createStatus: 202,
      cancelStatus: 202,
      failureWord: 'failed',
      abortedWord: 'aborted',
    })
  })

  it('replaces lists as a whole', () => {
    const users = [{ name: 'file', password: 'x' }]
    const given = config({ env: { CCKM_EMULATOR_USER: 'env:x' }, file: { folder: '/', values: { users } } })
    expect(given.users).toEqual([{ name: 'env', password: 'x' }])
  })

  it('merges all spellings of the token lifetime', () => {
    const ways: Flags[] = [{ tokenTtl: '10m' }, { set: ['tokenTtl=10m'] }]
    for (const flags of ways) {
      expect(config({ flags }).settings.tokenTtl).toBe('10m')
    }
    expect(fromFile({ auth: { tokenTtl: 'PT10M' } }).settings.tokenTtl).toBe('PT10M')
  })

  it('reports every problem of every source', () => {
    const lines = problems({
      flags: { rate: '0' },
      env: { CCKM_EMULATOR_PORT: 'x' },
      file: { folder: '/', values: { prot: 1 } },
    })
    expect(lines).toEqual([
      'prot: is not a known setting (did you mean port?)',
      'CCKM_EMULATOR_PORT: "x" is not a port: a whole number up to 65535',
      '--rate: 0 is not a number above 0 and up to 1000000, such as 60',
    ])
  })

  it('accepts the path of the file only from a flag or the environment', () => {
    expect(configFileOf({ env: { CCKM_EMULATOR_CONFIG: 'a.yaml' } })).toBe('a.yaml')
    expect(configFileOf({ flags: { config: 'b.yaml' }, env: { CCKM_EMULATOR_CONFIG: 'a.yaml' } })).toBe('b.yaml')
    expect(configFileOf({})).toBeUndefined()
    expect(problemsOfFile({ config: 'c.yaml' })).toEqual(['config: is not a known setting'])
  })
})

describe('a flag', () => {
  it.each<[string, string[], Partial<Config>]>([
    ['port', ['0'], { port: 0 }],
    ['host', ['::'], { host: '::' }],
    ['data', ['./data'], { data: './data' }],
    ['seed', ['a.json', 'more'], { seed: ['a.json', 'more'] }],
    ['seed', ['none'], { seed: 'none' }],
    ['reseed', ['true'], { reseed: true }],
    ['scenario', ['slow'], { scenario: 'slow' }],
    ['scenarios', ['dir'], { scenariosDir: 'dir' }],
    ['watch', ['true'], { watch: true }],
    ['clock', ['step'], { clock: { mode: 'step' } }],
    ['clock', ['frozen@2026-01-01T00:00:00Z'], { clock: { mode: 'frozen', now: toInstant(1_767_225_600_000_000) } }],
    ['rate', ['0.5'], { rate: 0.5 }],
    ['randomSeed', ['42'], { randomSeed: 42 }],
    ['user', ['ci:pw'], { users: [{ name: 'ci', password: 'pw' }] }],
    ['user', ['ci:pw:CCKM Users,b'], { users: [{ name: 'ci', password: 'pw', groups: ['CCKM Users', 'b'] }] }],
    ['domains', ['ci-*'], { domains: 'ci-*' }],
    ['domainTtl', ['2h'], { domainTtl: toMicros(7_200_000_000) }],
    ['maxDomains', ['5'], { maxDomains: 5 }],
    ['tls', ['off'], { tls: 'off' }],
    ['tls', ['c.pem,k.pem'], { tls: { certFile: 'c.pem', keyFile: 'k.pem' } }],
    ['tlsName', ['cm.test', '10.0.0.1'], { tlsName: ['cm.test', '10.0.0.1'] }],
    ['noAdmin', ['true'], { admin: false }],
    ['adminToken', ['s3cret'], { admin: true, adminToken: 's3cret' }],
    ['allowHost', ['cm.example'], { allowHost: ['cm.example'] }],
    ['readyFile', ['r.json'], { readyFile: 'r.json' }],
    ['logLevel', ['debug'], { logLevel: 'debug' }],
    ['logFormat', ['json'], { logFormat: 'json' }],
    ['printToken', ['true'], { printToken: true }],
  ])('reads %s %j', (name, texts, expected) => {
    expect(config({ flags: { [name]: texts } })).toMatchObject(expected)
  })

  it('reads the flags of authentication', () => {
    const flags = { auth: 'any', authAlgorithm: 'ES256', tokenTtl: '1h', jwtSecret: 's' }
    expect(config({ flags }).auth).toEqual({ mode: 'any', algorithm: 'ES256', jwtSecret: 's' })
    expect(config({ flags }).settings.tokenTtl).toBe('1h')
  })

  it('sets a switch, converted to its type', () => {
    const set = ['createStatus=202', 'strictFields=true', 'cmVersion=2.16', 'failureWord=42', 'undoneItem=']
    const expected = { createStatus: 202, strictFields: true, cmVersion: '2.16', failureWord: '42', undoneItem: '' }
    expect(config({ flags: { set } }).settings).toMatchObject(expected)
    expect(config({ flags: { set: ['strictFields=false'] } }).settings.strictFields).toBe(false)
    expect(config({ flags: { strictFields: 'true' } }).settings.strictFields).toBe(true)
  })

  it('refuses an unknown flag and suggests the closest name', () => {
    expect(problemsOfFlag('loglevel', 'info')).toEqual([
      '--loglevel: is not a known setting (did you mean --log-level?)',
    ])
  })
})

const DURATION = 'a duration such as 150ms, 5s, 11m, 2h, 365d, 1h30m0s or PT5M (a bare number has no unit: write 5s)'

describe('an invalid flag', () => {
  it.each<[string, string[], string]>([
    ['port', ['65536'], '--port: 65536 is not a port: a whole number up to 65535'],
    ['port', ['0x1F'], '--port: "0x1F" is not a port: a whole number up to 65535'],
    ['port', [''], '--port: "" is not a port: a whole number up to 65535'],
    ['host', ['localhost:80'], '--host: "localhost:80" is not a host name or address alone (did you mean localhost?)'],
    [
      'host',
      ['http://[::1]:80/x'],
      '--host: "http://[::1]:80/x" is not a host name or address alone (did you mean ::1?)',
    ],
    ['host', ['a b'], '--host: "a b" is not a host name or address alone'],
    ['data', [' '], '--data: is empty: give a value, or leave it out'],
    ['seed', ['42'], '--seed: "42" is a number, not a seed file (did you mean --random-seed 42?)'],
    ['seed', ['none', 'a'], '--seed: none stands alone: leave it out, or leave the files out'],
    ['auth', ['stict'], '--auth: "stict" is not strict, any or off (did you mean strict?)'],
    ['auth', ['oauth2'], '--auth: "oauth2" is not strict, any or off'],
    ['clock', ['froze'], '--clock: "froze" is not running, frozen, step or auto (did you mean frozen?)'],
    ['clock', ['step@now'], '--clock: "now" is not an RFC 3339 instant such as 2026-01-01T00:00:00Z'],
    ['rate', ['-1'], '--rate: "-1" is not a number above 0 and up to 1000000, such as 60'],
    ['randomSeed', ['1.5'], '--random-seed: 1.5 is not a whole number'],
    ['maxDomains', ['0'], '--max-domains: 0 is not a whole number above 0'],
    ['domainTtl', ['300'], `--domain-ttl: "300" is not ${DURATION}`],
    ['tokenTtl', ['0s'], '--token-ttl: "0s" is no time at all: give a duration above zero'],
    ['domains', ['a/b'], '--domains: "a/b" is not auto, fixed, or a glob such as ci-* (of A-Z a-z 0-9 . _ - * ?)'],
    [
      'data',
      ['d\r'],
      `--data: "d\\r" begins or ends with white space, or has a control character: is there a CR at the end of its line?`,
    ],
    ['data', ['d '], expect.stringContaining('--data: "d " begins or ends with white space')],
    ['data', ['a\u0085b'], expect.stringContaining('--data: "a\\u0085b" begins')],
    ['data', ['a\u007fb'], expect.stringContaining('--data: "a\\u007fb" begins')],
    ['scenarios', ['sc\n'], expect.stringContaining('--scenarios: "sc\\n" begins')],
    ['readyFile', ['r\t'], expect.stringContaining('--ready-file: "r\\t" begins')],
    ['seed', ['a.json\r'], expect.stringContaining('--seed: "a.json\\r" begins')],
    ['config', ['c.yaml\r'], expect.stringContaining('--config: "c.yaml\\r" begins')],
    ['scenario', ['slow\r'], expect.stringContaining('--scenario: "slow\\r" begins')],
    ['jwtSecret', ['hush\r'], expect.stringMatching(/^--jwt-secret: begins or ends with white space(?!.*hush)/)],
    ['adminToken', ['hush\r'], '--admin-token: is not one word of printable ASCII'],
    ['user', ['ann:hush\r'], expect.stringMatching(/^--user: begins or ends with white space(?!.*hush)/)],
    ['rate', ['1000001'], '--rate: 1000001 is not a number above 0 and up to 1000000, such as 60'],
    [
      'rate',
      ['99999999999999999999'],
      expect.stringContaining('--rate: 100000000000000000000 is not a number above 0'),
    ],
    ['tls', ['on'], '--tls: "on" is not auto, off, or two files: CERT,KEY'],
    ['tls', ['of'], '--tls: "of" is not auto, off, or two files: CERT,KEY (did you mean off?)'],
    ['adminToken', ['a b'], '--admin-token: is not one word of printable ASCII'],
    [
      'logLevel',
      ['wran'],
      '--log-level: "wran" is not trace, debug, info, warn, error, fatal or silent (did you mean warn?)',
    ],
    ['watch', ['maybe'], '--watch: "maybe" is not true or false'],
    ['set', ['createStatus'], '--set: "createStatus" is not SWITCH=VALUE, such as createStatus=200'],
    ['set', ['createstatus=200'], '--set: createstatus: is not a known switch (did you mean createStatus?)'],
    ['set', ['createStatus=203'], '--set: createStatus: 203 is not 200, 201 or 202'],
    ['set', ['listMaximum=0'], '--set: listMaximum: 0 is not none or a whole number from 1'],
    ['set', ['strictFields=perhaps'], '--set: strictFields: "perhaps" is not true or false'],
    ['set', ['cmVersion=two'], '--set: cmVersion: "two" is not text such as "2.18"'],
    ['set', ['tokenTtl=300'], `--set: tokenTtl: "300" is not ${DURATION}`],
    ['user', ['a:x', 'a:y'], '--user: names "a" twice'],
  ])('says what to do about %s %j', (name, texts, expected) => {
    expect(problemsOfFlag(name, ...texts)).toEqual([expected])
  })

  it('quotes no value that may be a password', () => {
    for (const text of ['hunter2', ':hunter2', 'a:hunter2:x:y', 'hunter2:']) {
      const [line = ''] = problemsOfFlag('user', text)
      expect(line).toMatch(/^--user: is not NAME:PASSWORD or NAME:PASSWORD:GROUP,\.\.\./)
      expect(line).not.toContain('hunter2')
    }
  })
})

describe('environment variables', () => {
  it('has a variable for every flag', () => {
    for (const { flag, environment } of FLAG_OPTIONS) {
      const name = flag!.slice('--'.length).split(' ')[0]!
      expect(environment).toBe(`CCKM_EMULATOR_${name.replaceAll('-', '_').toUpperCase()}`)
    }
    expect(config({ env: { CCKM_EMULATOR_NO_ADMIN: 'yes' } }).admin).toBe(false)
    expect(config({ env: { CCKM_EMULATOR_WATCH: '1', CCKM_EMULATOR_RESEED: 'off' } })).toMatchObject({
      watch: true,
      reseed: false,
    })
  })

  it('splits values at commas, or at newlines if a value contains commas', () => {
    expect(config({ env: { CCKM_EMULATOR_SEED: 'a.json, b.json,' } }).seed).toEqual(['a.json', 'b.json'])
    expect(config({ env: { CCKM_EMULATOR_SEED: 'a,b.json\nc.json\n' } }).seed).toEqual(['a,b.json', 'c.json'])
  })

  it('splits users at semicolons or newlines, since groups contain commas', () => {
    const users = [
      { name: 'a', password: 'x', groups: ['g', 'h'] },
      { name: 'b', password: 'y' },
    ]
    for (const text of ['a:x:g,h;b:y', 'a:x:g,h\nb:y']) {
      expect(config({ env: { CCKM_EMULATOR_USER: text } }).users).toEqual(users)
    }
  })

  it('treats an empty variable as absent', () => {
    expect(config({ env: { CCKM_EMULATOR_PORT: '', CCKM_EMULATOR_UNKNOWN: '' } }).port).toBe(7443)
  })

  it.each([
    ['CCKM_EMULATOR_PORT', 'tcp://10.96.0.12:7443'],
    ['CCKM_EMULATOR_PORT_7443_TCP', 'tcp://10.96.0.12:7443'],
    ['CCKM_EMULATOR_PORT_7443_TCP_ADDR', '10.96.0.12'],
    ['CCKM_EMULATOR_PORT_7443_TCP_PORT', '7443'],
    ['CCKM_EMULATOR_PORT_7443_TCP_PROTO', 'tcp'],
    ['CCKM_EMULATOR_SERVICE_HOST', '10.96.0.12'],
    ['CCKM_EMULATOR_SERVICE_PORT', '7443'],
    ['CCKM_EMULATOR_SERVICE_PORT_HTTPS', '7443'],
    ['CCKM_EMULATOR_HEADLESS_SERVICE_HOST', '10.96.0.13'],
    ['CCKM_EMULATOR_HEADLESS_PORT', 'udp://10.96.0.13:53'],
  ])('ignores %s, which Kubernetes sets', (name, value) => {
    expect(config({ env: { [name]: value } })).toEqual(config({}))
  })

  it('ignores the variables of other commands and of other programs', () => {
    const env = { CCKM_EMULATOR_URL: 'http://cm', CCKM_EMULATOR_DOMAIN: 't-1', PORT: '1', cckm_emulator_port: '2' }
    expect(config({ env })).toEqual(config({}))
  })

  it.each([
    ['CCKM_EMULATOR_SEEDS', 'x', 'CCKM_EMULATOR_SEEDS: is not a known setting (did you mean CCKM_EMULATOR_SEED?)'],
    ['CCKM_EMULATOR_FROBNICATE', 'x', 'CCKM_EMULATOR_FROBNICATE: is not a known setting'],
    [
      'CCKM_EMULATOR_PORTS',
      'tcp://x',
      'CCKM_EMULATOR_PORTS: is not a known setting (did you mean CCKM_EMULATOR_PORT?)',
    ],
    [
      'CCKM_EMULATOR_SEED',
      '42',
      'CCKM_EMULATOR_SEED: "42" is a number, not a seed file (did you mean CCKM_EMULATOR_RANDOM_SEED=42?)',
    ],
  ])('refuses %s=%s', (name, value, expected) => {
    expect(problems({ env: { [name]: value } })).toEqual([expected])
  })
})

describe('a configuration file', () => {
  it('reads the documented keys', () => {
    const { auth, users, settings, scenarios, ...rest } = fromFile({
      port: 7443,
      data: './data',
      scenario: 'default',
      auth: { mode: 'strict', algorithm: 'ES256', tokenTtl: '300s' },
      users: [
        { name: 'admin', password: 'admin', groups: ['admin'] },
        { name: 'ci', password: 'ci', domain: 't-42', groups: ['CCKM Users'], acls: ['keybulkoperation'] },
      ],
      domains: 'auto',
      settings: { cmVersion: '2.18', createStatus: 201, failureWord: 'error', deleteRunning: 'refuse' },
      scenarios: { mine: { extends: 'default', after: '30s' } },
    })
    expect(rest).toMatchObject({ port: 7443, data: '/etc/emulator/data', domains: 'auto' })
    expect(auth.algorithm).toBe('ES256')
    expect(users[1]).toMatchObject({ name: 'ci', domain: 't-42', acls: ['keybulkoperation'] })
    expect(settings).toMatchObject({ cmVersion: '2.18', createStatus: 201 })
    expect(scenarios).toEqual({ mine: { extends: 'default', after: '30s' } })
  })

  it('has a key for every option', () => {
    for (const { key } of CONFIG_OPTIONS) {
      const [outer = '', inner] = key?.split('.') ?? []
      const known = problemsOfFile({ [outer]: inner === undefined ? [['what']] : { [inner]: [['what']] } })
      if (key !== undefined) expect(known.join(), key).not.toContain('is not a known setting')
    }
  })

  it('resolves relative paths against its own folder', () => {
    const paths = { seed: ['a.json', '/b.json'], scenariosDir: 'scenarios', readyFile: '../ready', tls: 'c.pem,k.pem' }
    expect(fromFile(paths)).toMatchObject({
      seed: ['/etc/emulator/a.json', '/b.json'],
      scenariosDir: '/etc/emulator/scenarios',
      readyFile: '/etc/ready',
      tls: { certFile: '/etc/emulator/c.pem', keyFile: '/etc/emulator/k.pem' },
    })
    expect(fromFile({ tls: { certFile: 'c', keyFile: 'k' } }).tls).toEqual({
      certFile: '/etc/emulator/c',
      keyFile: '/etc/emulator/k',
    })
    expect(fromFile({ seed: 'none', tls: 'off' })).toMatchObject({ seed: 'none', tls: 'off' })
  })

  it('accepts short and long forms of a value', () => {
    expect(fromFile({ clock: 'step' }).clock).toEqual({ mode: 'step' })
    expect(fromFile({ clock: { mode: 'frozen', now: '1970-01-01T00:00:01Z' } }).clock).toEqual({
      mode: 'frozen',
      now: 1_000_000,
    })
    expect(fromFile({ tlsName: 'cm.test' }).tlsName).toEqual(['cm.test'])
    expect(fromFile({ users: 'a:x' }).users).toEqual([{ name: 'a', password: 'x' }])
    expect(fromFile({ admin: false }).admin).toBe(false)
  })

  it('changes nothing if it is empty', () => {
    expect(fromFile(null)).toEqual(config({}))
    expect(fromFile({ auth: {} })).toEqual(config({}))
  })

  it.each<[unknown, string]>([
    [{ tokenTtl: '5m' }, 'tokenTtl: is no longer accepted: use auth.tokenTtl'],
    [{ settings: { tokenTtl: '5m' } }, 'settings.tokenTtl: is no longer accepted: use auth.tokenTtl'],
    [{ authAlgorithm: 'ES256' }, 'authAlgorithm: is no longer accepted: use auth.algorithm'],
    [{ jwtSecret: 's' }, 'jwtSecret: is no longer accepted: use auth.jwtSecret'],
    [{ auth: 'any' }, 'auth: is no longer accepted: use auth: { mode: any }'],
    [{ auth: false }, 'auth: is no longer accepted: use auth: { mode: off }'],
    [{ scenarios: './mine' }, 'scenarios: is no longer accepted: use scenariosDir'],
    [{ user: ['a:x'] }, 'user: is no longer accepted: use users'],
    [{ noAdmin: true }, 'noAdmin: is no longer accepted: use admin: false'],
    [{ strictFields: true }, 'strictFields: is no longer accepted: use settings.strictFields'],
  ])('refuses the spelling of an earlier version and names the new one: %j', (values, line) => {
    expect(problemsOfFile(values)).toEqual([line])
    expect(linesOf(readOptions(values as object))).toEqual([line])
  })

  it('explains that YAML 1.1 reads off as false', () => {
    const line = 'is the boolean false, which is how YAML 1.1 reads off: write "off" in quotes'
    expect(problemsOfFile({ auth: { mode: false } })).toEqual([`auth.mode: ${line}`])
    expect(problemsOfFile({ tls: false })).toEqual([`tls: ${line}`])
  })

  it.each<[unknown, string[]]>([
    [['port'], ['is not a map of options']],
    [{ Port: 1 }, ['Port: is not a known setting (did you mean port?)']],
    [{ seeds: 'none' }, ['seeds: is not a known setting (did you mean seed?)']],
    [{ auth: { algoritm: 'HS256' } }, ['auth.algoritm: is not a known setting (did you mean auth.algorithm?)']],
    [{ auth: { port: 1 } }, ['auth.port: is not a known setting (did you mean port?)']],
    [{ auth: { tokenTtl: 300 } }, [`auth.tokenTtl: "300" is not ${DURATION}`]],
    [{ port: [1] }, ['port: takes one value, not a list']],
    [{ host: {} }, ['host: takes one value, not a map']],
    [{ auth: { jwtSecret: 123 } }, ['auth.jwtSecret: is a number, and this takes text: put it in quotes']],
    [{ seed: 42 }, ['seed: "42" is a number, not a seed file (did you mean randomSeed: 42?)']],
    [{ tlsName: ['a', 'b c'] }, ['tlsName.1: "b c" is not a host name or address alone']],
    [{ settings: { cmVersion: 2.18 } }, ['settings.cmVersion: is a number, and this takes text: put it in quotes']],
    [{ settings: { failureWord: 1 } }, ['settings.failureWord: is a number, and this takes text: put it in quotes']],
    [
      { settings: { creatStatus: 1 } },
      ['settings.creatStatus: is not a known setting (did you mean settings.createStatus?)'],
    ],
    [{ settings: 'createStatus=200' }, ['settings: takes a map']],
    [
      { users: [{ name: 'a', password: 'b', group: [] }] },
      ['users.0.group: is not a known field (did you mean groups?)'],
    ],
    [{ users: [{ name: 'a' }] }, ['users.0.password: is required']],
    [
      { users: [{ name: 'a', password: 'b', domain: 'a b' }] },
      ['users.0.domain: is not a domain name: 1 to 64 of A-Z a-z 0-9 . _ -'],
    ],
    [{ scenarios: { a: { aftr: '1s' } } }, ['scenarios.a.aftr: is not a known field (did you mean after?)']],
    [{ scenarios: [] }, ['scenarios: takes a map']],
    [{ clock: { mode: 'stop' } }, ['clock.mode: "stop" is not running, frozen, step or auto (did you mean step?)']],
    [{ clock: { mode: 'step', now: 5 } }, ['clock.now: is a number, and this takes text: put it in quotes']],
    [{ clock: { mode: 'step', at: '' } }, ['clock.at: is not a known field']],
    [{ tls: { cert: 'x', certFile: 'c', keyFile: 'k' } }, ['tls.cert: is not a known field']],
    [{ tls: { certFile: 'c' } }, ['tls.keyFile: is required']],
  ])('refuses %j', (values, expected) => {
    expect(problemsOfFile(values)).toEqual(expected)
  })
})

describe('options of the library', () => {
  it('accepts the keys of a file', () => {
    const options: EmulatorOptions = {
      clock: 'step',
      randomSeed: 42,
      settings: { createStatus: 200 },
      seed: ['a.json'],
    }
    expect(configOf(readOptions(options))).toMatchObject({ clock: { mode: 'step' }, randomSeed: 42, seed: ['a.json'] })
  })

  it('refuses an unknown option with a suggestion', () => {
    const reading = readOptions({ randomseed: 42 } as EmulatorOptions)
    expect(reading).toEqual({
      problems: [{ source: 'option', key: 'randomseed', message: 'is not a known setting', suggestion: 'randomSeed' }],
    })
  })

  it('uses the default for an undefined option', () => {
    expect(configOf(readOptions({ port: undefined })).port).toBe(0)
  })
})

describe('a scenario as a setting', () => {
  it('accepts a name everywhere, an object as JSON in a flag and the environment, and an object in a file', () => {
    const after = { extends: 'default', after: '30s' }
    expect(config({ flags: { scenario: 'slow' } }).scenario).toBe('slow')
    expect(config({ flags: { scenario: JSON.stringify(after) } }).scenario).toEqual(after)
    expect(config({ env: { CCKM_EMULATOR_SCENARIO: ` ${JSON.stringify(after)}` } }).scenario).toEqual(after)
    expect(fromFile({ scenario: after }).scenario).toEqual(after)
  })

  it.each([
    ['{bad', '--scenario: "{bad" is neither the name of a scenario nor a JSON object'],
    ['{"aftr":"1s"}', '--scenario.aftr: is not a known field (did you mean after?)'],
  ])('refuses the scenario %s', (text, problem) => {
    expect(problemsOfFlag('scenario', text)).toEqual([problem])
  })
})
