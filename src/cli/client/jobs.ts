import { StartError } from '../../errors.ts'
import type { ExplanationAnswer, JobHistoryAnswer, JobListAnswer, JobAnswer } from '../../client/answers.ts'
import type { Argument, ClientCommand, Flag, Given } from './command.ts'
import { columns, counted, paragraphs } from './text.ts'

const ID: Argument = { term: '<id>', description: 'the id of a job' }
const AT: Flag = { term: '--at <instant>', description: 'as of this instant of the domain: 2026-01-01T00:00:00Z' }

export const jobCommands: readonly ClientCommand[] = [
  {
    name: 'jobs ls',
    description: 'list jobs, as they are, were or will be',
    options: [
      { term: '--family <name>', description: 'azure.bulkjobs or aws.bulkjob alone' },
      AT,
      { term: '--limit <number>', description: 'how many at most (default: 100)' },
      { term: '--skip <number>', description: 'how many to leave out first (default: 0)' },
    ],
    examples: ['jobs ls', 'jobs ls --family aws.bulkjob --limit 5', 'jobs ls --at 2026-01-01T00:05:00Z --json'],
    run: async ({ domain }, given) => {
      const [limit, skip] = [countOf(given, 'limit'), countOf(given, 'skip')]
      const list = await domain.jobs.list({ at: given.text('at'), family: given.text('family'), limit, skip })
      return listText(list, skip ?? 0)
    },
  },
  {
    name: 'jobs get',
    description: 'show one job with its items and events',
    args: [ID],
    options: [AT],
    examples: ['jobs get ee4482eb-0b97-4702-8ef6-7e86df66eaa5'],
    run: async ({ domain }, { args: [id = ''], text }) => jobText(await domain.jobs.get(id, text('at'))),
  },
  {
    name: 'jobs signal',
    description: 'tell a job that waits for a signal',
    args: [ID, { term: '<name>', description: 'of the signal: finish and fail end a job of the scenario manual' }],
    examples: ['jobs signal 35f37831-a3e2-420c-ba78-c64be08ee179 finish'],
    run: async ({ domain }, { args: [id = '', name = ''] }) => {
      const { job } = await domain.jobs.signal(id, name)
      return `${job.id} is ${job.overall_status}`
    },
  },
  {
    name: 'jobs explain',
    description: 'say why a job is as it is, and what would move it',
    args: [ID],
    examples: ['jobs explain ee4482eb-0b97-4702-8ef6-7e86df66eaa5'],
    run: async ({ domain }, { args: [id = ''] }) => explanationText(await domain.jobs.explain(id)),
  },
]

function countOf({ text }: Given, name: string): number | undefined {
  const given = text(name)
  if (given === undefined || /^\d{1,9}$/.test(given)) return given === undefined ? undefined : Number(given)
  throw new StartError([`--${name}: ${JSON.stringify(given)} is not a whole number`], 2)
}

function listText({ total, jobs }: JobListAnswer, skipped: number): string {
  if (jobs.length === 0)
    return total === 0 ? 'no jobs' : `no more: there ${total === 1 ? 'is' : 'are'} ${counted(total, 'job')}`
  const heads = ['ID', 'FAMILY', 'OPERATION', 'STATUS', 'ITEMS', 'SCENARIO', 'NEXT CHANGE']
  const end = skipped + jobs.length
  const more = end < total ? `${jobs.length} of ${counted(total, 'job')}; the next with --skip ${end}` : ''
  return paragraphs(columns([heads, ...jobs.map(rowOf)]), more)
}

function rowOf({ id, family, scenario, job, nextTransitionAt }: JobAnswer): string[] {
  const items = String(Object.keys(job.detailed_status ?? {}).length)
  return [id, family, wordOf(job.operation), job.overall_status, items, scenario ?? '', nextTransitionAt ?? '']
}

function jobText({ family, scenario, job, nextTransitionAt, events }: JobHistoryAnswer): string {
  const { detailed_status: results = {}, keys, ...rest } = job
  const document = Object.entries(rest).map(([name, value]) => [name, wordOf(value)] as const)
  const known = columns([...document, ['family', family], ['scenario', scenario], ['next change', nextTransitionAt]])
  // Items without a result yet are named in the request alone.
  const items = new Map([
    ...(Array.isArray(keys) ? keys : []).map((key) => [key, ''] as const),
    ...Object.entries(results),
  ])
  const happened = events.map(({ at, kind, name }) => [at, name === undefined ? kind : `${kind} ${name}`])
  const rows = [...items].map(([id, result]) => [wordOf(id), result])
  return paragraphs(known, section('items', rows), section('events', happened))
}

function section(title: string, rows: readonly string[][]): string {
  return rows.length === 0 ? '' : `${title}\n${columns(rows).replace(/^/gm, '  ')}`
}

function wordOf(value: unknown): string {
  if (value === undefined) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function explanationText({ job, status, text, now, clock, nextTransitionAt }: ExplanationAnswer): string {
  const reasons = text.split('; ').map((reason) => `  ${reason}`)
  const next = nextTransitionAt === null ? [] : [`  next change at ${nextTransitionAt}`]
  return [`${job} is ${status} at ${now} (clock ${clock}):`, ...reasons, ...next].join('\n')
}
