import { hasNewFailure, type SweepReport, type SweepResult } from '../../sweep/report.ts'
import { columns, counted } from '../client/text.ts'

/** The request and the fault in the name of a case. */
function partsOf({ name }: SweepResult): { request: string; fault: string } {
  const at = name.lastIndexOf(':')
  return { request: name.slice(0, at), fault: name.slice(at + 1) }
}

/** A row for each request, a column for each fault. */
export function verdictTable(results: readonly SweepResult[]): string {
  const parts = results.map((result) => ({ result, ...partsOf(result) }))
  const faults = [...new Set(parts.map(({ fault }) => fault))]
  const requests = [...new Set(parts.map(({ request }) => request))]
  const rows = requests.map((request) => [
    request,
    ...faults.map((fault) => cellOf(parts.find((each) => each.request === request && each.fault === fault)?.result)),
  ])
  return columns([['request', ...faults], ...rows])
}

function cellOf(result: SweepResult | undefined): string {
  if (result === undefined) return ''
  if (result.verdict === 'survived') return 'survived'
  return result.isKnown ? `${result.verdict} (known)` : result.verdict.toUpperCase()
}

/** Lines of a run's output that the report shows. */
const MAX_OUTPUT_LINES = 20

/** A report as text. */
export function reportText(report: SweepReport, repeat: (name: string) => string): string {
  const { results, planned, fixed } = report
  const bad = results.filter(({ verdict, isKnown }) => verdict !== 'survived' && !isKnown)
  const counts = (['survived', 'failed', 'hung', 'missed'] as const)
    .map((verdict) => ({ verdict, count: results.filter((result) => result.verdict === verdict).length }))
    .filter(({ count }) => count > 0)
    .map(({ verdict, count }) => `${count} ${verdict}`)
  const untried = planned - results.length
  return [
    ...(results.length === 0 ? [] : [verdictTable(results)]),
    ...bad.map((result) => failureText(result, repeat(result.name))),
    ...fixed.map((name) => `${name} survives now: remove it from the baseline`),
    `${counted(report.requests, 'request')}, ${counted(planned, 'case')}: ${counts.join(', ') || 'none tried'}` +
      (untried > 0 ? `; ${untried} not tried` : '') +
      (hasNewFailure(report) || bad.length > 0 || results.every(({ isKnown }) => !isKnown)
        ? ''
        : '; the baseline lists all that did not survive'),
  ].join('\n\n')
}

function failureText({ name, verdict, fault, output }: SweepResult, repeat: string): string {
  const lines = output
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-MAX_OUTPUT_LINES)
  const why = verdict === 'missed' ? ['the run did not make that request this time, so the fault was not tried'] : []
  return [
    `${name}: ${verdict}`,
    ...why,
    `  rule:   ${JSON.stringify(fault)}`,
    `  repeat: ${repeat}`,
    ...(output === '' ? [] : ['  output:', ...lines.map((line) => `    ${line}`)]),
  ].join('\n')
}
