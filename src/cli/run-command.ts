import { spawn, type ChildProcess } from 'node:child_process'
import { statSync } from 'node:fs'
import { constants } from 'node:os'
import { isatty } from 'node:tty'
import { linesOf } from './failures.ts'
import { complain } from './stdio.ts'
import { windowsCommand, type SpawnCommand } from './windows-command.ts'

/** What a terminal sends to every process in front of it: the command has it already. */
const OF_TERMINALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT']
const SIGNALS: readonly NodeJS.Signals[] = [...OF_TERMINALS, 'SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2']

/**
 * Runs a command, without a shell, on the streams of this process, and gives the exit code that a shell would: its own,
 * 128 + n when signal n ended it, 127 when there is no such command and 126 when it cannot be run. Signals go to it, and
 * this process outlives it.
 */
export async function runCommand(words: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const [name = ''] = words
  const { file, args, ...options } = commandOf(words)
  try {
    return await endOf(() => spawn(file, args, { ...options, stdio: 'inherit', env }))
  } catch (error) {
    return refusal(name, error)
  }
}

/** On Windows a batch file such as npm.cmd needs a shell, and is found by its ending. */
function commandOf(words: readonly string[]): SpawnCommand {
  const [file = '', ...args] = words
  return process.platform === 'win32' ? windowsCommand(words, { env: process.env, isFile }) : { file, args }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true
}

/** Without a name there is nothing to look for. */
const UNKNOWN = ['ENOENT', 'ERR_INVALID_ARG_VALUE']

function refusal(name: string, error: unknown): number {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
  const isUnknown = UNKNOWN.includes(code)
  complain(`exec: ${isUnknown ? `there is no command ${JSON.stringify(name)}` : `${name} cannot be run (${code})`}`)
  return isUnknown ? 127 : 126
}

async function endOf(start: () => ChildProcess): Promise<number> {
  const emulator = { isBroken: false }
  let child: ChildProcess | undefined
  // Before there is a command: one that has just begun may be told to end already.
  const releaseSignals = passSignals((signal) => child?.kill(signal))
  const releaseErrors = onUnforeseen((error) => {
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
    // A signal that may not be sent, say to sudo, is told here too: the command goes on.
    child.on('error', (error) => {
      if (child.pid === undefined) reject(error)
    })
  })
}

/** Passes signals on to the command, until it is released. */
function passSignals(send: (signal: NodeJS.Signals) => void): () => void {
  const { stdin, stdout, stderr } = process
  const hasTerminal = [stdin, stdout, stderr].some(({ fd }) => isatty(fd))
  const pass = (signal: NodeJS.Signals): void => {
    if (!hasTerminal || !OF_TERMINALS.includes(signal)) send(signal)
  }
  for (const signal of SIGNALS) process.on(signal, pass)
  return () => {
    for (const signal of SIGNALS) process.off(signal, pass)
  }
}

/** An emulator that fails in a way that nobody foresaw ends the command: what it would see from there on means nothing. */
function onUnforeseen(listener: (error: unknown) => void): () => void {
  process.on('uncaughtException', listener)
  return () => process.off('uncaughtException', listener)
}
