import { describe, expect, it } from 'vitest'
import { repeatCommand } from '../../src/cli/sweep/flags.ts'
import { junitText } from '../../src/cli/sweep/junit.ts'
import { reportText, verdictTable } from '../../src/cli/sweep/table.ts'
import { baselineAfter, fixedOf, hasNewFailure, isKnown } from '../../src/sweep/report.ts'
import { DEFAULT_FAIL_ON } from '../../src/sweep/verdicts.ts'
import type { BaselineEntry, SweepResult, SweepVerdict } from '../../src/index.ts'

const result = (name: string, verdict: SweepVerdict, more: Partial<SweepResult> = {}): SweepResult => ({
  name,
  fault: { on: { operation: 'azure.bulkjobs.get', nth: 2 }, do: { socket: 'reset' } },
  verdict,
  also: [],
  reason: '',
  isKnown: false,
  durationMs: 1500,
  output: verdict === 'survived' ? '' : 'first\nlast ]]> <b>',
  ...more,
})
const RESULTS = [
  result('get#1:500', 'survived'),
  result('get#1:reset', 'failed'),
  result('get#2:500', 'hung', { isKnown: true }),
  result('get#2:reset', 'missed', { reason: 'the run did not make that request' }),
]
const report = (results: readonly SweepResult[], planned = results.length) => ({
  requests: 2,
  planned,
  timeLimitMs: 10_000,
  failOn: DEFAULT_FAIL_ON,
  results,
  fixed: [],
})
const repeat = (name: string) => `again ${name}`

