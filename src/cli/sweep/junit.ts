import type { SweepReport, SweepResult } from '../../sweep/report.ts'

/** A report as JUnit XML: one test case for each case of the sweep. A case that the baseline lists counts as skipped. */
export function junitText({ results }: SweepReport, repeat: (name: string) => string): string {
  const bad = results.filter(({ verdict }) => verdict !== 'survived')
  const skipped = bad.filter(({ isKnown }) => isKnown).length
  const counts = `tests="${results.length}" failures="0" errors="${bad.length - skipped}" skipped="${skipped}"`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `<testsuite name="cckm-emulator sweep" ${counts}>`,
    ...results.map((result) => caseText(result, repeat(result.name))),
    '</testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

function caseText({ name, verdict, fault, durationMs, isKnown, output }: SweepResult, repeat: string): string {
  const className = name.slice(0, name.lastIndexOf('#'))
  const start = `<testcase classname="${escaped(className)}" name="${escaped(name)}" time="${durationMs / 1000}"`
  if (verdict === 'survived') return `${start}/>`
  if (isKnown) return `${start}><skipped/></testcase>`
  const message = `${verdict} under ${JSON.stringify(fault)}`
  const error = `<error message="${escaped(message)}" type="${verdict}">${escaped(`${repeat}\n${output}`)}</error>`
  return `${start}>${error}</testcase>`
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Escapes text for XML 1.0, and removes control characters, which XML 1.0 cannot represent. */
function escaped(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]/gu, '').replace(/[&<>"]/g, (character) => ENTITIES[character] ?? '')
}
