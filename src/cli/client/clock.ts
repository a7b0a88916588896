import type { AdvanceRequest } from '../../client/handle.ts'
import type { AdvanceAnswer, ClockAnswer } from '../../client/answers.ts'
import { describeProblem, readConfig } from '../../config/config.ts'
import { StartError } from '../../errors.ts'
import type { ClientCommand, Given } from './command.ts'
import { columns, counted, paragraphs } from './text.ts'

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
    options: [{ term: '--now <instant>', description: 'at this instant: 2026-01-01T00:00:00Z (default: where it is)' }],
    examples: ['clock freeze', 'clock freeze --now 2030-01-01T00:00:00Z'],
    run: async ({ domain }, { text }) => clockText(await domain.clock.freeze(text('now'))),
  },
  {
    name: 'clock run',
    description: 'let the clock run',
    options: [
      { term: '--rate <factor>', description: 'so fast: 60 makes a minute of each second (default: as it was)' },
    ],
    examples: ['clock run', 'clock run --rate 60'],
    run: async ({ domain }, given) => clockText(await domain.clock.run(rateOf(given))),
  },
  {
    name: 'clock step',
    description: 'move the clock at each GET of a job that is under way, to its next change',
    examples: ['clock step'],
    run: async ({ domain }) => clockText(await domain.clock.step()),
  },
  {
    name: 'clock advance',
    description: 'move the clock, and tell every transition on the way',
    args: [{ term: '[duration]', description: 'by so much: 150ms, 11m, 365d', field: 'by' }],
    options: [
      { term: '--to <instant>', description: 'to this instant' },
      { term: '--next', description: 'to the next transition' },
      { term: '--until-job <id>', description: 'until this job is final' },
      { term: '--is <status>', description: 'with --until-job: or of this status' },
      { term: '--max <duration>', description: 'with --until-job: but by so much at most' },
    ],
    examples: [
      'clock advance 11m',
      'clock advance --next',
      'clock advance --until-job ee4482eb-0b97-4702-8ef6-7e86df66eaa5 --max 1h',
    ],
    run: async ({ domain }, given) => advanceText(await domain.clock.advance(advanceOf(given))),
  },
]

function rateOf({ text }: Given): number | undefined {
  const rate = text('rate')
  if (rate === undefined) return undefined
  const reading = readConfig({ flags: { rate } })
  if ('config' in reading) return reading.config.rate
  throw new StartError(reading.problems.map(describeProblem), 2)
}

function advanceOf({ args: [by], text, has }: Given): AdvanceRequest {
  const [to, untilJob, is, max] = [text('to'), text('untilJob'), text('is'), text('max')]
  const ways = [by, to, has('next') ? true : undefined, untilJob].filter((way) => way !== undefined)
  if (ways.length === 0) throw new StartError([`clock advance: by how much? Give one of ${WAYS}`], 2)
  if (ways.length > 1) throw new StartError([`clock advance: give one of ${WAYS}, not several`], 2)
  if (untilJob !== undefined) return { untilJob, is, max }
  const stray = is === undefined ? (max === undefined ? undefined : '--max') : '--is'
  if (stray !== undefined) throw new StartError([`${stray} goes with --until-job`], 2)
  if (by !== undefined) return { by }
  return to === undefined ? { next: true } : { to }
}

function clockText({ mode, now, rate, nextTransitionAt }: ClockAnswer): string {
  return columns([
    ['mode', mode],
    ['now', now],
    ['rate', rate],
    ['next change', nextTransitionAt],
  ])
}

function advanceText({ now, total, transitions }: AdvanceAnswer): string {
  const rows = transitions.map(({ at, job, item, from, to }) => [at, job, item, from, to])
  const table = rows.length === 0 ? '' : columns([['AT', 'JOB', 'ITEM', 'FROM', 'TO'], ...rows])
  const shown = total > rows.length ? `, the first ${rows.length} of them above` : ''
  return paragraphs(table, `it is ${now}: ${total === 0 ? 'nothing changed' : counted(total, 'transition')}${shown}`)
}
