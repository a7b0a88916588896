import type { AdvanceRequest } from '../../client/handle.ts'
import type { FullClockAnswer } from '../../client/answers/domains.ts'
import type { AdvanceAnswer } from '../../client/answers/jobs.ts'
import { describeProblem, readConfig } from '../../config/config.ts'
import { StartError } from '../../errors.ts'
import { countOf, type ClientCommand } from './command.ts'
import type { ParsedArgs } from './parsed-args.ts'
import { columns, counted, paragraphs, section } from './text.ts'

const WAYS = 'DURATION, --to, --next or --until-job'

export const clockCommands: readonly ClientCommand[] = [
  {
    name: 'clock show',
    description: "show the domain's clock",
    examples: ['clock show'],
    run: async ({ domain }) => clockText(await domain.clock.read()),
  },
  {
    name: 'clock freeze',
    description: 'stop the clock',
    options: [
      { term: '--now <instant>', description: 'set it to this instant: 2026-01-01T00:00:00Z (default: no change)' },
    ],
    examples: ['clock freeze', 'clock freeze --now 2030-01-01T00:00:00Z'],
    run: async ({ domain }, { text }) => clockText(await domain.clock.freeze(text('now'))),
  },
  {
    name: 'clock run',
    description: 'let the clock run',
    options: [
      { term: '--rate <factor>', description: 'speed; at 60, one real second is a minute (default: no change)' },
    ],
    examples: ['clock run', 'clock run --rate 60'],
    run: async ({ domain }, parsed) => clockText(await domain.clock.run(rateOf(parsed))),
  },
  {
    name: 'clock step',
    description:
      'move the clock only when a running job is polled: each GET of the job moves it to its next transition',
    examples: ['clock step'],
    run: async ({ domain }) => clockText(await domain.clock.step()),
  },
  {
    name: 'clock auto',
    description: 'let the clock run, and leap to the earliest wake-up while all clients sleep by it',
    options: [
      {
        term: '--lease <duration>',
        description:
          'drop a sleeper that has neither slept nor called for this real time (default: no change, at first 5s)',
      },
      { term: '--sleepers <number>', description: 'do not leap before this many clients have started to sleep' },
    ],
    examples: ['clock auto', 'clock auto --lease 30s --sleepers 3'],
    run: async ({ domain }, parsed) =>
      clockText(await domain.clock.auto({ lease: parsed.text('lease'), sleepers: countOf(parsed, 'sleepers') })),
  },
  {
    name: 'clock sleep',
    description: "sleep by the domain's clock",
    args: [{ term: '<duration>', description: 'for this duration: 150ms, 11m', field: 'duration' }],
    options: [{ term: '--sleeper <name>', description: 'name of the sleeper (default: the connection)' }],
    examples: ['clock sleep 10s', 'clock sleep 10s --sleeper worker-1'],
    run: async ({ domain }, { args: [duration = ''], text }) => {
      const { now, early } = await domain.clock.sleep(duration, text('sleeper'))
      return early === true ? `woken early: the clock is at ${now}` : `the clock is at ${now}`
    },
  },
  {
    name: 'clock drop',
    description: 'drop a sleeper, so that the clock no longer waits for it',
    args: [{ term: '<sleeper>', description: 'its name, as clock show lists it', field: 'sleeper' }],
    examples: ['clock drop worker-1'],
    run: async ({ domain }, { args: [sleeper = ''] }) => {
      await domain.clock.dropSleeper(sleeper)
      return `the clock no longer waits for ${sleeper}`
    },
  },
  {
    name: 'clock advance',
    description: 'move the clock, and list the transitions that this causes',
    args: [{ term: '[duration]', description: 'by this duration: 150ms, 11m, 365d', field: 'by' }],
    options: [
      { term: '--to <instant>', description: 'to this instant' },
      { term: '--next', description: 'to the next transition' },
      { term: '--until-job <id>', description: 'until this job has a final status' },
      { term: '--is <status>', description: 'with --until-job: until it has this status' },
      { term: '--max <duration>', description: 'with --until-job: but by this duration at most' },
    ],
    examples: [
      'clock advance 11m',
      'clock advance --next',
      'clock advance --until-job ee4482eb-0b97-4702-8ef6-7e86df66eaa5 --max 1h',
    ],
    run: async ({ domain }, parsed) => advanceText(await domain.clock.advance(advanceOf(parsed))),
  },
]

function rateOf({ text }: ParsedArgs): number | undefined {
  const rate = text('rate')
  if (rate === undefined) return undefined
  const reading = readConfig({ flags: { rate } })
  if ('config' in reading) return reading.config.rate
  throw new StartError(reading.problems.map(describeProblem), 2)
}

function advanceOf({ args: [by], text, has }: ParsedArgs): AdvanceRequest {
  const [to, untilJob, is, max] = [text('to'), text('untilJob'), text('is'), text('max')]
  const ways = [by, to, has('next') ? true : undefined, untilJob].filter((way) => way !== undefined)
  if (ways.length === 0) throw new StartError([`clock advance: by how much? Give one of ${WAYS}`], 2)
  if (ways.length > 1) throw new StartError([`clock advance: give one of ${WAYS}, not several`], 2)
  if (untilJob !== undefined) return { untilJob, is, max }
  const misplaced = is === undefined ? (max === undefined ? undefined : '--max') : '--is'
  if (misplaced !== undefined) throw new StartError([`${misplaced} goes with --until-job`], 2)
  if (by !== undefined) return { by }
  return to === undefined ? { next: true } : { to }
}

function clockText({ mode, now, rate, nextTransitionAt, sleepers, lease, expectedSleepers }: FullClockAnswer): string {
  const ofAuto = [
    ['lease', lease],
    ...(expectedSleepers === undefined ? [] : [['expected sleepers', expectedSleepers]]),
  ]
  const clock = columns([
    ['mode', mode],
    ['now', now],
    ['rate', rate],
    ['next transition', nextTransitionAt],
    ...(mode === 'auto' ? ofAuto : []),
  ])
  const rows = sleepers.map(({ name, until }) => [name, until === null ? 'awake' : `sleeps until ${until}`])
  return paragraphs(clock, section('sleepers', rows))
}

function advanceText({ now, total, transitions }: AdvanceAnswer): string {
  const rows = transitions.map(({ at, job, item, from, to }) => [at, job, item, from, to])
  const table = rows.length === 0 ? '' : columns([['AT', 'JOB', 'ITEM', 'FROM', 'TO'], ...rows])
  const shown = total > rows.length ? `, the first ${rows.length} of them above` : ''
  return paragraphs(
    table,
    `the clock is at ${now}: ${total === 0 ? 'nothing changed' : counted(total, 'transition')}${shown}`,
  )
}
