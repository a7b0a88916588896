import Type, { type TObject, type TProperties } from 'typebox'
import type { ContainerSelector, FamilyRules, JobAction, JobCourse, Selection } from '../../model/family.ts'
import type { Issue } from '../../model/issue.ts'
import type { Settings } from '../../model/settings.ts'
import { SECOND, toMicros } from '../../model/time.ts'
import { assumed, documented, type Example, type Note } from '../certainty.ts'
import { bodyReader } from '../create-request.ts'
import type { Family, RequestReading } from '../family.ts'
import { detailsSchema, jobMembers, statusSchema } from '../job-document.ts'
import { textsOf } from '../resource-record.ts'

/**
 * How jobs other than bulk jobs unfold, in families that show no item while the job runs. That only a running job can be
 * cancelled is documented for Google and Salesforce.
 */
export function withoutPending(done: string): JobCourse {
  return {
    done,
    failed: 'failed',
    undone: 'failed',
    failureWord: 'syncFailureWord',
    abortedWord: 'syncAbortedWord',
    cancelDelay: toMicros(SECOND),
    isExclusive: false,
  }
}

/** The same for families that show each item from the start on. */
export function withPending(done: string): JobCourse {
  return { ...withoutPending(done), pending: 'in_progress' }
}

type SelectContainers = (
  selector: ContainerSelector,
  inventory: Parameters<NonNullable<FamilyRules['select']>>[1],
) => Selection

interface SynchronizationOptions {
  readonly name: string
  readonly cloud: string
  /** The field that names the containers. */
  readonly containers: { readonly field: string; readonly note: Note }
  readonly container?: NonNullable<Family['container']>
  /** Further fields of a request, which its job repeats. */
  readonly fields?: TProperties
  /** Those of them that select containers too, and so exclude `synchronize_all`. */
  readonly selecting?: readonly string[]
  /** Text of a container that is done. */
  readonly done: string
  /** Absent: the names as they were sent are the items, and `synchronize_all` has none. */
  readonly select?: SelectContainers
  /** What a request does to the resources that its items cover. */
  readonly action?: (body: Readonly<Record<string, unknown>>) => JobAction | undefined
  readonly examples: Readonly<Record<string, Example>>
  readonly sample: Readonly<Record<string, unknown>>
}

/** A family of synchronization jobs. */
export function synchronization(options: SynchronizationOptions): Family {
  const { name, cloud, containers, container, fields = {}, done, select = asSent, action, examples, sample } = options
  const all = Type.Boolean(documented(`All of them. Excludes \`${containers.field}\`.`))
  const schema = Type.Object({
    [containers.field]: Type.Optional(Type.Array(Type.String({ minLength: 1 }), containers.note)),
    ...fields,
    synchronize_all: Type.Optional(all),
  })
  return {
    name,
    path: `/cckm/${name.replaceAll('.', '/')}`,
    noun: 'synchronization job',
    uriKind: 'synchronize',
    cloud,
    operations: [SYNCHRONIZE],
    verbs: ['list', 'create', 'get', 'cancel'],
    action: (_operation, body) => action?.(body),
    select: (selector, inventory) => (selector.kind === 'containers' ? select(selector, inventory) : { items: [] }),
    course: { ...withPending(done), isExclusive: true },
    containerField: containers.field,
    ...(container !== undefined && { container }),
    isCreateInNanoseconds: true,
    acl: { view: 'keysynchronize', create: 'keysynchronize', cancel: 'keysynchronize' },
    request: { schema, read: readerOf(schema, options), itemField: containers.field, examples },
    document: synchronizationDocument(schema, { cloud, done }),
    sample,
  }
}

/** The operation of a synchronization job, which its request and document do not name. */
const SYNCHRONIZE = 'synchronize'

function asSent({ names = [] }: ContainerSelector): Selection {
  return { items: names.map((id) => ({ id })), containers: names }
}

function readerOf(schema: TObject, options: SynchronizationOptions): Family['request']['read'] {
  const readBody = bodyReader(schema)
  const { field } = options.containers
  return (sent: unknown, settings: Settings): RequestReading => {
    const reading = readBody(sent, settings)
    if ('issues' in reading) return reading
    const body: Readonly<Record<string, unknown>> = reading.body
    const issues = selectorIssues(body, options)
    if (issues.length > 0) return { issues }
    const names = body.synchronize_all === true ? undefined : textsOf(body[field])
    const regions = isSet(body.regions) ? textsOf(body.regions) : undefined
    return {
      request: {
        operation: SYNCHRONIZE,
        items: { kind: 'containers', names, regions },
        echoes: echoesOf(schema, body),
        action: options.action?.(body),
      },
      ignored: reading.ignored,
    }
  }
}

/** False and an empty list count as absent: clients written in Go send them for fields that are not set. */
function isSet(value: unknown): boolean {
  return value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0)
}

function selectorIssues(
  body: Readonly<Record<string, unknown>>,
  { containers: { field }, selecting = [] }: SynchronizationOptions,
): Issue[] {
  if (!isSet(body.synchronize_all))
    return isSet(body[field]) ? [] : [{ pointer: `/${field}`, message: 'is required, or synchronize_all' }]
  return [field, ...selecting]
    .filter((each) => isSet(body[each]))
    .map((each) => ({ pointer: `/${each}`, message: 'cannot go with synchronize_all' }))
}

/** The fields of a request as its job repeats them. */
function echoesOf(schema: TObject, body: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const sent = Object.keys(schema.properties).filter((name) => isSet(body[name]))
  return Object.fromEntries(sent.map((name) => [name, JSON.stringify(body[name])]))
}

/** The document of a synchronization job: the fields of its request come last, as they were sent. */
function synchronizationDocument({ properties }: TObject, { cloud, done }: { cloud: string; done: string }): TObject {
  const { id, uri, account, ...times } = jobMembers('synchronize')
  const older = Type.Optional(Type.String(documented('In samples of 2020 to 2022 alone: only captured jobs have it.')))
  return Type.Object({
    ...{ id, uri, account, application: older, devAccount: older },
    ...times,
    overall_status: statusSchema(),
    detailed_status: Type.Optional(
      detailsSchema(
        documented(`\`in_progress\`, \`${done}\` or \`failed\`.`),
        documented('The state of each container, from the start on.'),
      ),
    ),
    abort: Type.Optional(Type.Boolean(documented('True after a cancel. Its absence before that is assumed.'))),
    cloud: Type.String(assumed(`\`${cloud}\`.`)),
    ...properties,
  })
}

type SampleTimes = readonly [createdAt: string, updatedAt: string, completedAt: string]

/** The times of the samples of families of which no page with a whole job could be read. */
const MADE_UP_TIMES: SampleTimes = [
  '2024-02-06T09:11:55.308834Z',
  '2024-02-06T09:12:21.248338Z',
  '2024-02-06T09:12:21.248173Z',
]

/** The members with which a sample of a job begins. */
export function sampleOf(id: string, [createdAt, updatedAt, completedAt]: SampleTimes = MADE_UP_TIMES) {
  return {
    id,
    uri: `kylo:kylo:cckm:synchronize:${id}`,
    account: 'kylo:kylo:admin:accounts:kylo',
    createdAt,
    updatedAt,
    completed_at: completedAt,
    overall_status: 'completed',
  }
}
