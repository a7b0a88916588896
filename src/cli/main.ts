import { CommanderError } from 'commander'
import type { Flags } from '../config/config.ts'
import { runClient } from './client/run.ts'
import { linesOf } from './failures.ts'
import { healthcheck } from './healthcheck.ts'
import { complain, outliveReaders } from './stdio.ts'
import { createProgram, refuseUnknownCommand } from './program.ts'
import type { SweepFlags } from './sweep/flags.ts'

/** Loaded late, so that help, version, health checks and client commands do without a server and a log. */
async function start(flags: Flags): Promise<void> {
  const command = await import('./start.ts')
  await command.start(flags)
}

async function exec(flags: Flags, words: readonly string[]): Promise<void> {
  const command = await import('./exec.ts')
  await command.exec(flags, words)
}

async function sweep(flags: Flags, own: SweepFlags, words: readonly string[]): Promise<void> {
  const command = await import('./sweep.ts')
  await command.sweep(flags, own, words)
}

/** Loaded late too: it brings every reader of files. */
async function validate(paths: readonly string[]): Promise<void> {
  const command = await import('./validate.ts')
  await command.validate(paths)
}

/** The command: reads the arguments, runs what they name, and turns any failure into lines and an exit code. */
export async function main(): Promise<void> {
  outliveReaders()
  try {
    const program = createProgram({ start, exec, sweep, healthcheck, validate, client: runClient })
    refuseUnknownCommand(program, process.argv.slice(2))
    await program.parseAsync(process.argv)
  } catch (error) {
    fail(error)
  }
}

function fail(error: unknown): void {
  // Help and version: printed, unless that has failed.
  if (error instanceof CommanderError && error.exitCode === 0) return
  const { lines, exitCode } = linesOf(error)
  lines.forEach(complain)
  process.exitCode = exitCode
}
