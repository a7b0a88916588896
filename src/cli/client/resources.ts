import { StartError } from '../../errors.ts'
import type { ResourceHistoryAnswer, ResourceListAnswer } from '../../client/answers/resources.ts'
import type { NewResourceRequest } from '../../client/request-types.ts'
import { isRecord } from '../../model/is-record.ts'
import { countOf, type Argument, type ClientCommand, type Flag } from './command.ts'
import { columns, counted, paragraphs, section, wordOf } from './text.ts'

const ID: Argument = { term: '<id>', description: 'the id of a resource' }
const AT: Flag = { term: '--at <instant>', description: 'as of this instant of the domain: 2026-01-01T00:00:00Z' }

export const resourceCommands: readonly ClientCommand[] = [
  {
    name: 'resources ls',
    description: 'list keys, vaults, backups and so on, as they are, were or will be',
    options: [
      { term: '--kind <name>', description: 'one kind alone: aws.key, azure.key-backup' },
      AT,
      { term: '--hidden', description: 'those too that a synchronization has yet to show' },
      { term: '--limit <number>', description: 'how many at most (default: 100)' },
      { term: '--skip <number>', description: 'how many to leave out first (default: 0)' },
    ],
    examples: [
      'resources ls',
      'resources ls --kind aws.key --limit 5',
      'resources ls --at 2026-01-01T00:05:00Z --json',
    ],
    run: async ({ domain }, given) => {
      const [limit, skip] = [countOf(given, 'limit'), countOf(given, 'skip')]
      const filter = { kind: given.text('kind'), at: given.text('at'), limit, skip }
      const hidden = given.has('hidden') ? true : undefined
      const list = await domain.resources.list({ ...filter, hidden, summary: true })
      return listText(list, skip ?? 0)
    },
  },
  {
    name: 'resources get',
    description: 'show one resource and what changed it, or will',
    args: [ID],
    options: [AT],
    examples: ['resources get 94a392f3-7e0b-4a3f-8a0e-5a0b4d7f0c11'],
    run: async ({ domain }, { args: [id = ''], text }) => resourceText(await domain.resources.get(id, text('at'))),
  },
  {
    name: 'resources add',
    description: 'add a resource; what its record leaves out is filled in',
    args: [
      { term: '<kind>', description: 'aws.key, azure.vault and so on', field: 'kind' },
      { term: '[record]', description: 'members of the record, as JSON', field: 'record' },
    ],
    options: [{ term: '--of <id>', description: 'the key that a backup is of' }],
    examples: [
      `resources add aws.kms '{"name":"kms","regions":["eu-west-1"]}'`,
      'resources add azure.key-backup --of 94a392f3-7e0b-4a3f-8a0e-5a0b4d7f0c11',
    ],
    run: async ({ domain }, { args: [kind = '', record], text }) => {
      const of = text('of')
      const element = {
        kind,
        ...(record !== undefined && { record: recordOf(record) }),
        ...(of !== undefined && { of }),
      }
      const added = await domain.resources.add(element)
      return `${added.kind} ${added.id} is there`
    },
  },
  {
    name: 'resources rm',
    description: 'remove a resource: from now on it is no longer there',
    args: [ID],
    examples: ['resources rm 94a392f3-7e0b-4a3f-8a0e-5a0b4d7f0c11'],
    run: async ({ domain }, { args: [id = ''] }) => {
      await domain.resources.remove(id)
      return `${id} is no longer there`
    },
  },
]

function recordOf(text: string): NonNullable<NewResourceRequest['record']> {
  try {
    const value: unknown = JSON.parse(text)
    if (isRecord(value)) return value
  } catch {
    // Said below.
  }
  throw new StartError(['record: is no JSON object, such as {"name":"kms"}'], 2)
}

function listText({ total, resources }: ResourceListAnswer, skipped: number): string {
  if (resources.length === 0)
    return total === 0 ? 'no resources' : `no more: there ${total === 1 ? 'is' : 'are'} ${counted(total, 'resource')}`
  const end = skipped + resources.length
  const more = end < total ? `${resources.length} of ${counted(total, 'resource')}; the next with --skip ${end}` : ''
  const rows = resources.map(({ id, kind, summary, hidden }) => [
    id,
    kind,
    wordOf(summary?.name),
    hidden === true ? 'hidden' : wordOf(summary?.state),
  ])
  return paragraphs(columns([['ID', 'KIND', 'NAME', 'STATE'], ...rows]), more)
}

function resourceText({ kind, record, hidden, effects }: ResourceHistoryAnswer): string {
  const members = Object.entries(record).map(([name, value]) => [name, wordOf(value)] as const)
  const marks = hidden === true ? [['hidden', 'until a synchronization shows it'] as const] : []
  const rows = effects.map(({ at, change, by }) => [at, change, 'job' in by ? `job ${by.job}` : originOf(by)])
  return paragraphs(columns([['kind', kind], ...marks, ...members]), section('changes', rows))
}

function originOf(by: { readonly request: string } | { readonly seed: true }): string {
  return 'request' in by ? `request ${by.request}` : 'the seed'
}
