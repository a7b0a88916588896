import { pino, type DestinationStream, type Logger } from 'pino'
import type { Config } from '../config.ts'

/** Where the lines for people and the log go, so that neither garbles the other. */
export interface Output {
  readonly log: Logger | undefined
  /** Whether somebody reads the printed lines on a terminal. */
  readonly isTerminal: boolean
  /** The log is for machines, so whatever people are told has to be in it too. */
  readonly isSplit: boolean
  readonly print: (line: string) => void
  /** Writes what the log still holds back, now. */
  readonly flush: () => void
}

const FLUSH_EVERY_MS = 1000
const BUFFER_BYTES = 8192

/**
 * A JSON log has stdout to itself, so that it can be piped into anything that reads JSON lines; people are then told
 * on stderr. Otherwise both are for people, and share stdout.
 */
export async function openOutput({ logLevel, logFormat }: Config): Promise<Output> {
  // Whoever read along may leave, and a disk may fill up: that is no reason for the emulator to end.
  process.stdout.on('error', ignore)
  process.stderr.on('error', ignore)
  const format = logFormat ?? (process.stdout.isTTY ? 'pretty' : 'json')
  const isSilent = logLevel === 'silent'
  const isSplit = format === 'json' && !isSilent
  const stream = isSplit ? process.stderr : process.stdout
  const print = (line: string): void => void stream.write(`${line}\n`)
  const rest = { isTerminal: stream.isTTY, isSplit, print }
  if (isSilent) return { log: undefined, flush: ignore, ...rest }
  const destination = format === 'pretty' ? await prettyDestination() : jsonDestination(logLevel)
  return { log: createLog(logLevel, destination), flush: () => destination.flushSync?.(), ...rest }
}

function ignore(): void {
  // There is nobody to tell.
}

type Destination = DestinationStream & { readonly flushSync?: () => void }

function createLog(level: string, destination: DestinationStream): Logger {
  const formatters = { level: (label: string) => ({ level: label }) }
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters }, destination)
}

/** Lines are written together, at the latest after a second; whoever debugs wants each at once. */
function jsonDestination(level: string): Destination {
  const isSync = level === 'debug' || level === 'trace'
  const buffering = { sync: false, minLength: BUFFER_BYTES, periodicFlush: FLUSH_EVERY_MS }
  const destination = pino.destination({ dest: 1, ...(isSync ? { sync: true } : buffering) })
  // As pino does where the reader has left: to write once more would fail again, and the last flush without end.
  return destination.on('error', () => Object.assign(destination, { write: ignore, flushSync: ignore, end: ignore }))
}

async function prettyDestination(): Promise<Destination> {
  const { default: pretty } = await import('pino-pretty')
  const colorize = process.stdout.isTTY && !process.env.NO_COLOR
  return pretty({ colorize, sync: true, singleLine: true, translateTime: 'SYS:HH:MM:ss.l' })
}
