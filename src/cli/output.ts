import type { Logger } from 'pino'
import type { Config } from '../config/config.ts'
import { LogWriter, type LogStream } from './log-writer.ts'

/** The streams of the printed lines and of the log, chosen so that they do not mix. */
export interface Output {
  readonly log: Logger | undefined
  /** Whether the printed lines go to a terminal. */
  readonly isTerminal: boolean
  /** True for a JSON log: important lines are then logged as well as printed. */
  readonly isSplit: boolean
  readonly print: (line: string) => void
  /** Writes the buffer of the log. False if the log is not read, so that the process would wait for its reader at exit. */
  readonly flush: () => Promise<boolean>
}

/**
 * A JSON log goes to stdout alone, so that it can be piped into a reader of JSON lines; printed lines then go to stderr. A
 * pretty log shares stdout with the printed lines. `to` replaces stdout.
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
