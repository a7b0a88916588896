import builder, { type Builder } from 'junit-report-builder'
import type { SweepReport, SweepResult } from '../../sweep/report.ts'

/** A report as JUnit XML: a test case for each case; what the baseline knows is skipped. */
export function junitText({ results }: SweepReport, repeat: (name: string) => string): string {
  // Its types speak of an ES module, which it is not.
  const report = (builder as unknown as Builder).newBuilder()
  const suite = report.testSuite().name('cckm-emulator sweep')
  for (const result of results) {
    const { name, verdict, durationMs, isKnown } = result
    const testCase = suite
      .testCase()
      .className(name.slice(0, name.lastIndexOf('#')))
      .name(name)
      .time(durationMs / 1000)
    if (verdict === 'survived') continue
    if (isKnown) testCase.skipped()
    else testCase.error(messageOf(result), verdict, `${repeat(name)}\n${result.output}`)
  }
  return report.build()
}

function messageOf({ verdict, fault }: SweepResult): string {
  return `${verdict} under ${JSON.stringify(fault)}`
}
