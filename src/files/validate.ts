import {
  describeProblem as describeSetting,
  nearest,
  readConfig,
  CONFIG_OPTIONS,
  type Config,
} from '../config/config.ts'
import { isSecretPlace, readConfigFile, type ConfigFile } from './config-file.ts'
import { readDocument } from './documents.ts'
import { filesAt } from './folders.ts'
import { createCollector, describeProblem, fileError, type Collector } from './problems.ts'
import { readScenarioFiles, readScenariosAt, shippedScenarios } from './scenarios.ts'
import type { KnownScenarios } from './seed-element.ts'
import { openSeeds, type SeedSet } from './seeds.ts'
import { createTakenIds } from './taken-ids.ts'
import { FIXTURES } from '../locations.ts'
import { readScenario } from '../model/read-scenario.ts'
import { ScenarioSchema, type ScenarioSource } from '../model/scenario.ts'
import type { SeedJob } from '../model/seed.ts'
import { DEFAULT_SETTINGS, type Settings } from '../model/settings.ts'
import { readCreateRequest } from '../wire/create-request.ts'
import { familyOf } from '../wire/families/index.ts'

const FILES = { endings: ['.json', '.yaml', '.yml', '.ndjson', '.jsonl'], noun: 'file to check' }

interface Validation {
  /** Number of files checked. */
  readonly files: number
  /** One line for each problem: `file:line: pointer: what was expected`. */
  readonly problems: readonly string[]
}

/**
 * Checks seeds, scenarios and configuration files as a start does, without starting anything. All files may use every
 * scenario among them. The seeds of one path are checked together, as one start would use them.
 */
export async function validateFiles(paths: readonly string[]): Promise<Validation> {
  const { problems, each } = createCollector()
  const groups = await each(paths, groupAt)
  const files = groups.flat()
  const kinds = new Map(await each(files, async (file) => [file, await kindOf(file)] as const))
  const ofKind = (kind: Kind, among = files): string[] => among.filter((file) => kinds.get(file) === kind)

  const configs = await each(ofKind('configuration'), readConfiguration)
  const known = await knownScenarios(ofKind('scenario'), { configs, each })
  await each(configs, async (configuration) => checkInline(configuration, known))
  // Otherwise an invalid scenario would also be reported as missing for each seed that names it.
  const scenarios = problems.length === 0 ? known : undefined
  const settings = configs.at(-1)?.config.settings ?? DEFAULT_SETTINGS
  const seeds = groups.map((group) => ofKind('seed', group)).filter((group) => group.length > 0)
  await each(seeds, async (group) => checkSeeds(await openSeeds(group, { ...(scenarios && { scenarios }) }), settings))
  return { files: files.length, problems }
}

async function groupAt(path: string): Promise<string[]> {
  const files = await filesAt(path, FILES)
  if (files.length > 0) return files
  throw fileError([describeProblem({ file: path, message: `has no ${FILES.noun}: no ${FILES.endings.join(', ')}` })])
}

type Kind = 'seed' | 'scenario' | 'configuration'

/**
 * The fields of each kind of document. Seeds come first, since captured jobs and scenarios both have an
 * `overall_status`.
 */
const FIELDS: readonly (readonly [Kind, readonly string[]])[] = [
  ['seed', ['domain', 'jobs', 'resources', 'job', 'request', 'family', 'id', 'uri', 'overall_status']],
  ['scenario', Object.keys(ScenarioSchema.properties)],
  ['configuration', CONFIG_OPTIONS.flatMap(({ key }) => key?.replace(/\..*/, '') ?? [])],
]
const UNKNOWN = 'is not a seed (jobs), a scenario (after, polls, signal, never) or a configuration (port, seed, users)'

async function kindOf(file: string): Promise<Kind> {
  if (/\.(ndjson|jsonl)$/i.test(file)) return 'seed'
  const { value } = await readDocument(file, { isSecret: isSecretPlace })
  if (Array.isArray(value)) return 'seed'
  // A file with comments only is a configuration without settings.
  if (value === null) return 'configuration'
  // Files of any kind may name their JSON Schema.
  const keys = typeof value === 'object' ? Object.keys(value).filter((key) => key !== '$schema') : []
  const kind =
    likeliest(keys) ??
    likeliest(
      keys.map(
        (key) =>
          nearest(
            key,
            FIELDS.flatMap(([, names]) => names),
          ) ?? '',
      ),
    )
  if (kind === undefined) throw fileError([describeProblem({ file, message: UNKNOWN })])
  return kind
}

