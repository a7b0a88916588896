import { readdirSync, readFileSync } from 'node:fs'
import { basename, extname } from 'node:path'
import { errorCode } from '../model/error-code.ts'
import { readScenario, type ScenarioLookup } from '../model/read-scenario.ts'
import { ScenarioSchema, type Scenario, type ScenarioSource } from '../model/scenario.ts'
import type { Issue } from '../model/issue.ts'
import { checkOf } from '../model/validate.ts'
import { readDocument } from './documents.ts'
import type { FileDocument } from './file-document.ts'
import { filesIn } from './folders.ts'
import { createCollector, describeProblem, fileError, messageOf } from './problems.ts'

/** All scenarios: the shipped ones and the user's. */
export interface ScenarioCatalogue {
  /** A scenario as written in its file. */
  readonly source: (name: string) => ScenarioSource | undefined
  /** A scenario with everything that it extends. Throws a StartError if it is not valid. */
  readonly scenario: (name: string) => Scenario | undefined
  readonly names: () => readonly string[]
  readonly isShipped: (source: ScenarioSource) => boolean
}

interface CatalogueOptions {
  /** The folder of the shipped scenarios. Each file is read at its first use. */
  readonly shippedDir: URL
  /** The user's scenarios, which take precedence over the shipped ones. */
  readonly user?: ReadonlyMap<string, ScenarioSource>
}

const SCENARIO_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/
const ENDINGS = ['.json', '.yaml', '.yml']

export function createScenarioCatalogue({ shippedDir, user = new Map() }: CatalogueOptions): ScenarioCatalogue {
  const shipped = shippedScenarios(shippedDir)
  const source = (name: string) => user.get(name) ?? shipped.source(name)
  const isShipped = (each: ScenarioSource) => each.name !== undefined && shipped.source(each.name) === each
  const read = remembered((name) => {
    const found = source(name)
    return found === undefined ? undefined : readOrThrow(name, found, { source, isShipped })
  })
  const names = () => [...new Set([...shipped.names(), ...user.keys()])].sort()
  return { source, scenario: read, names, isShipped }
}

/** The shipped scenarios, by name. A file is read at its first use. */
export function shippedScenarios(folder: URL): Pick<ScenarioCatalogue, 'source' | 'names'> {
  const names = () => readdirSync(folder).flatMap((name) => (name.endsWith('.json') ? [basename(name, '.json')] : []))
  const source = remembered((name) =>
    SCENARIO_NAME.test(name) ? readShipped(new URL(`${name}.json`, folder)) : undefined,
  )
  return { source, names }
}

function readShipped(file: URL): ScenarioSource | undefined {
  try {
    // Tests check the shipped files, so a start does not.
    return JSON.parse(readFileSync(file, 'utf8')) as ScenarioSource
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
}

function remembered<T>(find: (name: string) => T | undefined): (name: string) => T | undefined {
  const found = new Map<string, T>()
  return (name) => {
    const known = found.get(name) ?? find(name)
    if (known !== undefined) found.set(name, known)
    return known
  }
}

function readOrThrow(
  name: string,
  source: ScenarioSource,
  known: Pick<ScenarioCatalogue, 'source' | 'isShipped'>,
): Scenario {
  const reading = readScenario(source, name, known.source, known)
  if ('scenario' in reading) return reading.scenario
  const file = `scenario ${name}`
  throw fileError(reading.issues.map((each) => describeProblem({ file, ...each, message: messageOf(each, source) })))
}

/** A scenario file that matches the schema; what it extends is not resolved yet. */
interface ScenarioFile {
  readonly name: string
  readonly source: ScenarioSource
  readonly document: FileDocument
}

/**
 * Reads the scenarios in a user's folder, named after their files. Each may extend the others and those that `lookup`
 * finds. Throws a StartError with the problems of all files.
 */
export async function readScenarioFiles(folder: string, lookup: ScenarioLookup): Promise<Map<string, ScenarioSource>> {
  return readScenariosAt(await filesIn(folder, ENDINGS), lookup)
}

/** As `readScenarioFiles`, for a list of files. */
export async function readScenariosAt(
  paths: readonly string[],
  lookup: ScenarioLookup,
): Promise<Map<string, ScenarioSource>> {
  const problems = createCollector()
  const files = await problems.each(paths, readScenarioFile)
  problems.add(sharedNames(files))
  // Otherwise an invalid file would also be reported for each scenario that extends it.
  problems.throwAny()
  const sources = new Map(files.map(({ name, source }) => [name, source]))
  const find = (name: string) => sources.get(name) ?? lookup(name)
  for (const { name, source, document } of files) {
    const reading = readScenario(source, name, find)
    if ('issues' in reading) problems.add(linesOf(document, reading.issues))
  }
  problems.throwAny()
  return sources
}

const checkSource = checkOf(ScenarioSchema)

async function readScenarioFile(path: string): Promise<ScenarioFile> {
  const document = await readDocument(path)
  const name = basename(path, extname(path))
  const checked = checkSource(document.value)
  const issues = 'issues' in checked ? checked.issues : nameIssues(name, checked.value)
  if ('issues' in checked || issues.length > 0) throw fileError(linesOf(document, issues))
  return { name, source: checked.value, document }
}

function nameIssues(fileName: string, { name }: ScenarioSource): Issue[] {
  if (!SCENARIO_NAME.test(fileName))
    return [
      { pointer: '', message: `has no valid name for a scenario: 1 to 64 of A-Z a-z 0-9 . _ - before the extension` },
    ]
  if (name === undefined || name === fileName) return []
  return [{ pointer: '/name', message: `must be the file's own name, ${fileName}` }]
}

function sharedNames(files: readonly ScenarioFile[]): string[] {
  const first = new Map<string, string>()
  return files.flatMap(({ name, document: { file } }) => {
    const other = first.get(name)
    if (other === undefined) first.set(name, file)
    return other === undefined ? [] : [describeProblem({ file, message: `is the same scenario as ${other}: ${name}` })]
  })
}

function linesOf({ file, lineOf, value }: FileDocument, issues: readonly Issue[]): string[] {
  return issues.map((issue) =>
    describeProblem({ file, line: lineOf(issue.pointer), pointer: issue.pointer, message: messageOf(issue, value) }),
  )
}
