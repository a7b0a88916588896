import { Command, Option } from 'commander'
import { FLAG_OPTIONS, flagHelpOf, type Flags, type Option as ConfigOption } from '../config/config.ts'
import { VERSION } from '../version.ts'
import { addClientCommands, type RunClient } from './client/add.ts'
import { print } from './stdio.ts'
import { strayArgument } from './unknown-command.ts'
import { SWEEP_OPTIONS, type SweepFlags } from './sweep/flags.ts'

type Action = (flags: Flags) => Promise<void>

interface Actions {
  readonly start: Action
  readonly exec: (flags: Flags, words: readonly string[]) => Promise<void>
  readonly sweep: (flags: Flags, own: SweepFlags, words: readonly string[]) => Promise<void>
  readonly healthcheck: (flags: Flags, url: string | undefined) => Promise<void>
  readonly validate: (paths: readonly string[]) => Promise<void>
  readonly client: RunClient
}

/** Other flags of `start` are taken too, so that its command line can be reused, but these are the ones that matter. */
const SHOWN_FLAGS: Readonly<Record<string, readonly string[]>> = {
  healthcheck: ['config', 'port', 'host', 'readyFile'],
  // Port and log level have another default here.
  exec: ['config', 'data', 'seed', 'scenario', 'clock', 'rate', 'randomSeed', 'set'],
  sweep: ['config', 'seed', 'scenario', 'clock', 'randomSeed', 'set'],
}

/** The command line, made from the table of settings and that of client commands. Errors are thrown, never printed. */
export function createProgram({ start, exec, sweep, healthcheck, validate, client }: Actions): Command {
  const program = new Command('cckm-emulator')
    .description('An emulator of the CipherTrust Manager cloud-key bulk-job API')
    .version(VERSION, '--version', 'print the version')
    .helpOption('--help', 'print this help')
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .exitOverride()
    // What follows a command of `exec` is its own.
    .enablePositionalOptions()
    .configureOutput({ writeOut: print, outputError: () => undefined })
  const starting = addStart(program, start)
  addExec(program, exec)
  addSweep(program, sweep)
  addClientCommands(program, client)
  addValidate(program, validate)
  addHealthcheck(program, healthcheck)
  return program.addHelpText('after', () => `\nWithout a command: start.\n\n${starting.helpInformation()}`)
}

/** Throws what is to be said of a first word that is no command, before its flags are taken for those of `start`. */
export function refuseUnknownCommand(program: Command, [first = '']: readonly string[]): void {
  const names = ['help', ...program.commands.map((command) => command.name())]
  if (first !== '' && !first.startsWith('-') && !names.includes(first)) throw strayArgument(first, program)
}

const secretFiles = FLAG_OPTIONS.flatMap(({ secretFile }) => secretFile ?? [])

const START_HELP = `
Flags win over the environment, it over the file, and that over the defaults. Secrets can stand in files, which these
variables name: ${secretFiles.join(', ')}.`

function addStart(program: Command, start: Action): Command {
  return addServerCommand(program, 'start', start)
    .description('start the emulator (the default command)')
    .addHelpText('after', START_HELP)
}

const HEALTHCHECK_HELP = `
Asks --url, else the --port and --host given, else CCKM_EMULATOR_URL, else the address in the ready file, else the port
and host of variables and the configuration file. Takes every other flag and variable of start as well.`

function addHealthcheck(program: Command, healthcheck: Actions['healthcheck']): void {
  const command: Command = addServerCommand(program, 'healthcheck', (flags) =>
    healthcheck(flags, command.opts<{ readonly url?: string }>().url),
  )
    .description('exit 0 if the emulator on this address is alive, else 1')
    .addOption(new Option('--url <url>', 'where the emulator is (env: CCKM_EMULATOR_URL)').conflicts(['port', 'host']))
    .addHelpText('after', HEALTHCHECK_HELP)
}

const EXEC_HELP = `
Takes every other flag and variable of start as well. The port is a free one unless --port names it; the log goes to
stderr, warnings only unless a level is named. The command is told in CCKM_EMULATOR_URL, _HTTPS_URL, _CA_FILE, _DOMAIN,
_USERNAME, _PASSWORD and _TOKEN. Signals go to it, and its exit code is this one's.

Examples:
  cckm-emulator exec -- npm test
  cckm-emulator exec --scenario slow --clock step -- pytest -x`

