import { clockCommands } from './clock.ts'
import type { ClientCommand } from './command.ts'
import { jobCommands } from './jobs.ts'
import { stateCommands } from './snapshots.ts'
import { tokenCommands } from './token.ts'

/** Every command that asks a running emulator, in the order of the help. */
export const CLIENT_COMMANDS: readonly ClientCommand[] = [
  ...tokenCommands,
  ...jobCommands,
  ...clockCommands,
  ...stateCommands,
]

/** What stands before the second word of a command. */
export const GROUPS: Readonly<Record<string, string>> = {
  jobs: 'look at jobs, signal and explain them: ls, get, signal, explain',
  clock: 'read, set and move the clock of a domain: show, freeze, run, step, advance',
  snapshot: 'keep and bring back states of a domain: save, load, ls, rm, fork',
}
