import { Writable } from 'node:stream'
import { pino, type Logger } from 'pino'

export interface ListeningLog {
  readonly log: Logger
  /** Resolves with the first line that contains the text, and removes the lines up to it. */
  readonly line: (text: string) => Promise<string>
  /** The lines that no call of `line` has removed. */
  readonly lines: readonly string[]
}

/** A log whose lines a test can wait for. */
export function listeningLog(): ListeningLog {
  const lines: string[] = []
  const waiting = new Set<() => void>()
  const sink = new Writable({
    write: (line: Buffer, _encoding, done) => {
      lines.push(line.toString())
      for (const look of waiting) look()
      done()
    },
  })
  const line = (text: string) =>
    new Promise<string>((resolve) => {
      const look = (): void => {
        const at = lines.findIndex((each) => each.includes(text))
        if (at < 0) return
        waiting.delete(look)
        resolve(lines.splice(0, at + 1).at(-1) ?? '')
      }
      waiting.add(look)
      look()
    })
  return { log: pino({ level: 'info' }, sink), line, lines }
}
