// Docker and Kubernetes provide secrets as files: each variable with a secret has a second one that names its file.

import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { CONFIG_OPTIONS } from '../../src/config/config.ts'
import { callMain } from '../cli/call-main.ts'
import { runCli, startCli, temporaryFolder } from '../cli/run-cli.ts'

function fileOf(content: string | Uint8Array): string {
  const path = join(temporaryFolder(), 'secret')
  writeFileSync(path, content)
  return path
}

const secrets = CONFIG_OPTIONS.flatMap(({ environment = '', secretFile }) =>
  secretFile === undefined ? [] : [{ environment, secretFile }],
)

it('has a variable that names a file for every secret', () => {
  expect(secrets.map(({ secretFile }) => secretFile)).toEqual([
    'CCKM_EMULATOR_JWT_SECRET_FILE',
    'CCKM_EMULATOR_USER_FILE',
    'CCKM_EMULATOR_ADMIN_TOKEN_FILE',
  ])
})

it('reads the secrets of the command from files, and prints none', async () => {
  const env = {
    CCKM_EMULATOR_ADMIN_TOKEN_FILE: fileOf('admin-S3cret\n'),
    CCKM_EMULATOR_JWT_SECRET_FILE: fileOf('\ufeffsigning S3cret\r\n'),
    CCKM_EMULATOR_USER_FILE: fileOf('ci:S3cret-1:admin,CCKM Users\nother:S3cret-2\n\n'),
  }
  const { ready, child, ended } = await startCli(['--log-level', 'trace'], env)
  const status = async (password: string, token: string): Promise<number[]> => {
    const body = JSON.stringify({ username: 'ci', password })
    const headers = { 'Content-Type': 'application/json' }
    const signIn = await fetch(`${ready.url}/api/v1/auth/tokens`, { method: 'POST', headers, body })
    const control = await fetch(`${ready.url}/__admin/info`, { headers: { Authorization: `Bearer ${token}` } })
    return [signIn.status, control.status]
  }
  expect(await status('S3cret-1', 'admin-S3cret')).toEqual([200, 200])
  expect(await status('admin', 'wrong')).toEqual([401, 401])
  // Client commands use the same variable for a locked emulator.
  const { code, stdout } = await callMain(['jobs', 'ls', '--url', ready.url], env)
  expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.not.stringContaining('S3cret') as string })
  child.kill()
  const { stdout: log, stderr } = await ended
  expect(log + stderr).not.toContain('S3cret')
})

it('passes the token to the command of exec, but no variable that names a file', async () => {
  const print = 'console.log(JSON.stringify(process.env))'
  const env = { CCKM_EMULATOR_ADMIN_TOKEN_FILE: fileOf('from-a-file\n') }
  const { code, stdout } = await runCli(['exec', '--seed', 'none', '--', process.execPath, '-e', print], env)
  expect(code).toBe(0)
  const inner = JSON.parse(stdout) as Record<string, string>
  expect(inner).toMatchObject({ CCKM_EMULATOR_ADMIN_TOKEN: 'from-a-file' })
  expect(inner).not.toHaveProperty('CCKM_EMULATOR_ADMIN_TOKEN_FILE')
})

describe('an invalid secret file', () => {
  async function refusal(env: Record<string, string>): Promise<string> {
    const { code, stdout, stderr } = await callMain(['start'], env)
    expect([code, stdout], stderr).toEqual([2, ''])
    return stderr
  }

  it.each(secrets)(
    'refuses $secretFile together with $environment in one line',
    async ({ environment, secretFile }) => {
      expect(await refusal({ [environment]: 'a b', [secretFile]: fileOf('x\n') })).toBe(
        `cckm-emulator: ${secretFile}: ${environment} is set as well: unset one of them\n`,
      )
    },
  )

  it.each(secrets)('refuses an unreadable $secretFile in one line', async ({ secretFile }) => {
    const cases: [path: string, reason: string][] = [
      ['', 'is set but empty: unset it, or give it a value'],
      // A secret in the wrong variable is not printed.
      ['S3cret', 'there is no such file or folder'],
      ['/S3cret/S3cret', 'there is no such file or folder'],
      [temporaryFolder(), 'is a folder, not a file'],
      [fileOf(''), 'is empty'],
      [fileOf('\r\n\n'), 'is empty'],
      [fileOf(' \n'), 'is empty'],
      [fileOf('\ufeff'), 'is empty'],
      [fileOf(Buffer.from('S3cret', 'utf16le')), 'is not UTF-8: it looks like UTF-16, so save it as UTF-8'],
      [fileOf(Buffer.from([0x61, 0xe9])), 'is not UTF-8'],
      [fileOf('x'.repeat(65 * 1024)), 'is over 64 KiB: it takes a file with the secret alone'],
    ]
    if (existsSync('/dev/zero')) cases.push(['/dev/zero', 'is over 64 KiB: it takes a file with the secret alone'])
    for (const [path, reason] of cases)
      expect(await refusal({ [secretFile]: path }), path).toBe(`cckm-emulator: ${secretFile}: ${reason}\n`)
  })

  it('refuses a file without read permission', async ({ skip }) => {
    if (process.getuid?.() === 0) skip('root reads every file')
    const path = fileOf('x')
    chmodSync(path, 0)
    expect(await refusal({ CCKM_EMULATOR_ADMIN_TOKEN_FILE: path })).toBe(
      'cckm-emulator: CCKM_EMULATOR_ADMIN_TOKEN_FILE: may not be read (permission denied)\n',
    )
  })

  it.each([
    ['ADMIN_TOKEN', 'two S3cret', 'is not one word of printable ASCII'],
    ['ADMIN_TOKEN', 'S3cret\nS3cret\n', 'is not one word of printable ASCII'],
    [
      'JWT_SECRET',
      ' S3cret',
      'begins or ends with white space, or has a control character: is there a CR at the end of its line?',
    ],
    ['USER', 'S3cret', 'is not NAME:PASSWORD or NAME:PASSWORD:GROUP,...'],
  ])('refuses an invalid secret without quoting it: %s %j', async (name, text, message) => {
    const variable = `CCKM_EMULATOR_${name}_FILE`
    expect(await refusal({ [variable]: fileOf(text) })).toBe(`cckm-emulator: ${variable}: ${message}\n`)
  })

  it('refuses a file for an option that is not a secret', async () => {
    expect(await refusal({ CCKM_EMULATOR_PORT_FILE: fileOf('1') })).toMatch(/PORT_FILE: is not a known setting/)
    expect(await refusal({ CCKM_EMULATOR_USERS_FILE: fileOf('1') })).toContain(
      '(did you mean CCKM_EMULATOR_USER_FILE?)',
    )
  })
})

it('prefers a flag to the file', async () => {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'secrets'))
  writeFileSync(join(folder, 'secrets', 'token'), 'of-the-file')
  const env = { CCKM_EMULATOR_ADMIN_TOKEN_FILE: join(folder, 'secrets/token') }
  const { ready } = await startCli(['--seed', 'none', '--admin-token', 'of-the-flag'], env)
  expect(ready.adminToken).toBe('of-the-flag')
})
