import { isNewFailure, type SweepReport, type SweepResult } from '../../sweep/report.ts'

/**
 * A report as JUnit XML: one test case for each case of the sweep. A case is skipped if it did not survive and does not fail
 * the sweep.
 */
export function junitText(
  { results, failOn }: Pick<SweepReport, 'results' | 'failOn'>,
  repeat: (name: string) => string,
): string {
  const errors = results.filter((result) => isNewFailure(result, failOn))
  const skipped = results.filter((result) => result.verdict !== 'survived' && !errors.includes(result))
  const counts = `tests="${results.length}" failures="0" errors="${errors.length}" skipped="${skipped.length}"`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `<testsuite name="cckm-emulator sweep" ${counts}>`,
    ...results.map((result) => caseText(result, errors.includes(result) ? repeat(result.name) : undefined)),
    '</testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

function caseText(result: SweepResult, repeat: string | undefined): string {
  const { name, verdict, fault, nextJob, durationMs, reason, output } = result
  const at = name.lastIndexOf('#')
  const className = at === -1 ? name.slice(0, name.lastIndexOf(':')) : name.slice(0, at)
  const start = `<testcase classname="${escaped(className)}" name="${escaped(name)}" time="${durationMs / 1000}"`
  if (verdict === 'survived') return `${start}/>`
  if (repeat === undefined) return `${start}><skipped/></testcase>`
  const message = `${verdict} under ${JSON.stringify(fault ?? nextJob)}`
  const body = [repeat, reason, output].filter((text) => text !== '').join('\n')
  return `${start}><error message="${escaped(message)}" type="${verdict}">${escaped(body)}</error></testcase>`
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Escapes text for XML 1.0, and removes control characters, which XML 1.0 cannot represent. */
function escaped(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]/gu, '').replace(/[&<>"]/g, (character) => ENTITIES[character] ?? '')
}
