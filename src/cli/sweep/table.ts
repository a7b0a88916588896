import { isNewFailure, type SweepReport, type SweepResult } from '../../sweep/report.ts'
import { SWEEP_VERDICTS, type SweepVerdict } from '../../sweep/verdicts.ts'
import { columns, counted } from '../client/text.ts'
import { excerptOf } from './excerpt.ts'

/** The request and the fault in the name of a case. */
function partsOf({ name }: SweepResult): { request: string; fault: string } {
  const at = name.lastIndexOf(':')
  return { request: name.slice(0, at), fault: name.slice(at + 1) }
}

/** A row for each request, a column for each fault. */
export function verdictTable(results: readonly SweepResult[], failOn?: readonly SweepVerdict[]): string {
  const parts = results.map((result) => ({ result, ...partsOf(result) }))
  const faults = [...new Set(parts.map(({ fault }) => fault))]
  const requests = [...new Set(parts.map(({ request }) => request))]
  const rows = requests.map((request) => [
    request,
    ...faults.map((fault) =>
      cellOf(parts.find((each) => each.request === request && each.fault === fault)?.result, failOn),
    ),
  ])
  return columns([['request', ...faults], ...rows])
}

/** In capitals if it fails the sweep. */
function cellOf(result: SweepResult | undefined, failOn: readonly SweepVerdict[] | undefined): string {
  if (result === undefined) return ''
  const { verdict, isKnown } = result
  if (isNewFailure(result, failOn)) return verdict.toUpperCase()
  return isKnown ? `${verdict} (known)` : verdict
}

/** A report as text. */
export function reportText(report: SweepReport, repeat: (name: string) => string): string {
  const { results, planned, fixed, failOn } = report
  const shown = results.filter(({ verdict, isKnown }) => verdict !== 'survived' && !isKnown)
  const counts = SWEEP_VERDICTS.toReversed()
    .map((verdict) => ({ verdict, count: results.filter((result) => result.verdict === verdict).length }))
    .filter(({ count }) => count > 0)
    .map(({ verdict, count }) => `${count} ${verdict}`)
  const untried = planned - results.length
  const isAllKnown = shown.length === 0 && results.some(({ isKnown }) => isKnown)
  return [
    ...tables(results, failOn),
    ...[...Map.groupBy(shown, likenessOf).values()].map((group) => groupText(group, repeat)),
    ...fixed.map((name) => `${name} survives now: remove it from the baseline`),
    `${counted(report.requests, 'request')}, ${counted(planned, 'case')}: ${counts.join(', ') || 'none tried'}` +
      (untried > 0 ? `; ${untried} not tried` : '') +
      (isAllKnown ? '; the baseline lists all that did not survive' : ''),
  ].join('\n\n')
}

/** Requests and faults, and the endings of jobs on their own: they have other columns. */
function tables(results: readonly SweepResult[], failOn: readonly SweepVerdict[]): string[] {
  const withFault = results.filter(({ fault }) => fault !== undefined)
  const others = results.filter(({ fault }) => fault === undefined)
  return [withFault, others].filter((part) => part.length > 0).map((part) => verdictTable(part, failOn))
}

/** Why a run with one of these verdicts ended is in its output. */
const EXPLAINED_BY_OUTPUT: readonly SweepVerdict[] = ['hung', 'gave-up', 'failed']

/** Equal for results that fail alike, whatever the ids, times and numbers in the output. */
function likenessOf({ verdict, reason, output }: SweepResult): string {
  return [verdict, reason, EXPLAINED_BY_OUTPUT.includes(verdict) ? output : '']
    .join('\n')
    .replaceAll(/[0-9a-f]{8,}|\d+/gi, '#')
}

/** Results that fail alike: each with its rule, and once why. Ids and numbers may differ, so it says whose these are. */
function groupText(group: readonly SweepResult[], repeat: (name: string) => string): string {
  const [first] = group
  const { also = [], reason = '', output = '' } = first ?? {}
  const note = (isEqual: boolean): string => (isEqual ? '' : ' (of the first)')
  const whyNote = note(group.every((each) => each.reason === reason))
  const outputNote = note(group.every((each) => each.output === output))
  const each = group.flatMap(({ name, verdict, fault, nextJob }) => [
    `${name}: ${verdict}`,
    `  rule:   ${JSON.stringify(fault ?? nextJob)}`,
    `  repeat: ${repeat(name)}`,
  ])
  return [
    ...each,
    ...(also.length === 0 ? [] : [`  also:   ${also.join(', ')}`]),
    ...reason.split('\n').flatMap((line) => (line === '' ? [] : [`  why${whyNote}:    ${line}`])),
    ...(output === '' ? [] : [`  output${outputNote}:`, ...excerptOf(output).map((line) => `    ${line}`)]),
  ].join('\n')
}
