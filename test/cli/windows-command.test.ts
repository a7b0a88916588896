import { describe, expect, it } from 'vitest'
import { windowsCommand, type SpawnCommand } from '../../src/cli/windows-command.ts'

const FILES = [
  String.raw`C:\node\npm.cmd`,
  String.raw`C:\node\node.exe`,
  String.raw`C:\tools\go.exe`,
  String.raw`C:\tools\go.bat`,
  String.raw`C:\my tools\run (all).bat`,
  String.raw`node_modules\.bin\vitest.cmd`,
]
const ENV = { PATH: String.raw`C:\node;"C:\my tools";C:\tools`, PATHEXT: '.COM;.EXE;.BAT;.CMD', comspec: 'C:\\cmd.exe' }

const commandOf = (...words: string[]): SpawnCommand =>
  windowsCommand(words, {
    env: ENV,
    isFile: (path) => FILES.some((file) => file.toLowerCase() === path.toLowerCase().replaceAll('/', '\\')),
  })

const byShell = (line: string): SpawnCommand => ({
  file: 'C:\\cmd.exe',
  args: ['/d', '/s', '/c', `"${line}"`],
  windowsVerbatimArguments: true,
})

describe('exec on Windows', () => {
  it('runs a batch file such as npm in the shell', () => {
    expect(commandOf('npm', 'test')).toEqual(byShell(String.raw`C:\node\npm.cmd ^"test^"`))
    expect(commandOf('npm.cmd', 'test')).toEqual(byShell(String.raw`C:\node\npm.cmd ^"test^"`))
    expect(commandOf('NPM', 'test').file).toBe('C:\\cmd.exe')
  })

  it('runs a program without a shell and passes its arguments unchanged', () => {
    const args = ['-e', 'a & "b" %PATH%']
    expect(commandOf('node', ...args)).toEqual({ file: String.raw`C:\node\node.exe`, args })
    expect(commandOf(String.raw`C:\node\node.exe`, ...args)).toEqual({ file: String.raw`C:\node\node.exe`, args })
  })

  it('uses the first extension of PATHEXT in the first folder of PATH that has the name', () => {
    expect(commandOf('go')).toEqual({ file: String.raw`C:\tools\go.exe`, args: [] })
  })

  it('finds a path without its extension, and one with spaces', () => {
    expect(commandOf(String.raw`node_modules\.bin\vitest`, 'run').file).toBe('C:\\cmd.exe')
    expect(commandOf('run (all)')).toEqual(byShell(String.raw`C:\my^ tools\run^ ^(all^).bat`))
  })

  it('escapes characters with a meaning in the shell', () => {
    expect(commandOf('npm', 'a&b', '100%', 'say "hi"', 'end\\')).toEqual(
      byShell(String.raw`C:\node\npm.cmd ^"a^&b^" ^"100^%^" ^"say^ \^"hi\^"^" ^"end\\^"`),
    )
  })

  it('escapes twice for a shim of npm, which the shell parses twice', () => {
    expect(commandOf('node_modules/.bin/vitest', 'a&b').args.at(-1)).toBe(
      String.raw`"node_modules\.bin\vitest.cmd ^^^"a^^^&b^^^""`,
    )
  })

  it('leaves an unknown name to the system', () => {
    expect(commandOf('nothing', 'a')).toEqual({ file: 'nothing', args: ['a'] })
    expect(commandOf('')).toEqual({ file: '', args: [] })
  })
})