function addExec(program: Command, exec: Actions['exec']): void {
  const command = program
    .command('exec')
    .description('start an emulator on a free port, run a command that is told where it is, and end with its exit code')
    .usage('[options] -- COMMAND...')
    .argument('[command...]')
    .passThroughOptions()
    .configureHelp({ visibleArguments: () => [] })
    .addHelpText('after', EXEC_HELP)
  addFlags(command)
  command.action(async (words: readonly string[]) => exec(flagsOf(command), words))
}

const SWEEP_HELP = `
Runs the command twice without a fault and once for each fault on each of its requests, beside an emulator of its own.
The command is told what exec tells, for a fresh domain each time. Exit code: 0, it survived all but what the baseline
knows; 1, it did not; 2, it could not be swept. docs/guides/sweep.md says more. Takes every other flag of start as well.

Examples:
  cckm-emulator sweep -- npx vitest run test/rotate.test.ts
  cckm-emulator sweep --only 'azure.bulkjobs.get#*:reset' -- pytest -x tests/test_rotate.py`

function addSweep(program: Command, sweep: Actions['sweep']): void {
  const command = program
    .command('sweep')
    .description('run a command once for each fault on each of its requests, and say which it does not survive')
    .usage('[options] -- COMMAND...')
    .argument('[command...]')
    .passThroughOptions()
    .configureHelp({ visibleArguments: () => [] })
    .addHelpText('after', SWEEP_HELP)
  for (const { term, description, isRepeatable } of SWEEP_OPTIONS) {
    const option = new Option(term, description)
    command.addOption(isRepeatable === true ? option.argParser(append) : option)
  }
  addFlags(command)
  command.action(async (words: readonly string[]) => sweep(flagsOf(command), command.opts<SweepFlags>(), words))
}

const VALIDATE_HELP = `
Nothing is started. What a file is, its ending and its content tell. Seeds and scenarios may name the scenarios that
ship, those of other files on this command line, and those of a configuration on it.

Examples:
  cckm-emulator validate seeds/
  cckm-emulator validate emulator.yaml scenarios/ seeds/jobs.ndjson`

function addValidate(program: Command, validate: Actions['validate']): void {
  program
    .command('validate')
    .description('check seeds, scenarios and configuration files: a line for each problem, and exit 2 if there is any')
    .argument('<file...>', 'JSON, YAML or NDJSON files, or folders of them')
    .addHelpText('after', VALIDATE_HELP)
    .action(async (paths: readonly string[]) => validate(paths))
}

function addServerCommand(program: Command, name: string, action: Action): Command {
  const command = program
    .command(name, { isDefault: name === 'start' })
    .usage('[options]')
    // Whatever is no command ends up here, since there is a default one.
    .argument('[rest...]')
  addFlags(command)
  return command.action(async (rest: readonly string[]) => {
    const [stray] = rest
    if (stray !== undefined) throw strayArgument(stray, program)
    await action(flagsOf(command))
  })
}

function addFlags(command: Command): void {
  const shown = SHOWN_FLAGS[command.name()]
  for (const each of FLAG_OPTIONS) command.addOption(toOption(each).hideHelp(shown?.includes(each.name) === false))
}

function toOption(source: ConfigOption): Option {
  const { flag = '', isList } = source
  const [long = '', value] = flag.split(' ')
  const option = new Option(value === undefined ? long : `${long} <value>`, helpText(source))
  // Commander would read the punctuation in ours.
  option.flags = flag
  if (isList) option.argParser(append)
  return option
}

function append(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value]
}

function helpText(option: ConfigOption): string {
  const { description, fallback } = flagHelpOf(option)
  return `${description} (${fallback === undefined ? '' : `default: ${fallback}, `}env: ${option.environment ?? ''})`
}

function flagsOf(command: Command): Flags {
  const given = command.options
    .flatMap((option) => {
      const known = FLAG_OPTIONS.find(({ flag = '' }) => flag.split(' ', 1)[0] === option.long)
      return known === undefined ? [] : [{ name: known.name, attribute: option.attributeName() }]
    })
    .filter(({ attribute }) => command.getOptionValueSource(attribute) === 'cli')
  return Object.fromEntries(
    given.map(({ name, attribute }) => {
      const value = command.getOptionValue(attribute) as string | readonly string[] | boolean
      // A flag without a value is there, or it is not; `--no-admin` arrives as false.
      return [name, typeof value === 'boolean' ? 'true' : value]
    }),
  )
}
