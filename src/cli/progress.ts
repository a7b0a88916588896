/** As much of a stream as is needed. */
interface Terminal {
  readonly isTTY: boolean
  readonly write: (text: string) => unknown
}

interface Progress {
  readonly onSeedProgress: ((jobs: number) => void) | undefined
  /** Takes the line away again. */
  readonly end: () => void
}

const CLEAR_LINE = '\r\u001B[K'

/** One line on a terminal that is written over while a large seed goes in; elsewhere nothing. */
export function seedProgress(stream: Terminal = process.stderr): Progress {
  if (!stream.isTTY) return { onSeedProgress: undefined, end: () => undefined }
  let isShown = false
  return {
    onSeedProgress: (jobs) => {
      isShown = true
      stream.write(`${CLEAR_LINE}seeding: ${jobs.toLocaleString('en')} jobs`)
    },
    end: () => {
      if (isShown) stream.write(CLEAR_LINE)
      isShown = false
    },
  }
}
