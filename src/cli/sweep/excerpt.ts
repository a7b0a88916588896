/** Lines of a run's output that the report shows: of its start, around the first that reads like a reason, of its end. */
const HEAD_LINES = 4
const REASON_LINES = 6
const TAIL_LINES = 10

/** Starts a line that says why a program failed, in the output of the usual test runners, shells and languages. */
const REASON = /\b(\w*Error|\w*Exception|fail(ed|ure)?|fatal|panic|expected|refused)\b/i

/** The lines of an output that matter, in order; gaps are marked. */
export function excerptOf(output: string): string[] {
  const lines = output.split('\n').filter((line) => line.trim() !== '')
  const reason = lines.findIndex((line) => REASON.test(line))
  const isShown = (index: number): boolean =>
    index < HEAD_LINES ||
    index >= lines.length - TAIL_LINES ||
    (reason !== -1 && index >= reason && index < reason + REASON_LINES)
  return lines.flatMap((line, index) => {
    if (isShown(index)) return [line]
    return isShown(index - 1) ? ['...'] : []
  })
}
