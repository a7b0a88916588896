import { CommanderError, type Command } from 'commander'
import { nearest } from '../config/config.ts'

/** What to say of a word that is no command of `parent`: which one it might have been, or where to look. */
export function strayArgument(stray: string, parent: Command): CommanderError {
  const names = parent.commands.map((command) => command.name())
  const suggestion = nearest(stray, names)
  const hint = suggestion === undefined ? `see ${pathOf(parent)} --help` : `did you mean ${suggestion}?`
  return usageError(`unknown command '${stray}' (${hint})`)
}

/** What to say when the second word of a command is missing. */
export function missingCommand(parent: Command): CommanderError {
  const names = parent.commands.map((command) => command.name())
  return usageError(`${parent.name()}: which command? There are ${names.join(', ')}`)
}

function usageError(message: string): CommanderError {
  return new CommanderError(2, 'cckm-emulator.usage', message)
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`
}
