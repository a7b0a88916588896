/** The part of a stream that a status line needs. */
interface Terminal {
  readonly isTTY: boolean
  readonly write: (text: string) => unknown
}

/** A line on a terminal that each update overwrites. Writes nothing if the stream is not a terminal. */
export function statusLine(stream: Terminal = process.stderr): {
  readonly show: (text: string) => void
  readonly clear: () => void
} {
  let isShown = false
  const write = (text: string): void => {
    if (stream.isTTY) stream.write(`${CLEAR_LINE}${text}`)
    isShown = text !== ''
  }
  return {
    show: write,
    clear: () => {
      if (isShown) write('')
    },
  }
}

interface Progress {
  readonly onSeedProgress: ((jobs: number) => void) | undefined
  /** Clears the line. */
  readonly end: () => void
}

const CLEAR_LINE = '\r\u001B[K'

/** Shows the progress of a large seed, on a terminal only. */
export function seedProgress(stream: Terminal = process.stderr): Progress {
  if (!stream.isTTY) return { onSeedProgress: undefined, end: () => undefined }
  const line = statusLine(stream)
  return {
    onSeedProgress: (jobs) => {
      line.show(`seeding: ${jobs.toLocaleString('en')} jobs`)
    },
    end: line.clear,
  }
}
