import { clockCommands } from './clock.ts'
import type { ClientCommand } from './command.ts'
import { jobCommands } from './jobs.ts'
import { resourceCommands } from './resources.ts'
import { stateCommands } from './snapshots.ts'
import { tokenCommands } from './token.ts'

/** Every command that asks a running emulator, in the order of the help. */
export const CLIENT_COMMANDS: readonly ClientCommand[] = [
  ...tokenCommands,
  ...jobCommands,
  ...resourceCommands,
  ...clockCommands,
  ...stateCommands,
]

/** The description of each group: the first word of a command that has two. */
export const GROUPS: Readonly<Record<string, string>> = {
  jobs: 'list, show, signal and explain jobs: ls, get, signal, explain',
  resources: 'list, show, add and remove keys, vaults and backups: ls, get, add, rm',
  clock: 'read, set and move the clock of a domain: show, freeze, run, step, advance',
  snapshot: 'save and restore the state of a domain: save, load, ls, rm, fork',
}
