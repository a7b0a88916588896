// An empty value never turns a lock off, and no error contains the value of a secret.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { CONFIG_OPTIONS } from '../../src/config/config.ts'
import { createEmulator, StartError } from '../../src/index.ts'
import { callMain } from '../cli/call-main.ts'
import { temporaryFolder } from '../cli/run-cli.ts'

const NO_VALUE = 'is written with no value: leave it out, or quote a value that begins with # or &'

/** Starts the command, which must refuse its configuration; returns its output. */
async function refused(args: readonly string[], env: Record<string, string> = {}): Promise<string> {
  const { code, stdout, stderr } = await callMain([...args], env)
  expect([code, stdout], stderr).toEqual([2, ''])
  expect(stderr).not.toContain('    at ')
  return stderr
}

async function refusedFile(text: string, name = 'c.yaml'): Promise<string> {
  const file = join(temporaryFolder(), name)
  writeFileSync(file, text)
  const lines = await refused(['start', '--config', file])
  await refused(['validate', file])
  return lines.replaceAll(file, name)
}

/** The error of the library for options of a wrong type. */
async function problemOf(options: object): Promise<string> {
  const started = createEmulator(options)
  await started.then(
    (emulator) => emulator.close(),
    () => undefined,
  )
  const error: unknown = await started.catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(StartError)
  return (error as StartError).message
}

describe('a key of a configuration file without a value', () => {
  const keys = CONFIG_OPTIONS.flatMap(({ key }) => key ?? [])

  it.each(keys)('is refused with its line: %s', async (key) => {
    const [outer, inner] = key.split('.')
    const lines = inner === undefined ? `${key}:\n` : `${outer}:\n  ${inner}:\n`
    const at = inner === undefined ? 2 : 3
    expect(await refusedFile(`# A comment\n${lines}`)).toBe(`cckm-emulator: c.yaml:${at}: ${key}: ${NO_VALUE}\n`)
  })

  it.each(['#S3cret', '&S3cret', '~', 'null', 'Null', '', '# S3cret', '!!null'])(
    'is refused where YAML reads %j as null',
    async (value) => {
      for (const key of ['adminToken', 'users', 'auth', 'domains', 'allowHost', 'tls'])
        expect(await refusedFile(`${key}: ${value}\n`)).toBe(`cckm-emulator: c.yaml:1: ${key}: ${NO_VALUE}\n`)
    },
  )

  it.each([
    ['users:\n  - name: a\n    password: #S3cret\n', 'c.yaml:3: users.0.password'],
    ['users:\n  - { name: , password: b }\n', 'c.yaml:2: users.0.name'],
    ['users:\n  - &S3cret\n', 'c.yaml:2: users.0'],
    ['auth:\n  jwtSecret: &S3cret\n', 'c.yaml:2: auth.jwtSecret'],
    ['allowHost:\n  - #S3cret\n', 'c.yaml:2: allowHost.0'],
    ['tls:\n  certFile: c.pem\n  keyFile:\n', 'c.yaml:3: tls.keyFile'],
    ['clock:\n  mode:\n', 'c.yaml:2: clock.mode'],
  ])('is refused inside an object or list: %j', async (text, place) => {
    expect(await refusedFile(text)).toBe(`cckm-emulator: ${place}: ${NO_VALUE}\n`)
  })

  it('is refused in JSON', async () => {
    expect(await refusedFile('{\n"adminToken": null }\n', 'c.json')).toBe(
      `cckm-emulator: c.json:2: adminToken: ${NO_VALUE}\n`,
    )
  })

  it('is accepted as the whole content of the file', async () => {
    const file = join(temporaryFolder(), 'c.yaml')
    writeFileSync(file, '# nothing yet\n')
    expect(await callMain(['validate', file])).toMatchObject({ code: 0 })
  })
})

describe('an empty string for a lock', () => {
  it.each([
    ['adminToken', '--admin-token'],
    ['auth.jwtSecret', '--jwt-secret'],
    ['domains', '--domains'],
    ['tls', '--tls'],
    ['auth.mode', '--auth'],
    ['auth.algorithm', '--auth-algorithm'],
    ['auth.tokenTtl', '--token-ttl'],
    ['allowHost', '--allow-host'],
    ['users', '--user'],
  ])('is refused in a file, as an option and as a flag: %s', async (key, flag) => {
    const [outer = '', inner] = key.split('.')
    await refusedFile(inner === undefined ? `${outer}: ''\n` : `${outer}:\n  ${inner}: ''\n`)
    const options = { [outer]: inner === undefined ? '' : { [inner]: '' } }
    expect(await problemOf(options)).toMatch(RegExp(`^${key}(\\.0)?: `))
    await refused(['start', flag, ''])
  })

  it.each([
    'ADMIN_TOKEN',
    'JWT_SECRET',
    'USER',
    'DOMAINS',
    'TLS',
    'AUTH',
    'AUTH_ALGORITHM',
    'TOKEN_TTL',
    'ALLOW_HOST',
    'NO_ADMIN',
  ])('is refused in the variable CCKM_EMULATOR_%s', async (name) => {
    const variable = `CCKM_EMULATOR_${name}`
    expect(await refused(['start'], { [variable]: '' })).toBe(
      `cckm-emulator: ${variable}: is set but empty: unset it, or give it a value\n`,
    )
  })

  it('is refused as null, but an undefined option counts as absent', async () => {
    await using emulator = await createEmulator({ adminToken: undefined, auth: { jwtSecret: undefined } })
    expect((await emulator.inject('/__admin/info')).statusCode).toBe(200)
    expect(await problemOf({ adminToken: null })).toBe(`adminToken: ${NO_VALUE}`)
    expect(await problemOf({ users: [{ name: 'a', password: null }] })).toBe(`users.0.password: ${NO_VALUE}`)
  })
})