function likeliest(keys: readonly string[]): Kind | undefined {
  const counts = FIELDS.map(([kind, names]) => ({ kind, count: keys.filter((key) => names.includes(key)).length }))
  const most = Math.max(...counts.map(({ count }) => count))
  return most === 0 ? undefined : counts.find(({ count }) => count === most)?.kind
}

interface Configuration {
  readonly path: string
  readonly file: ConfigFile
  readonly config: Config
}

async function readConfiguration(path: string): Promise<Configuration> {
  const file = await readConfigFile(path)
  const reading = readConfig({ file })
  if ('config' in reading) return { path, file, config: reading.config }
  throw fileError(
    reading.problems.map((each) =>
      describeProblem({ file: path, line: file.lineOf(each.key), message: describeSetting(each) }),
    ),
  )
}

/** The shipped scenarios, those in the files, and those of the configurations. */
async function knownScenarios(
  paths: readonly string[],
  { configs, each }: Pick<Collector, 'each'> & { configs: readonly Configuration[] },
): Promise<KnownScenarios> {
  const shipped = shippedScenarios(new URL('scenarios/', FIXTURES))
  const own = new Map<string, ScenarioSource>()
  const source = (name: string): ScenarioSource | undefined => own.get(name) ?? shipped.source(name)
  const add = (more: Iterable<[string, ScenarioSource]>): void => {
    for (const [name, scenario] of more) own.set(name, scenario)
  }
  for (const { config } of configs) add(Object.entries(config.scenarios))
  const folders = configs.flatMap(({ config }) => config.scenariosDir ?? [])
  await each(folders, async (folder) => add(await readScenarioFiles(folder, source)))
  await each([paths], async (files) => add(await readScenariosAt(files, source)))
  return { source, names: () => [...new Set([...shipped.names(), ...own.keys()])].sort() }
}

/** Checks the scenarios that a configuration defines as objects. */
function checkInline({ path, file, config }: Configuration, { source, names }: KnownScenarios): void {
  const named = Object.entries(config.scenarios).map(([name, scenario]) => ({
    name,
    scenario,
    place: `scenarios.${name}`,
  }))
  const byDefault =
    typeof config.scenario === 'string' ? [] : [{ name: 'inline', scenario: config.scenario, place: 'scenario' }]
  const problems = [...named, ...byDefault].flatMap(({ name, scenario, place }) => {
    const reading = readScenario(scenario, name, source, { names })
    if ('scenario' in reading) return []
    return reading.issues.map(({ pointer, message }) => {
      const key = `${place}${pointer.replaceAll('/', '.')}`
      return describeProblem({ file: path, line: file.lineOf(key), pointer: key, message })
    })
  })
  if (problems.length > 0) throw fileError(problems)
}

/** Checks the jobs one by one: lines of a stream, create requests, and repeated ids. */
function checkSeeds({ seeds, where }: SeedSet, settings: Settings): void {
  const problems: string[] = []
  const isTaken = createTakenIds()
  for (const { domain, jobs } of seeds()) {
    for (const job of jobs) {
      problems.push(...jobProblems(job, settings).map(({ pointer, message }) => `${where(pointer)}: ${message}`))
      if (job.kind === 'captured' && isTaken(job.id, domain))
        problems.push(`${where('/id')}: the id ${job.id} is taken by an earlier job of ${domain}`)
    }
  }
  if (problems.length > 0) throw fileError(problems)
}

function jobProblems(job: SeedJob, settings: Settings): readonly { pointer: string; message: string }[] {
  if (job.kind === 'captured') return []
  const reading = readCreateRequest(familyOf(job.family), job.request, settings)
  if (!('issues' in reading)) return []
  return reading.issues.map(({ pointer, message }) => ({ pointer: `/request${pointer}`, message }))
}
