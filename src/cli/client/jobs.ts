import type { ExplanationAnswer, JobHistoryAnswer, JobListAnswer, JobAnswer } from '../../client/answers/jobs.ts'
import { FAMILIES } from '../../wire/families/index.ts'
import { countOf, type Argument, type ClientCommand, type Flag } from './command.ts'
import { columns, counted, paragraphs, section, wordOf } from './text.ts'

const ID: Argument = { term: '<id>', description: 'id of the job' }
const AT: Flag = { term: '--at <instant>', description: 'as of this instant of the domain: 2026-01-01T00:00:00Z' }

export const jobCommands: readonly ClientCommand[] = [
  {
    name: 'jobs ls',
    description: 'list jobs, as they are now or at another instant',
    options: [
      {
        term: '--family <name>',
        description: `only jobs of this family: ${FAMILIES.map(({ name }) => name).join(' or ')}`,
      },
      AT,
      { term: '--limit <number>', description: 'maximum number of jobs (default: 100)' },
      { term: '--skip <number>', description: 'number of jobs to skip (default: 0)' },
    ],
    examples: ['jobs ls', 'jobs ls --family aws.bulkjob --limit 5', 'jobs ls --at 2026-01-01T00:05:00Z --json'],
    run: async ({ domain }, parsed) => {
      const [limit, skip] = [countOf(parsed, 'limit'), countOf(parsed, 'skip')]
      const list = await domain.jobs.list({ at: parsed.text('at'), family: parsed.text('family'), limit, skip })
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
    description: 'send a signal to a job that waits for it',
    args: [ID, { term: '<name>', description: 'name of the signal: finish and fail end a job of the scenario manual' }],
    examples: ['jobs signal 35f37831-a3e2-420c-ba78-c64be08ee179 finish'],
    run: async ({ domain }, { args: [id = '', name = ''] }) => {
      const { job } = await domain.jobs.signal(id, name)
      return `${job.id} is ${job.overall_status}`
    },
  },
  {
    name: 'jobs explain',
    description: 'explain the status of a job, and what it waits for',
    args: [ID],
    examples: ['jobs explain ee4482eb-0b97-4702-8ef6-7e86df66eaa5'],
    run: async ({ domain }, { args: [id = ''] }) => explanationText(await domain.jobs.explain(id)),
  },
]

function listText({ total, jobs }: JobListAnswer, skipped: number): string {
  if (jobs.length === 0)
    return total === 0 ? 'no jobs' : `no more jobs: there ${total === 1 ? 'is' : 'are'} ${total} in total`
  const heads = ['ID', 'FAMILY', 'OPERATION', 'STATUS', 'ITEMS', 'SCENARIO', 'NEXT TRANSITION']
  const end = skipped + jobs.length
  const more = end < total ? `${jobs.length} of ${counted(total, 'job')}; show more with --skip ${end}` : ''
  return paragraphs(columns([heads, ...jobs.map(rowOf)]), more)
}

function rowOf({ id, family, scenario, job, nextTransitionAt }: JobAnswer): string[] {
  const count = itemsOf(job).size
  return [
    id,
    family,
    wordOf(job.operation),
    job.overall_status,
    count === 0 ? '' : String(count),
    scenario ?? '',
    nextTransitionAt ?? '',
  ]
}

function jobText({ family, scenario, job, nextTransitionAt, events }: JobHistoryAnswer): string {
  const { detailed_status: _results, keys: _keys, ...rest } = job
  const document = Object.entries(rest).map(([name, value]) => [name, wordOf(value)] as const)
  const facts = columns([
    ...document,
    ['family', family],
    ['scenario', scenario],
    ['next transition', nextTransitionAt],
  ])
  const history = events.map(({ at, kind, name }) => [at, name === undefined ? kind : `${kind} ${name}`])
  const rows = [...itemsOf(job)].map(([id, result]) => [wordOf(id), wordOf(result)])
  return paragraphs(facts, section('items', rows), section('events', history))
}

/** The result of each item that the document names; empty for an item that has none yet. */
function itemsOf({ detailed_status: results, keys }: JobAnswer['job']): ReadonlyMap<unknown, string> {
  // Before an item ends, only the keys of the request name it. Other requests are not part of the document.
  return new Map<unknown, string>([
    ...(Array.isArray(keys) ? keys : []).map((key: unknown) => [key, ''] as const),
    ...Object.entries(results ?? {}),
  ])
}

function explanationText({ job, status, text, now, clock, nextTransitionAt, effects }: ExplanationAnswer): string {
  const reasons = text.split('; ').map((reason) => `  ${reason}`)
  const next = nextTransitionAt === null ? [] : [`  next transition at ${nextTransitionAt}`]
  const acts = effects.map(({ resource, change, at }) => `  ${resource} ${change} at ${at}`)
  return [`${job} is ${status} at ${now} (clock ${clock}):`, ...reasons, ...next, ...acts].join('\n')
}
