import type { DestinationStream, Logger } from 'pino'
import type { Config } from '../config.ts'
import { outliveReader } from './print.ts'

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

/** Stdout, or stderr. */
type Stream = NodeJS.WriteStream & { readonly fd: number }

const FLUSH_EVERY_MS = 1000
const BUFFER_BYTES = 8192

/**
 * A JSON log has stdout to itself, so that it can be piped into anything that reads JSON lines; people are then told
 * on stderr. Otherwise both are for people, and share stdout; or the stream for the log that is given in its place.
 */
export async function openOutput({ logLevel, logFormat }: Config, to: Stream = process.stdout): Promise<Output> {
  outliveReader(process.stdout)
  outliveReader(process.stderr)
  const format = logFormat ?? (to.isTTY ? 'pretty' : 'json')
  const isSilent = logLevel === 'silent'
  const isSplit = format === 'json' && !isSilent
  const stream = isSplit ? process.stderr : to
  const print = (line: string): void => void stream.write(`${line}\n`)
  const rest = { isTerminal: stream.isTTY, isSplit, print }
  if (isSilent) return { log: undefined, flush: ignore, ...rest }
  const { pino } = await import('pino')
  const destination = format === 'pretty' ? await prettyDestination(to) : jsonDestination(to, { pino, level: logLevel })
  return { log: createLog(destination, { pino, level: logLevel }), flush: () => destination.flushSync?.(), ...rest }
}

function ignore(): void {
  // There is nobody to tell.
}

/** pino is loaded only where something is logged. */
interface Logging {
  readonly pino: typeof import('pino').pino
  readonly level: string
}

type Destination = DestinationStream & { readonly flushSync?: () => void }

function createLog(destination: DestinationStream, { pino, level }: Logging): Logger {
  const formatters = { level: (label: string) => ({ level: label }) }
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters }, destination)
}

/** Lines are written together, at the latest after a second; whoever debugs wants each at once. */
function jsonDestination({ fd }: Stream, { pino, level }: Logging): Destination {
  const isSync = level === 'debug' || level === 'trace'
  const buffering = { sync: false, minLength: BUFFER_BYTES, periodicFlush: FLUSH_EVERY_MS }
  const destination = pino.destination({ dest: fd, ...(isSync ? { sync: true } : buffering) })
  // As pino does where the reader has left: to write once more would fail again, and the last flush without end.
  return destination.on('error', () => Object.assign(destination, { write: ignore, flushSync: ignore, end: ignore }))
}

async function prettyDestination({ fd, isTTY }: Stream): Promise<Destination> {
  const { default: pretty } = await import('pino-pretty')
  const colorize = isTTY && !process.env.NO_COLOR
  return pretty({ destination: fd, colorize, sync: true, singleLine: true, translateTime: 'SYS:HH:MM:ss.l' })
}
