import { CommanderError } from 'commander'
import { StartError } from '../errors.ts'

/** An error as the user sees it. */
interface Failure {
  readonly lines: readonly string[]
  readonly exitCode: number
}

/** Turns an error into lines for stderr, one for each problem. Only an unexpected error has its stack. */
export function linesOf(error: unknown): Failure {
  if (error instanceof StartError) return { lines: error.problems, exitCode: error.exitCode }
  if (error instanceof CommanderError) return { lines: [usageLine(error)], exitCode: 2 }
  if (isSystemError(error)) return { lines: [error.message], exitCode: 1 }
  return { lines: [`unexpected error, please report it: ${stackOf(error)}`], exitCode: 1 }
}

/** One line without values: commander puts its suggestion on a second line, and the value of an unknown option may be a secret. */
function usageLine({ message }: CommanderError): string {
  return message
    .replace(/^error: /, '')
    .replace(/^(unknown option '(?:--[^=']+|-[^-]))[^]*?'(?=\n\(Did|$)/, "$1'")
    .replace(/\n\(Did you mean ([^)]*)\)$/, ' (did you mean $1)')
    .replaceAll('\n', ' ')
}

/** An error in the command line: exit code 2. */
export function usageError(message: string): CommanderError {
  return new CommanderError(2, 'cckm-emulator.usage', message)
}

export function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

type SystemError = Error & { readonly code: string; readonly syscall: string }

function isSystemError(error: unknown): error is SystemError {
  return error instanceof Error && 'code' in error && 'syscall' in error
}

/** Replaces the error of `listen()` by one that says what to do; returns any other error unchanged. */
export function toListenError(error: unknown, { host, port }: { host: string; port: number }): unknown {
  const explain = isSystemError(error) ? LISTEN_ERRORS[error.code] : undefined
  return explain === undefined ? error : new StartError([explain(host, port)], 1)
}

const LISTEN_ERRORS: Readonly<Record<string, ((host: string, port: number) => string) | undefined>> = {
  EADDRINUSE: (host, port) =>
    `port ${port} on ${host} is in use: stop the process that listens there, or choose another port with --port (0 takes a free one)`,
  EACCES: (host, port) => `no permission to listen on port ${port} of ${host}: choose one above 1023 with --port`,
  EADDRNOTAVAIL: (host) => `${host} is not an address of this machine: choose one with --host`,
  ENOTFOUND: (host) => `the host name ${host} cannot be resolved: choose an address with --host`,
  EAI_AGAIN: (host) => `the host name ${host} cannot be resolved at the moment: choose an address with --host`,
}
