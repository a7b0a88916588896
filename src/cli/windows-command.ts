import { win32 } from 'node:path'

/** The arguments of `spawn`. */
export interface SpawnCommand {
  readonly file: string
  readonly args: readonly string[]
  /** Set if `args` are a command line of cmd.exe, which Node must not quote again. */
  readonly windowsVerbatimArguments?: true
}

interface WindowsSystem {
  /** Names are case-insensitive, as in `process.env` on Windows. */
  readonly env: Readonly<Record<string, string | undefined>>
  readonly isFile: (path: string) => boolean
}

const DEFAULT_ENDINGS = '.COM;.EXE;.BAT;.CMD'

/**
 * Finds a command on Windows as its shell does: in the folders of PATH, with the extensions of PATHEXT. `npm` is the batch file
 * `npm.cmd`, which only cmd.exe can run; its arguments are escaped so that they arrive unchanged.
 */
export function windowsCommand(words: readonly string[], system: WindowsSystem): SpawnCommand {
  const [name = '', ...args] = words
  const found = findCommand(name, system)
  if (found === undefined || !/\.(cmd|bat)$/i.test(found)) return { file: found ?? name, args }
  const isShim = /node_modules[\\/]\.bin[\\/][^\\/]+\.cmd$/i.test(found)
  const line = [escapeMeta(win32.normalize(found)), ...args.map((arg) => escapeArgument(arg, isShim))].join(' ')
  const file = system.env.comspec ?? system.env.ComSpec ?? 'cmd.exe'
  return { file, args: ['/d', '/s', '/c', `"${line}"`], windowsVerbatimArguments: true }
}

function findCommand(name: string, { env, isFile }: WindowsSystem): string | undefined {
  if (name === '') return undefined
  const endings = (env.PATHEXT ?? DEFAULT_ENDINGS).split(';').filter((ending) => ending !== '')
  const hasEnding = endings.some((ending) => name.toLowerCase().endsWith(ending.toLowerCase()))
  const names = [...(hasEnding ? [name] : []), ...endings.map((ending) => name + ending.toLowerCase())]
  const folders = /[\\/:]/.test(name) ? [''] : ['.', ...(env.PATH ?? env.Path ?? '').split(';')]
  const paths = folders
    .map((folder) => folder.replaceAll('"', ''))
    .flatMap((folder) => names.map((each) => (folder === '' ? each : win32.join(folder, each))))
  return paths.find(isFile)
}

/** Characters with a meaning for cmd.exe. */
const META = /[()\][%!^"`<>&|;, *?]/g

function escapeMeta(text: string): string {
  return text.replace(META, '^$&')
}

/**
 * Quotes an argument for the program, with backslashes doubled before a quote, and escapes the result for cmd.exe: twice for a
 * shim of npm, which passes it through cmd.exe again.
 */
function escapeArgument(arg: string, isShim: boolean): string {
  const quoted = `"${arg.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\*)$/, '$1$1')}"`
  return isShim ? escapeMeta(escapeMeta(quoted)) : escapeMeta(quoted)
}
