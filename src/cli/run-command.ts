import { spawn, type ChildProcess } from 'node:child_process'
import { statSync } from 'node:fs'
import { constants } from 'node:os'
import { isatty } from 'node:tty'
import { linesOf } from './failures.ts'
import { complain } from './stdio.ts'
import { windowsCommand, type SpawnCommand } from './windows-command.ts'

/** Signals that a terminal sends to all foreground processes: the command has received them already. */
const TERMINAL_SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT']
const SIGNALS: readonly NodeJS.Signals[] = [...TERMINAL_SIGNALS, 'SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2']

/**
 * Runs a command without a shell, on the streams of this process. Returns the exit code that a shell would: that of the
 * command, 128 + n if signal n ended it, 127 if there is no such command, or 126 if it cannot be run. Passes signals on to the
 * command and waits for its end.
 */
export async function runCommand(words: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const [name = ''] = words
  const { file, args, ...options } = commandOf(words)
  try {
    return await endOf(() => spawn(file, args, { ...options, stdio: 'inherit', env }))
  } catch (error) {
    return reportFailure(name, error)
  }
}

/** On Windows, a batch file such as npm.cmd needs a shell and is found by its extension. */
function commandOf(words: readonly string[]): SpawnCommand {
  const [file = '', ...args] = words
  return process.platform === 'win32' ? windowsCommand(words, { env: process.env, isFile }) : { file, args }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true
}

/** The second code is that of an empty name. */
const NOT_FOUND_CODES = ['ENOENT', 'ERR_INVALID_ARG_VALUE']

function reportFailure(name: string, error: unknown): number {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
  const isUnknown = NOT_FOUND_CODES.includes(code)
  complain(`exec: ${isUnknown ? `there is no command ${JSON.stringify(name)}` : `${name} cannot be run (${code})`}`)
  return isUnknown ? 127 : 126
}

async function endOf(start: () => ChildProcess): Promise<number> {
  const emulator = { isBroken: false }
  let child: ChildProcess | undefined
  // Registered before the start, so that a signal right after it is passed on.
  const releaseSignals = passSignals((signal) => child?.kill(signal))
  const releaseErrors = onUncaughtError((error) => {
    linesOf(error).lines.forEach(complain)
    emulator.isBroken = true
    child?.kill()
  })
  try {
    child = start()
    const code = await exitCodeOf(child)
    return emulator.isBroken ? 1 : code
  } finally {
    releaseSignals()
    releaseErrors()
  }
}

function exitCodeOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.on('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGKILL']))
    // Also emitted for a signal that may not be sent, for example to sudo: the command continues.
    child.on('error', (error) => {
      if (child.pid === undefined) reject(error)
    })
  })
}

/** Passes signals on to the command. Returns a function that stops it. */
function passSignals(send: (signal: NodeJS.Signals) => void): () => void {
  const { stdin, stdout, stderr } = process
  const hasTerminal = [stdin, stdout, stderr].some(({ fd }) => isatty(fd))
  const pass = (signal: NodeJS.Signals): void => {
    if (!hasTerminal || !TERMINAL_SIGNALS.includes(signal)) send(signal)
  }
  for (const signal of SIGNALS) process.on(signal, pass)
  return () => {
    for (const signal of SIGNALS) process.off(signal, pass)
  }
}

/** Listens for uncaught errors of the emulator. The command is ended then, because its later results would mean nothing. */
function onUncaughtError(listener: (error: unknown) => void): () => void {
  process.on('uncaughtException', listener)
  return () => process.off('uncaughtException', listener)
}
