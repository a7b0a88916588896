import type { RequestNewsShape, RequestShape } from '../index.ts'

/** A request in one line: when by the domain's clock, what, and what became of it. */
export function requestLine(request: RequestNewsShape & Partial<Pick<RequestShape, 'fault'>>): string {
  const { at, operation, method, path, status, durationMs, fault } = request
  const outcome = status ?? (durationMs === null ? 'under way' : 'no answer')
  const ordered = fault === undefined ? '' : ', by a fault'
  return `${at}  ${method} ${path} -> ${outcome}${ordered}  (${operation})`
}

export function indented(lines: readonly string[]): string {
  return lines.map((line) => `\n  ${line}`).join('')
}
