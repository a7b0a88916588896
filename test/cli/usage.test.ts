import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { CLIENT_COMMANDS } from '../../src/cli/client/commands.ts'
import { FLAG_OPTIONS, flagHelpOf } from '../../src/config/config.ts'
import { callMain } from './call-main.ts'
import { runCli, temporaryFolder } from './run-cli.ts'

describe('Help', () => {
  it('lists every flag of start with its variable and default', async () => {
    const { code, stdout, stderr } = await callMain(['start', '--help'])
    const text = stdout.replace(/\s+/g, ' ')
    for (const option of FLAG_OPTIONS) {
      const { description, fallback } = flagHelpOf(option)
      const shown = fallback === undefined ? '' : `default: ${fallback}, `
      expect(text).toContain(`${option.flag!} ${description} (${shown}env: ${option.environment!})`)
    }
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })

  it.each([
    [['-h'], ['--help']],
    [['-V'], ['--version']],
    [
      ['exec', '-h'],
      ['exec', '--help'],
    ],
    [
      ['jobs', 'ls', '-h'],
      ['jobs', 'ls', '--help'],
    ],
  ])('prints for %j what it prints for %j', async (short, long) => {
    expect(await callMain(short)).toEqual(await callMain(long))
    expect(await callMain(short)).toMatchObject({ code: 0, stderr: '' })
  })

  it('lists the commands and the flags of start', async () => {
    const { code, stdout } = await callMain(['--help'])
    const commands = ['token', 'jobs', 'clock', 'reset', 'snapshot', 'validate', 'healthcheck', 'exec', 'start']
    for (const part of [...commands, '--random-seed <number>', '--version']) expect(stdout).toContain(part)
    expect(code).toBe(0)
  })

  it.each(CLIENT_COMMANDS)('lists the arguments and flags of $name, with examples', async (command) => {
    const { code, stdout, stderr } = await callMain([...command.name.split(' '), '--help'])
    const text = stdout.replace(/\s+/g, ' ')
    const { args = [], options = [], examples } = command
    for (const { term, description } of [...args, ...options])
      expect(text).toContain(`${term.replace(/^[<[](.*)[>\]]$/, '$1')} ${description}`)
    for (const flag of ['--url <url>', '--port <number>', '--domain <name>', '--admin-token <token>', '--json'])
      expect(text).toContain(flag)
    for (const example of examples) expect(stdout).toContain(`\n  cckm-emulator ${example}\n`)
    expect({ code, stderr, isPlain: examples.every((each) => each.startsWith(command.name)) }).toEqual({
      code: 0,
      stderr: '',
      isPlain: true,
    })
  })

  it('lists the commands of a group with their arguments', async () => {
    const { code, stdout } = await callMain(['jobs', '--help'])
    expect(stdout).toMatch(/\n {2}ls +\S.*\n {2}get <id> +\S.*\n {2}signal <id> <name> +\S.*\n {2}explain <id> +\S/)
    expect(code).toBe(0)
  })

  it('lists only the relevant flags of healthcheck', async () => {
    const { code, stdout } = await callMain(['healthcheck', '--help'])
    expect(stdout).toContain('--port <number>')
    expect(stdout).not.toContain('--jwt-secret')
    expect(code).toBe(0)
  })
})

it('prints only the version with --version', async () => {
  expect(await callMain(['--version'])).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string,
  })
})

describe('wrong usage', () => {
  it.each<[string[], string[]]>([
    [['--prot', '1'], [`unknown option '--prot' (did you mean --port?)`]],
    [['start', '--frobnicate'], [`unknown option '--frobnicate'`]],
    [['strat'], [`unknown command 'strat' (did you mean start?)`]],
    [['serve'], [`unknown command 'serve' (see cckm-emulator --help)`]],
    [['--port'], [`option '--port <number>' argument missing`]],
    [['--seed', '42'], ['--seed: "42" is a number, not a seed file (did you mean --random-seed 42?)']],
    [
      ['--auth', 'of', '--rate', 'fast'],
      [
        '--rate: "fast" is not a number above 0 and up to 1000000, such as 60',
        '--auth: "of" is not strict, any or off (did you mean off?)',
      ],
    ],
  ])('exits with 2 and a line on stderr for each problem: %j', async (args, lines) => {
    const stderr = lines.map((line) => `cckm-emulator: ${line}\n`).join('')
    expect(await callMain(args)).toEqual({ code: 2, stdout: '', stderr })
  })

  it('exits with 2 in a separate process too', async () => {
    const stderr = `cckm-emulator: unknown option '--prot' (did you mean --port?)\n`
    expect(await runCli(['--prot', '1'])).toEqual({ code: 2, signal: null, stdout: '', stderr })
  })

  it('exits with 2 for an unknown variable', async () => {
    const { code, stderr } = await callMain([], { CCKM_EMULATOR_SEEDS: 'x' })
    expect(stderr).toBe(
      'cckm-emulator: CCKM_EMULATOR_SEEDS: is not a known setting (did you mean CCKM_EMULATOR_SEED?)\n',
    )
    expect(code).toBe(2)
  })

  it('exits with 2 for an unknown key of a file, and names its line', async () => {
    const file = join(temporaryFolder(), 'emulator.yaml')
    writeFileSync(file, 'port: 1\nusers:\n  - name: a\n    password: b\n    groop: c\nauth:\n  mod: any\n')
    const { code, stderr } = await callMain(['--config', file])
    expect(stderr.split('\n')).toEqual([
      `cckm-emulator: ${file}:5: users.0.groop: is not a known field (did you mean groups?)`,
      `cckm-emulator: ${file}:7: auth.mod: is not a known setting (did you mean auth.mode?)`,
      '',
    ])
    expect(code).toBe(2)
  })

  it('exits with 2 for a missing file', async () => {
    const file = join(temporaryFolder(), 'emulator.yaml')
    const { code, stderr } = await callMain([], { CCKM_EMULATOR_CONFIG: file })
    expect({ code, stderr }).toEqual({ code: 2, stderr: `cckm-emulator: ${file}: there is no such file or folder\n` })
  })
})
