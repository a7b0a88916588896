import type { Session } from './session.ts'

/** A command that asks a running emulator, as data: help, usage errors and the call are made from it. */
export interface ClientCommand {
  /** As it is typed: `jobs ls`. */
  readonly name: string
  readonly description: string
  readonly args?: readonly Argument[]
  readonly options?: readonly Flag[]
  /** Command lines, without `cckm-emulator`. */
  readonly examples: readonly string[]
  /** Gives what people read; `--json` prints the last answer in its place. */
  readonly run: (session: Session, given: Given) => Promise<string>
}

export interface Argument {
  /** `<id>`, or `[duration]` for one that may be left out. */
  readonly term: string
  readonly description: string
  /** What the control API calls it, where it can complain of it. */
  readonly field?: string
}

export interface Flag {
  /** `--at <instant>` */
  readonly term: string
  readonly description: string
  /** What the control API calls it, where that is another name. */
  readonly field?: string
}

/** What a command was called with. */
export interface Given {
  readonly args: readonly string[]
  /** The value of a flag by its name in camel case; undefined where it was not given. */
  readonly text: (name: string) => string | undefined
  readonly has: (name: string) => boolean
}

/** The flags of every client command. */
export const COMMON_FLAGS: readonly Flag[] = [
  {
    term: '--url <url>',
    description: 'where the emulator is (default: http://127.0.0.1:PORT, env: CCKM_EMULATOR_URL)',
  },
  {
    term: '--port <number>',
    description: 'its port, on this machine (default: 7443, env: CCKM_EMULATOR_PORT)',
  },
  { term: '--domain <name>', description: 'the domain (default: root, env: CCKM_EMULATOR_DOMAIN)' },
  {
    term: '--admin-token <token>',
    description: 'opens an emulator that is locked (env: CCKM_EMULATOR_ADMIN_TOKEN)',
  },
  { term: '--json', description: 'print the answer of the control API as it is' },
]

/** `until-job` of `--until-job <id>`, in camel case. */
function flagName(term: string): string {
  return longOf(term)
    .slice('--'.length)
    .replace(/-(.)/g, (_match, letter: string) => letter.toUpperCase())
}

function longOf(term: string): string {
  return term.replace(/ .*$/, '')
}

/** How the user writes what the control API calls `field`: `--until-job`, or DURATION. */
export function spelled({ args = [], options = [] }: ClientCommand, field: string): string | undefined {
  const flag = options.find((each) => (each.field ?? flagName(each.term)) === field)
  const argument = args.find((each) => each.field === field)
  return flag === undefined ? argument?.term.replace(/\W/g, '').toUpperCase() : longOf(flag.term)
}