describe('errors without secrets', () => {
  const S3CRET = '90210777'
  /** Values of a wrong type, in a wrong place or in a wrong form. */
  const written = [
    ...[S3CRET, `-${S3CRET}`, `${S3CRET}.5`, `"a b ${S3CRET}"`, `[${S3CRET}]`, `["${S3CRET}"]`, `{${S3CRET}}`],
    ...[
      `{a: ${S3CRET}}`,
      `{a:${S3CRET}}`,
      `{"x${S3CRET}": 1}`,
      `*x${S3CRET}`,
      `| x${S3CRET}`,
      `!x${S3CRET} &a`,
      `!e!x${S3CRET} 1`,
    ],
    ...[
      `"${S3CRET}`,
      `'a'${S3CRET}`,
      `"\\U${S3CRET}"`,
      `@${S3CRET}`,
      `]${S3CRET}`,
      `x: ${S3CRET}`,
      `- ${S3CRET}`,
      `&a [*a, ${S3CRET}]`,
    ],
    ...[
      `zoe:${S3CRET}:a:b`,
      `[zoe:${S3CRET}:a:b]`,
      `[{name: zoe, password: ${S3CRET}}]`,
      `[{name: 1, password: [${S3CRET}]}]`,
    ],
    ...[
      `[{name: zoe, x${S3CRET}: 1}]`,
      `[{zoe:x${S3CRET}}]`,
      `[{name: zoe, password: x, groups: ${S3CRET}}]`,
      `[zoe, "zoe ${S3CRET}"]`,
    ],
  ]

  it.each(['adminToken', 'auth:\n  jwtSecret', 'users', 'jwtSecret', 'user'])(
    'quote no secret of a file: %j',
    async (key) => {
      for (const value of written) {
        const file = join(temporaryFolder(), 'c.yaml')
        writeFileSync(file, `${key}: ${value}\n`)
        const config = ['start', '--config', file, '--port', '65536']
        for (const args of [config, ['validate', file], ['jobs', 'ls', ...config.slice(1)]]) {
          const { stdout, stderr } = await callMain(args)
          expect(stdout + stderr, value).not.toContain(S3CRET)
        }
      }
    },
  )

  it.each([
    [`adminToken:${S3CRET}\n`],
    [`port: 1\nadminToken:${S3CRET}\nhost: x\n`],
    [`{adminToken:x${S3CRET}}\n`],
    [`settings: {adminToken: x${S3CRET}}\n`],
    [`auth: {adminToken: x${S3CRET}, jwtSecret:x${S3CRET}}\n`],
  ])('quote no secret of a file in an unknown place: %j', async (text) => {
    expect(await refusedFile(text)).not.toContain(S3CRET)
  })

  it.each([
    [[`--admin-token`, `a b ${S3CRET}`]],
    [[`--admin-token=ü${S3CRET}`]],
    [[`--admin-tokn=${S3CRET}`]],
    [[`--adminToken=${S3CRET}'s`]],
    [[`-p${S3CRET}`]],
    [['--user', S3CRET]],
    [['--user', `:${S3CRET}`]],
    [['--user', `zoe:${S3CRET}:a:b`]],
    [['--user', `zoe:${S3CRET}`, '--user', `ZOE:x${S3CRET}`]],
    [['--set', `adminToken=${S3CRET}`]],
    [['--set', `adminToken:${S3CRET}`]],
    [['--set', `adminToken: ${S3CRET}=1`]],
  ])('quote no secret of the command line: %j', async (flags) => {
    for (const command of [[], ['start'], ['exec']]) {
      const after = command[0] === 'exec' ? ['--', 'true'] : []
      expect(await refused([...command, ...flags, ...after])).not.toContain(S3CRET)
    }
  })

  it.each([
    ['CCKM_EMULATOR_ADMIN_TOKEN', `a b ${S3CRET}`],
    ['CCKM_EMULATOR_ADMIN_TOKENS', S3CRET],
    ['CCKM_EMULATOR_USER', S3CRET],
    ['CCKM_EMULATOR_USER', `zoe:${S3CRET}:a:b;zoe:x`],
    ['CCKM_EMULATOR_SET', `adminToken=${S3CRET}`],
    ['CCKM_EMULATOR_SET', `adminToken: ${S3CRET}`],
  ])('quote no secret of the environment: %s=%s', async (name, value) => {
    expect(await refused(['start'], { [name]: value })).not.toContain(S3CRET)
  })

  it.each([
    Number(S3CRET),
    [S3CRET],
    { a: S3CRET },
    { [S3CRET]: 1 },
    `a b ${S3CRET}`,
    BigInt(S3CRET),
    Symbol(S3CRET),
    () => S3CRET,
  ])("quote no secret of the library's options: %s", async (value) => {
    for (const key of ['adminToken', 'jwtSecret', 'user', 'users'])
      expect(await problemOf({ [key]: value, port: 'x' }), key).not.toContain(S3CRET)
    expect(await problemOf({ auth: { jwtSecret: value }, port: 'x' })).not.toContain(S3CRET)
  })
})
