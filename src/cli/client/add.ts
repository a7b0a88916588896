import { Option, type Command } from 'commander'
import { missingCommand, unknownCommand } from '../unknown-command.ts'
import { COMMON_FLAGS, type ClientCommand, type Flag } from './command.ts'
import type { ParsedArgs } from './parsed-args.ts'
import { CLIENT_COMMANDS, GROUPS } from './commands.ts'

export type RunClient = (command: ClientCommand, parsed: ParsedArgs) => Promise<void>

/** Adds the commands for a running emulator. */
export function addClientCommands(program: Command, run: RunClient): void {
  const groups = new Map<string, Command>()
  for (const command of CLIENT_COMMANDS) {
    const [first = '', second] = command.name.split(' ')
    if (second === undefined) addClientCommand(program, first, { command, run })
    else {
      const group = groups.get(first) ?? addGroup(program, first)
      groups.set(first, group)
      addClientCommand(group, second, { command, run })
    }
  }
}

function addGroup(program: Command, name: string): Command {
  const group = program
    .command(name)
    .description(GROUPS[name] ?? '')
    .usage('COMMAND [options]')
    // Receives a word that is not a command.
    .argument('[rest...]')
    .configureHelp({ subcommandTerm: termOf, visibleArguments: () => [] })
  return group.action(([word]: readonly string[]) => {
    throw word === undefined ? missingCommand(group) : unknownCommand(word, group)
  })
}

function termOf(command: Command): string {
  const args = command.registeredArguments.map((each) => (each.required ? `<${each.name()}>` : `[${each.name()}]`))
  return [command.name(), ...args].join(' ')
}

interface CommandContext {
  readonly command: ClientCommand
  readonly run: RunClient
}

function addClientCommand(parent: Command, name: string, { command, run }: CommandContext): void {
  const { description, args = [], options = [], examples } = command
  // Commander copies the help configuration of the group to a new command: set it back.
  const added = parent.command(name).description(description).configureHelp({})
  for (const arg of args) added.argument(arg.term, arg.description)
  for (const flag of [...options, ...COMMON_FLAGS]) added.addOption(toOption(flag))
  added.addHelpText('after', `\nExamples:\n${examples.map((example) => `  cckm-emulator ${example}`).join('\n')}`)
  added.action(async () => run(command, parsedArgsOf(added)))
}

function toOption({ term, description }: Flag): Option {
  const option = new Option(term, description)
  // Both name the address.
  return term.startsWith('--url') ? option.conflicts('port') : option
}

function parsedArgsOf(added: Command): ParsedArgs {
  const options = added.opts<Readonly<Record<string, string | true | undefined>>>()
  return {
    args: added.args,
    text: (name) => (options[name] === true ? undefined : options[name]),
    has: (name) => options[name] !== undefined,
  }
}
