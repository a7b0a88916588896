import type { RequestNewsAnswer, RequestAnswer } from '../client/answers/requests.ts'

type Line = RequestNewsAnswer & Partial<Pick<RequestAnswer, 'fault' | 'jobStatus'>>

/** A request in one line: its time by the domain's clock, method, path, status and, if its response showed one, the job's status. */
export function requestLine(request: Line): string {
  return `${request.at}  ${textWithoutTime(request)}`
}

function textWithoutTime({ operation, method, path, status, durationMs, fault, jobStatus }: Line): string {
  const outcome = status ?? (durationMs === null ? 'in flight' : 'no response')
  const shown = jobStatus === undefined ? '' : ` ${jobStatus}`
  const ordered = fault === undefined ? '' : ', by a fault'
  return `${method} ${path} -> ${outcome}${shown}${ordered}  (${operation})`
}

/** A line for consecutive equal requests, with their number and interval. */
interface FoldedLine {
  readonly text: string
  readonly requests: number
}

export function requestLines(requests: readonly RequestAnswer[]): FoldedLine[] {
  const runs: RequestAnswer[][] = []
  for (const request of requests) {
    const run = runs.at(-1)
    if (run?.[0] !== undefined && textWithoutTime(run[0]) === textWithoutTime(request)) run.push(request)
    else runs.push([request])
  }
  return runs.map((run) => ({ text: run.slice(0, 1).map(requestLine).join('') + repeats(run), requests: run.length }))
}

function repeats(run: readonly RequestAnswer[]): string {
  if (run.length < 2) return ''
  const times = run.map(({ realAt }) => Date.parse(realAt))
  const pauses = times.slice(1).map((time, index) => time - (times[index] ?? time))
  const [middle = 0] = pauses.sort((a, b) => a - b).slice(Math.floor(pauses.length / 2))
  return `  (x${run.length}, every ${realTime(middle)})`
}

/** A readable duration in real time: `53 ms`, `2.4 s`. */
export function realTime(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`
}

export function indented(lines: readonly string[]): string {
  return lines.map((line) => `\n  ${line}`).join('')
}
