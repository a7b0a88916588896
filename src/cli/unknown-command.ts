import type { Command, CommanderError } from 'commander'
import { didYouMean } from '../model/nearest.ts'
import { usageError } from './failures.ts'

/** The error for a word that is not a command of `parent`, with the most similar command or a pointer to the help. */
export function unknownCommand(word: string, parent: Command): CommanderError {
  const names = parent.commands.map((command) => command.name())
  return usageError(`unknown command '${word}'${didYouMean(word, names) || ` (see ${pathOf(parent)} --help)`}`)
}

/** The error for a command whose second word is missing. */
export function missingCommand(parent: Command): CommanderError {
  const names = parent.commands.map((command) => command.name())
  return usageError(`${parent.name()}: which command? There are ${names.join(', ')}`)
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`
}
