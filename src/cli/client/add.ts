import { Option, type Command } from 'commander'
import { missingCommand, strayArgument } from '../unknown-command.ts'
import { COMMON_FLAGS, type ClientCommand, type Given } from './command.ts'
import { CLIENT_COMMANDS, GROUPS } from './commands.ts'

export type RunClient = (command: ClientCommand, given: Given) => Promise<void>

/** Adds the commands that ask a running emulator. */
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
    // Whatever is no command ends up here.
    .argument('[rest...]')
    .configureHelp({ subcommandTerm: termOf, visibleArguments: () => [] })
  return group.action(([stray]: readonly string[]) => {
    throw stray === undefined ? missingCommand(group) : strayArgument(stray, group)
  })
}

function termOf(command: Command): string {
  const args = command.registeredArguments.map((each) => (each.required ? `<${each.name()}>` : `[${each.name()}]`))
  return [command.name(), ...args].join(' ')
}

interface Adding {
  readonly command: ClientCommand
  readonly run: RunClient
}

function addClientCommand(parent: Command, name: string, { command, run }: Adding): void {
  const { description, args = [], options = [], examples } = command
  // Not with the help of its group.
  const added = parent.command(name).description(description).configureHelp({})
  for (const { term, description: what } of args) added.argument(term, what)
  for (const { term, description: what } of [...options, ...COMMON_FLAGS]) added.addOption(toOption(term, what))
  added.addHelpText('after', `\nExamples:\n${examples.map((example) => `  cckm-emulator ${example}`).join('\n')}`)
  added.action(async () => run(command, givenTo(added)))
}

function toOption(term: string, what: string): Option {
  const option = new Option(term, what)
  // One address is enough.
  return term.startsWith('--url') ? option.conflicts('port') : option
}

function givenTo(added: Command): Given {
  const options = added.opts<Readonly<Record<string, string | true | undefined>>>()
  return {
    args: added.args,
    text: (name) => (options[name] === true ? undefined : options[name]),
    has: (name) => options[name] !== undefined,
  }
}
