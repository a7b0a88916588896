import { setTimeout as sleep } from 'node:timers/promises'

/** Stdout or stderr, as far as a log needs it. */
export type LogStream = Pick<NodeJS.WriteStream, 'write' | 'writableLength' | 'isTTY'>

interface LogWriterOptions {
  /** Whether each line is written at once; else lines are written together, after a second at the latest. */
  readonly isImmediate: boolean
  /** Called when the reader takes lines again, with the number of those that it will not see. */
  readonly onRecovered: (dropped: number) => void
}

const BUFFER_CHARACTERS = 8192
const BUFFER_MS = 1000
/** What waits for a reader at most, in bytes; further lines are dropped. */
const MAX_WAITING_BYTES = 1024 * 1024
/** A reader that takes nothing for so long has stalled. */
const STALL_MS = 200

/** Writes a log and never waits for its reader: a pipe that is full, or a terminal that is held, stops no request. */
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

  /** Writes what is held back, and waits as long as the reader takes it. False if it has stalled. */
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
    // A disk that is full may have room again.
    else this.#dropped += text.split('\n').length - 1
  }

  #recover(): void {
    if (this.#dropped === 0 || this.#stream.writableLength > 0) return
    const dropped = this.#dropped
    this.#dropped = 0
    this.#options.onRecovered(dropped)
  }
}

/** Node makes writes to a terminal wait for it, so that none is lost when a process exits: here `flush` sees to that. */
function unblock(stream: LogStream): void {
  const { _handle: handle } = stream as { _handle?: { setBlocking?: (isBlocking: boolean) => void } }
  handle?.setBlocking?.(false)
}
