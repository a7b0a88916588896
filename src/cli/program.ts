import { Command, Option } from 'commander'
import { FLAG_OPTIONS, flagHelpOf, type Flags, type Option as ConfigOption } from '../config/config.ts'
import { VERSION } from '../version.ts'
import { addClientCommands, type RunClient } from './client/add.ts'
import { print } from './stdio.ts'
import { SLEEP_OPTION, type ExecFlags } from './virtual-sleep.ts'
import { unknownCommand } from './unknown-command.ts'
import { SWEEP_OPTIONS, type SweepFlags } from './sweep/flags.ts'

type Action = (flags: Flags) => Promise<void>

interface Actions {
  readonly start: Action
  readonly exec: (flags: Flags, own: ExecFlags, words: readonly string[]) => Promise<void>
  readonly sweep: (flags: Flags, own: SweepFlags, words: readonly string[]) => Promise<void>
  readonly healthcheck: (flags: Flags, url: string | undefined) => Promise<void>
  readonly validate: (paths: readonly string[]) => Promise<void>
  readonly client: RunClient
}

/** The flags of `start` that the help of a command lists. The command accepts the others too, so that a command line can be reused. */
const SHOWN_FLAGS: Readonly<Record<string, readonly string[]>> = {
  healthcheck: ['config', 'port', 'host', 'readyFile'],
  // Not the port and the log level, which have other defaults here.
  exec: ['config', 'data', 'seed', 'scenario', 'clock', 'rate', 'randomSeed', 'set'],
  sweep: ['config', 'seed', 'scenario', 'clock', 'randomSeed', 'set'],
}

/** The command line, made from the options and the table of client commands. Errors are thrown, never printed. */
export function createProgram({ start, exec, sweep, healthcheck, validate, client }: Actions): Command {
  const program = new Command('cckm-emulator')
    .description("An emulator of CipherTrust Manager's cloud key manager (CCKM): jobs and the keys that they act on")
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .exitOverride()
    // Options after the first argument of `exec` and `sweep` belong to the command that they run.
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

/** Throws if the first word is not a command: otherwise it would be an argument of `start`, and its flags would be those of `start`. */
export function refuseUnknownCommand(program: Command, [first = '']: readonly string[]): void {
  const names = ['help', ...program.commands.map((command) => command.name())]
  if (first !== '' && !first.startsWith('-') && !names.includes(first)) throw unknownCommand(first, program)
}

const secretFiles = FLAG_OPTIONS.flatMap(({ secretFile }) => secretFile ?? [])

const START_HELP = `
Flags override environment variables, those override the configuration file, and that overrides the defaults. These
variables name files to read secrets from: ${secretFiles.join(', ')}.`

function addStart(program: Command, start: Action): Command {
  return addServerCommand(program, 'start', start)
    .description('start the emulator (the default command)')
    .addHelpText('after', START_HELP)
}

const HEALTHCHECK_HELP = `
Checks the address of --url, else that of --port and --host, else CCKM_EMULATOR_URL, else the address in the ready file,
else the port and host of variables and the configuration file. Takes every other flag and variable of start as well.`

function addHealthcheck(program: Command, healthcheck: Actions['healthcheck']): void {
  const command: Command = addServerCommand(program, 'healthcheck', (flags) =>
    healthcheck(flags, command.opts<{ readonly url?: string }>().url),
  )
    .description('exit 0 if the emulator on this address is alive, else 1')
    .addOption(
      new Option('--url <url>', 'address of the emulator (env: CCKM_EMULATOR_URL)').conflicts(['port', 'host']),
    )
    .addHelpText('after', HEALTHCHECK_HELP)
}

const EXEC_HELP = `
Takes every other flag and variable of start as well. Uses a free port unless --port is given. Logs warnings and errors
to stderr, or more with --log-level. The command gets the address and a token in the environment variables
CCKM_EMULATOR_URL, _HTTPS_URL, _CA_FILE, _DOMAIN, _USERNAME, _PASSWORD and _TOKEN. Signals are passed on to it.

Examples:
  cckm-emulator exec -- npm test
  cckm-emulator exec --scenario slow --clock step -- pytest -x
  cckm-emulator exec --scenario slow --sleep virtual -- ansible-playbook site.yml`

function addExec(program: Command, exec: Actions['exec']): void {
  const command = program
    .command('exec')
    .description(
      'start an emulator on a free port, run a command against it, and exit with the exit code of the command',
    )
    .usage('[options] -- COMMAND...')
    .argument('[command...]')
    .passThroughOptions()
    .configureHelp({ visibleArguments: () => [] })
    .addHelpText('after', EXEC_HELP)
  command.addOption(new Option(SLEEP_OPTION.term, SLEEP_OPTION.description))
  addFlags(command)
  command.action(async (words: readonly string[]) => exec(flagsOf(command), command.opts<ExecFlags>(), words))
}

const SWEEP_HELP = `
Starts an emulator and runs the command twice without a fault, then once for each fault on each of its requests, and
compares what it did. Each run has a new domain and the environment variables of exec. Takes every other flag of start as
well. The exit code is 1 if a case that is not in the baseline has a verdict of --fail-on, 0 if none has, and 2 if the
sweep could not run. More in docs/guides/sweep.md.

Examples:
  cckm-emulator sweep -- npx vitest run test/rotate.test.ts
  cckm-emulator sweep --only 'azure.bulkjobs.get#*:reset' -- pytest -x tests/test_rotate.py
  cckm-emulator sweep --only 'outcome:*' -- ansible-playbook rotate.yml`

function addSweep(program: Command, sweep: Actions['sweep']): void {
  const command = program
    .command('sweep')
    .description(
      'run a command once for each fault on each of its requests, and report the faults that it does not survive',
    )
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
Does not start the emulator. The extension and the content of a file determine what it is checked as. Seeds and
scenarios may use shipped scenarios, those of other files on this command line, and those of a configuration on it.

Examples:
  cckm-emulator validate seeds/
  cckm-emulator validate emulator.yaml scenarios/ seeds/jobs.ndjson`

function addValidate(program: Command, validate: Actions['validate']): void {
  program
    .command('validate')
    .description(
      'check seeds, scenarios and configuration files; prints a line for each problem and exits with 2 if there is any',
    )
    .argument('<file...>', 'JSON, YAML or NDJSON files, or folders of them')
    .addHelpText('after', VALIDATE_HELP)
    .action(async (paths: readonly string[]) => validate(paths))
}

function addServerCommand(program: Command, name: string, action: Action): Command {
  const command = program
    .command(name, { isDefault: name === 'start' })
    .usage('[options]')
    // Receives a word that is not a command, since `start` is the default.
    .argument('[rest...]')
  addFlags(command)
  return command.action(async (rest: readonly string[]) => {
    const [word] = rest
    if (word !== undefined) throw unknownCommand(word, program)
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
  // Set afterwards: commander would parse the punctuation of our flag texts.
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
  const present = command.options
    .flatMap((option) => {
      const source = FLAG_OPTIONS.find(({ flag = '' }) => flag.split(' ', 1)[0] === option.long)
      return source === undefined ? [] : [{ name: source.name, attribute: option.attributeName() }]
    })
    .filter(({ attribute }) => command.getOptionValueSource(attribute) === 'cli')
  return Object.fromEntries(
    present.map(({ name, attribute }) => {
      const value = command.getOptionValue(attribute) as string | readonly string[] | boolean
      // A flag without a value is present or absent; `--no-admin` arrives as false.
      return [name, typeof value === 'boolean' ? 'true' : value]
    }),
  )
}
