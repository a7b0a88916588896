import { StartError } from '../../errors.ts'
import type { ParsedArgs } from './parsed-args.ts'
import type { Session } from './session.ts'

/** A command for a running emulator, as data: help, usage errors and the call are made from it. */
export interface ClientCommand {
  /** One word or two: `jobs ls`. */
  readonly name: string
  readonly description: string
  readonly args?: readonly Argument[]
  readonly options?: readonly Flag[]
  /** Command lines, without `cckm-emulator`. */
  readonly examples: readonly string[]
  /** Returns the text to print; `--json` prints the last response instead. */
  readonly run: (session: Session, parsed: ParsedArgs) => Promise<string>
}

export interface Argument {
  /** `<id>`, or `[duration]` for an optional one. */
  readonly term: string
  readonly description: string
  /** Its field in the control API, if an error of the API can name it. */
  readonly field?: string
}

export interface Flag {
  /** `--at <instant>` */
  readonly term: string
  readonly description: string
  /** Its field in the control API, if that has another name. */
  readonly field?: string
}

/** The flags of every client command. */
export const COMMON_FLAGS: readonly Flag[] = [
  {
    term: '--url <url>',
    description: 'address of the emulator (default: http://127.0.0.1:PORT, env: CCKM_EMULATOR_URL)',
  },
  {
    term: '--port <number>',
    description: 'port of an emulator on this machine (default: 7443, env: CCKM_EMULATOR_PORT)',
  },
  { term: '--domain <name>', description: 'domain (default: root, env: CCKM_EMULATOR_DOMAIN)' },
  {
    term: '--admin-token <token>',
    description: 'admin token of a locked emulator (env: CCKM_EMULATOR_ADMIN_TOKEN)',
  },
  { term: '--json', description: 'print the response of the control API unchanged' },
]

/** `untilJob` of `--until-job <id>`. */
function flagName(term: string): string {
  return longOf(term)
    .slice('--'.length)
    .replace(/-(.)/g, (_match, letter: string) => letter.toUpperCase())
}

function longOf(term: string): string {
  return term.replace(/ .*$/, '')
}

/** The flag or argument for a field of the control API, as help shows it: `--until-job`, or DURATION. */
export function spelled({ args = [], options = [] }: ClientCommand, field: string): string | undefined {
  const flag = options.find((each) => (each.field ?? flagName(each.term)) === field)
  const argument = args.find((each) => each.field === field)
  return flag === undefined ? argument?.term.replace(/\W/g, '').toUpperCase() : longOf(flag.term)
}

/** The number of a flag, where it is given. */
export function countOf({ text }: ParsedArgs, name: string): number | undefined {
  const given = text(name)
  if (given === undefined || /^\d{1,9}$/.test(given)) return given === undefined ? undefined : Number(given)
  throw new StartError([`--${name}: ${JSON.stringify(given)} is not a whole number`], 2)
}
