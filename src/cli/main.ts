import { CommanderError } from 'commander'
import type { Flags } from '../config/config.ts'
import { runClient } from './client/run.ts'
import { linesOf } from './failures.ts'
import { healthcheck } from './healthcheck.ts'
import { complain, ignoreStreamErrors } from './stdio.ts'
import { createProgram, refuseUnknownCommand } from './program.ts'
import type { SweepFlags } from './sweep/flags.ts'
import type { ExecFlags } from './virtual-sleep.ts'

/** Loaded on demand, so that help, version, health checks and client commands do not load the server. */
async function start(flags: Flags): Promise<void> {
  const command = await import('./start.ts')
  await command.start(flags)
}

async function exec(flags: Flags, own: ExecFlags, words: readonly string[]): Promise<void> {
  const command = await import('./exec.ts')
  await command.exec(flags, own, words)
}

async function sweep(flags: Flags, own: SweepFlags, words: readonly string[]): Promise<void> {
  const command = await import('./sweep.ts')
  await command.sweep(flags, own, words)
}

/** Loaded on demand, because it imports all readers of files. */
async function validate(paths: readonly string[]): Promise<void> {
  const command = await import('./validate.ts')
  await command.validate(paths)
}

/** Parses the arguments, runs the command, and turns an error into lines on stderr and an exit code. */
export async function main(): Promise<void> {
  ignoreStreamErrors()
  try {
    const program = createProgram({ start, exec, sweep, healthcheck, validate, client: runClient })
    refuseUnknownCommand(program, process.argv.slice(2))
    await program.parseAsync(process.argv)
  } catch (error) {
    fail(error)
  }
}

function fail(error: unknown): void {
  // Thrown after help or the version was printed. If printing failed, `print` has set the exit code.
  if (error instanceof CommanderError && error.exitCode === 0) return
  const { lines, exitCode } = linesOf(error)
  lines.forEach(complain)
  process.exitCode = exitCode
}