describe('the report of a sweep', () => {
  it('has a row for each request and a column for each fault', () => {
    const lines = verdictTable(RESULTS)
      .split('\n')
      .map((line) => line.replaceAll(/\s+/g, ' ').trim())
    expect(lines).toContain('request 500 reset')
    expect(lines).toContain('get#1 survived FAILED')
    expect(lines).toContain('get#2 hung (known) missed')
  })

  it('shows rule, command and output of new failures', () => {
    const text = reportText(report(RESULTS, 6), repeat)
    expect(text).toContain(
      'get#1:reset: failed\n  rule:   {"on":{"operation":"azure.bulkjobs.get","nth":2},"do":{"socket":"reset"}}\n' +
        '  repeat: again get#1:reset\n  output:\n    first\n    last ]]> <b>',
    )
    expect(text).toMatch(/get#2:reset: missed\n.*rule.*\n.*repeat.*\n {2}why: {4}the run did not make that request/)
    expect(text).not.toContain('again get#2:500')
    expect(text).toContain('2 requests, 6 cases: 1 survived, 1 failed, 1 hung, 1 missed; 2 not tried')
  })

  it('shows failures of one kind once, with the rule of each, and the reason in a long output', () => {
    const output = (id: string) =>
      [
        'start',
        'two',
        'three',
        'four',
        'five',
        `AssertionError: key ${id}`,
        ...Array.from({ length: 30 }, () => 'stack'),
      ].join('\n')
    const text = reportText(
      report([
        result('get#1:500', 'failed', { reason: 'exit code 1', output: output('0badcafe') }),
        result('get#2:500', 'failed', { reason: 'exit code 1', output: output('1badcafe') }),
        result('get#3:500', 'doubled', { also: ['rude'], reason: '2 jobs\nhammered', output: '' }),
      ]),
      repeat,
    )
    expect(text).toMatch(
      /get#1:500: failed\n.*\n.*again get#1:500\nget#2:500: failed\n.*\n.*again get#2:500\n {2}why: +exit code 1\n {2}output \(of the first\):\n/,
    )
    expect(text.match(/AssertionError: key/g)).toHaveLength(1)
    expect(text.match(/ {4}stack/g)).toHaveLength(15)
    expect(text).toContain('    four\n    ...\n    AssertionError')
    expect(text).toContain('  also:   rude\n  why:    2 jobs\n  why:    hammered')
  })

  it('says whose reason it shows, if failures that are alike differ in a number', () => {
    const wentOn = (status: number) => ({ reason: `went on after 1 -> ${status}`, output: '' })
    const text = reportText(
      report([result('get#1:500', 'unnoticed', wentOn(500)), result('get#1:503', 'unnoticed', wentOn(503))]),
      repeat,
    )
    expect(text).toContain('  why (of the first):    went on after 1 -> 500')
    expect(text).not.toContain('-> 503')
  })

  it('has a table of its own for endings, and follows the verdicts that fail the sweep', () => {
    const results = [
      result('get#1:500', 'rude'),
      result('outcome:failure', 'deceived', { nextJob: { scenario: 'failure' } }),
    ].map(({ fault, ...each }) => ({ ...each, ...(each.nextJob === undefined && { fault }) }))
    const text = reportText({ ...report(results), failOn: ['deceived'] }, repeat)
    expect(text).toMatch(/^request +500\nget#1 +rude\n\nrequest +failure\noutcome +DECEIVED\n/)
    expect(text).toContain('rule:   {"scenario":"failure"}')
    expect(junitText({ results, failOn: ['deceived'] }, repeat)).toMatch(/classname="outcome" name="outcome:failure"/)
    expect(hasNewFailure({ results, failOn: ['failed'] })).toBe(false)
  })

  it('has a test case for each case in JUnit format', () => {
    const xml = junitText(report(RESULTS), repeat)
    expect(xml).toContain('<testsuite name="cckm-emulator sweep" tests="4" failures="0" errors="1" skipped="2">')
    expect(xml).toContain('<testcase classname="get" name="get#1:500" time="1.5"/>')
    expect(xml).toMatch(/name="get#1:reset"[^>]*>\s*<error message="failed under \{&quot;on&quot;[^>]* type="failed">/)
    expect(xml).toContain('again get#1:reset')
    expect(xml).not.toContain('last ]]> <b>')
  })
})

describe('a baseline', () => {
  const baseline: BaselineEntry[] = [
    { name: 'get#1:500', verdict: 'failed' },
    { name: 'get#2:500', verdict: 'hung' },
    { name: 'get#9:500', verdict: 'failed' },
  ]

  it('recognizes a case by its name and verdict', () => {
    expect(isKnown({ name: 'get#2:500', verdict: 'hung' }, baseline)).toBe(true)
    expect(isKnown({ name: 'get#2:500', verdict: 'failed' }, baseline)).toBe(false)
    expect(hasNewFailure({ results: RESULTS })).toBe(true)
    expect(hasNewFailure({ results: RESULTS.map((each) => ({ ...each, isKnown: true })) })).toBe(false)
    expect(hasNewFailure({ results: [] })).toBe(false)
  })

  it('adds the results, and keeps cases that were not tried', () => {
    expect(fixedOf(RESULTS, baseline)).toEqual(['get#1:500'])
    expect(baselineAfter(RESULTS, baseline)).toEqual([
      { name: 'get#1:reset', verdict: 'failed' },
      { name: 'get#2:500', verdict: 'hung' },
      { name: 'get#2:reset', verdict: 'missed' },
      { name: 'get#9:500', verdict: 'failed' },
    ])
  })
})

describe('the command that repeats a case', () => {
  it('repeats the flags that affect a run, quoted for a shell', () => {
    const words = ['sh', '-c', `echo "it's" --only x`]
    const own = ['--clock', 'frozen', '--only=a', '--only', 'b', '--parallel', '4', '--junit', 'f', '--update-baseline']
    expect(repeatCommand('a/get#2:reset', [...own, '--baseline', 'g', '--', ...words], words)).toBe(
      `cckm-emulator sweep --only 'a/get#2:reset' --clock frozen -- sh -c 'echo "it'\\''s" --only x'`,
    )
  })
})
