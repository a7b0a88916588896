import type { Logger } from 'pino'
import type { Config } from '../config/config.ts'
import { LogWriter, type LogStream } from './log-writer.ts'

/** Where the lines for people and the log go, so that neither garbles the other. */
export interface Output {
  readonly log: Logger | undefined
  /** Whether somebody reads the printed lines on a terminal. */
  readonly isTerminal: boolean
  /** The log is for machines, so whatever people are told has to be in it too. */
  readonly isSplit: boolean
  readonly print: (line: string) => void
  /** Writes what the log still holds back. False if nobody takes it, so that a process would have to wait to end. */
  readonly flush: () => Promise<boolean>
}

/**
 * A JSON log has stdout to itself, so that it can be piped into anything that reads JSON lines; people are then told
 * on stderr. Otherwise both are for people, and share stdout; or the stream for the log that is given in its place.
 */
export async function openOutput(
  { logLevel, logFormat }: Config,
  to: NodeJS.WriteStream = process.stdout,
): Promise<Output> {
  const format = logFormat ?? (to.isTTY ? 'pretty' : 'json')
  const isSilent = logLevel === 'silent'
  const isSplit = format === 'json' && !isSilent
  const stream = isSplit ? process.stderr : to
  const print = (line: string): void => void stream.write(`${line}\n`)
  const rest = { isTerminal: stream.isTTY, isSplit, print }
  if (isSilent) return { log: undefined, flush: () => Promise.resolve(true), ...rest }
  const { pino } = await import('pino')
  const isImmediate = format === 'pretty' || logLevel === 'debug' || logLevel === 'trace'
  const writer = new LogWriter(to, {
    isImmediate,
    onRecovered: (dropped) => {
      log.warn({ dropped }, 'lines were dropped: the log was not read')
    },
  })
  const render = format === 'pretty' ? await prettyRenderer(to) : (line: string) => line
  const formatters = { level: (label: string) => ({ level: label }) }
  const log: Logger = pino(
    { level: logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters },
    {
      write: (line) => {
        writer.write(render(line))
      },
    },
  )
  return { log, flush: () => writer.flush(), ...rest }
}

async function prettyRenderer({ isTTY }: LogStream): Promise<(line: string) => string> {
  const { prettyFactory } = await import('pino-pretty')
  const colorize = isTTY && !process.env.NO_COLOR
  return prettyFactory({ colorize, singleLine: true, translateTime: 'SYS:HH:MM:ss.l' })
}
