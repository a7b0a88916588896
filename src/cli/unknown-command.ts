import type { Command, CommanderError } from 'commander'
import { didYouMean } from '../model/nearest.ts'
import { usageError } from './failures.ts'

/** What to say of a word that is no command of `parent`: which one it might have been, or where to look. */
export function strayArgument(stray: string, parent: Command): CommanderError {
  const names = parent.commands.map((command) => command.name())
  return usageError(`unknown command '${stray}'${didYouMean(stray, names) || ` (see ${pathOf(parent)} --help)`}`)
}

/** What to say when the second word of a command is missing. */
export function missingCommand(parent: Command): CommanderError {
  const names = parent.commands.map((command) => command.name())
  return usageError(`${parent.name()}: which command? There are ${names.join(', ')}`)
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`
}
