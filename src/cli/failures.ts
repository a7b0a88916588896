import { CommanderError } from 'commander'
import { StartError } from '../errors.ts'

interface Failure {
  readonly lines: readonly string[]
  readonly exitCode: number
}

/** What the user is told: a line a problem; only what nobody foresaw comes with its stack. */
export function linesOf(error: unknown): Failure {
  if (error instanceof StartError) return { lines: error.problems, exitCode: error.exitCode }
  if (error instanceof CommanderError) return { lines: [usageLine(error)], exitCode: 2 }
  if (isSystemError(error)) return { lines: [error.message], exitCode: 1 }
  return { lines: [`unexpected error, please report it: ${stackOf(error)}`], exitCode: 1 }
}

/** Commander puts its suggestion on a line of its own, and quotes an unknown option with its value, which may be a secret. */
function usageLine({ message }: CommanderError): string {
  return message
    .replace(/^error: /, '')
    .replace(/^(unknown option '(?:--[^=']+|-[^-]))[^]*?'(?=\n\(Did|$)/, "$1'")
    .replace(/\n\(Did you mean ([^)]*)\)$/, ' (did you mean $1)')
    .replaceAll('\n', ' ')
}

/** An error in how the command was called: exit code 2. */
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

/** Says what to do about an address that cannot be listened on. */
export function toListenError(error: unknown, { host, port }: { host: string; port: number }): unknown {
  const explain = isSystemError(error) ? LISTEN_ERRORS[error.code] : undefined
  return explain === undefined ? error : new StartError([explain(host, port)], 1)
}

const LISTEN_ERRORS: Readonly<Record<string, ((host: string, port: number) => string) | undefined>> = {
  EADDRINUSE: (host, port) =>
    `port ${port} on ${host} is taken: stop what listens there, or choose another with --port (0 takes a free one)`,
  EACCES: (host, port) => `may not listen on port ${port} of ${host}: choose one above 1023 with --port`,
  EADDRNOTAVAIL: (host) => `${host} is no address of this machine: choose one with --host`,
  ENOTFOUND: (host) => `the host name ${host} is not known here: choose an address with --host`,
  EAI_AGAIN: (host) => `the host name ${host} cannot be looked up now: choose an address with --host`,
}
