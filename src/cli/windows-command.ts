import { win32 } from 'node:path'

/** What to give to `spawn`. */
export interface SpawnCommand {
  readonly file: string
  readonly args: readonly string[]
  /** Set where `args` are a command line of cmd.exe, which Node must not quote again. */
  readonly windowsVerbatimArguments?: true
}

interface WindowsSystem {
  /** Names without case, as in `process.env` there. */
  readonly env: Readonly<Record<string, string | undefined>>
  readonly isFile: (path: string) => boolean
}

const DEFAULT_ENDINGS = '.COM;.EXE;.BAT;.CMD'

/**
 * Finds a command on Windows as its shell would: in the folders of PATH, with the endings of PATHEXT. `npm` is `npm.cmd`, a batch
 * file, which Windows runs by cmd.exe alone; the words go there as they are, whatever they contain.
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

/** What cmd.exe gives a meaning to. */
const META = /[()\][%!^"`<>&|;, *?]/g

function escapeMeta(text: string): string {
  return text.replace(META, '^$&')
}

/** For the program, in quotes with its backslashes doubled where a quote follows; for cmd.exe, once or, by a shim, twice. */
function escapeArgument(arg: string, isShim: boolean): string {
  const quoted = `"${arg.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\*)$/, '$1$1')}"`
  return isShim ? escapeMeta(escapeMeta(quoted)) : escapeMeta(quoted)
}
