import { setTimeout as sleep } from 'node:timers/promises'

/** The part of stdout or stderr that a log uses. */
export type LogStream = Pick<NodeJS.WriteStream, 'write' | 'writableLength' | 'isTTY'>

interface LogWriterOptions {
  /** Whether to write each line at once; otherwise lines are written together, within a second. */
  readonly isImmediate: boolean
  /** Called when the log is read again, with the number of dropped lines. */
  readonly onRecovered: (dropped: number) => void
}

const BUFFER_CHARACTERS = 8192
const BUFFER_MS = 1000
/** The maximum number of bytes that wait to be read; further lines are dropped. */
const MAX_WAITING_BYTES = 1024 * 1024
/** A reader that reads nothing for this long has stalled. */
const STALL_MS = 200

/** Writes a log and never waits for its reader: a full pipe or a paused terminal must not delay requests. */
export class LogWriter {
  readonly #stream: LogStream
  readonly #options: LogWriterOptions
  #buffer = ''
  #timer: NodeJS.Timeout | undefined
  #dropped = 0
  #isReaderGone = false

  constructor(stream: LogStream, options: LogWriterOptions) {
    this.#stream = stream
    this.#options = options
    if (stream.isTTY) unblock(stream)
  }

  write(line: string): void {
    if (this.#isReaderGone) return
    if (this.#stream.writableLength + this.#buffer.length > MAX_WAITING_BYTES) {
      this.#dropped += 1
      return
    }
    this.#buffer += line
    if (this.#options.isImmediate || this.#buffer.length >= BUFFER_CHARACTERS) this.#send()
    else
      this.#timer ??= setTimeout(() => {
        this.#send()
      }, BUFFER_MS).unref()
  }

  /** Writes the buffer, and waits until all is read. False if the reader has stalled. */
  async flush(): Promise<boolean> {
    this.#send()
    const isWritten = new Promise<boolean>((resolve) => {
      this.#stream.write('', () => {
        resolve(true)
      })
    })
    for (let waiting = this.#stream.writableLength; waiting > 0; waiting = this.#stream.writableLength) {
      if (await Promise.race([isWritten, sleep(STALL_MS, false)])) return true
      if (this.#stream.writableLength >= waiting) return false
    }
    return true
  }

  #send(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const text = this.#buffer
    this.#buffer = ''
    if (text === '') return
    this.#stream.write(text, (error) => {
      if (error) this.#fail(error, text)
      else this.#recover()
    })
  }

  #fail(error: Error, text: string): void {
    if ('code' in error && error.code === 'EPIPE') this.#isReaderGone = true
    // A full disk may have space again later.
    else this.#dropped += text.split('\n').length - 1
  }

  #recover(): void {
    if (this.#dropped === 0 || this.#stream.writableLength > 0) return
    const dropped = this.#dropped
    this.#dropped = 0
    this.#options.onRecovered(dropped)
  }
}

/** By default Node blocks on writes to a terminal, so that none is lost when the process exits; here `flush` ensures that. */
function unblock(stream: LogStream): void {
  const { _handle: handle } = stream as { _handle?: { setBlocking?: (isBlocking: boolean) => void } }
  handle?.setBlocking?.(false)
}
