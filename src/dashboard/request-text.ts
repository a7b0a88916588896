import type { RequestAnswer } from '../client/answers/requests.ts'
import { instantOf, shownDuration, type Instant } from './instants.ts'

/** How a job was polled, for people: how often, how long ago in real time, at which intervals and by which clients. */
export function pollText(requests: readonly RequestAnswer[], realNow: Instant): string {
  const polls = requests.filter(({ operation }) => operation.endsWith('.get'))
  const times = polls.map(({ realAt }) => instantOf(realAt))
  const last = times.at(-1)
  if (last === undefined) return 'No client has polled this job.'
  const intervals = times.slice(1).map((at, index) => at - (times[index] ?? at))
  const clients = [...new Set(polls.flatMap(({ headers }) => headers['user-agent'] ?? []))]
  return [
    `Polled ${polls.length === 1 ? 'once' : `${polls.length} times`}`,
    `last ${shownDuration(Math.max(0, realNow - last))} ago`,
    ...(intervals.length === 0 ? [] : [`about every ${shownDuration(medianOf(intervals))}`]),
    ...(clients.length === 0 ? [] : [`by ${clients.join(', ')}`]),
  ].join(', ')
}

function medianOf(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

/** The status of a request's response. */
export function statusText({ status, durationMs }: Pick<RequestAnswer, 'status' | 'durationMs'>): string {
  if (status !== null) return String(status)
  return durationMs === null ? 'in progress' : 'no response'
}

/** A request as a command of curl. The token is a variable: the journal does not keep it. */
export function curlOf({ method, path, query, body }: RequestAnswer, origin: string): string {
  const pairs = Object.entries(query).flatMap(([key, value]) =>
    [value].flat().map((each): [string, string] => [key, each]),
  )
  const search = new URLSearchParams(pairs).toString()
  const words = [
    'curl -k',
    ...(method === 'GET' ? [] : [`-X ${method}`]),
    quoted(`${origin}${path}${search === '' ? '' : `?${search}`}`),
    '-H "Authorization: Bearer $TOKEN"',
    ...(body === null ? [] : ["-H 'Content-Type: application/json'", `-d ${quoted(textOf(body))}`]),
  ]
  return words.join(' ')
}

function textOf(body: unknown): string {
  return typeof body === 'string' ? body : JSON.stringify(body)
}

/** For a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
