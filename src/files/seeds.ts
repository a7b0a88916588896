import { ROOT_DOMAIN } from '../model/domain.ts'
import { matchesGlob } from '../model/glob.ts'
import type { Issue } from '../model/issue.ts'
import type { Seed, SeedJob, SeedResource } from '../model/seed.ts'
import { readDocument } from './documents.ts'
import type { FileDocument } from './file-document.ts'
import { fingerprintOf, stampOf } from './fingerprint.ts'
import { filesAt } from './folders.ts'
import { createCollector, describeProblem, fileError, messageOf } from './problems.ts'
import { readSeed, type ParsedSeed } from './seed-document.ts'
import type { KnownScenarios } from './seed-element.ts'
import { streamDomain, streamJobs, streamResources } from './seed-stream.ts'

export { readSeedDocument } from './seed-document.ts'

/** The seeds of a start, in the order of their files. */
export interface SeedSet {
  /** A hash of the files' names and bytes, computed at its first use. */
  readonly fingerprint: string
  /** Shows without reading the files whether their fingerprint can have changed. */
  readonly stamp: string
  /**
   * The seeds; each call reads them again, synchronously. A file with one job a line is read during iteration and throws
   * a StartError after its last line if any line is bad.
   */
  readonly seeds: () => Iterable<Seed>
  /** Location (`file:line`) of the job yielded last, for errors about it. */
  readonly where: (pointer?: string) => string
}

export interface OpenSeedsOptions {
  /** Called every 10,000 jobs with the number of jobs read. */
  readonly onProgress?: (jobs: number) => void
  /** The scenarios that seeds may name; without them, names are not looked up. */
  readonly scenarios?: KnownScenarios
}

const ENDINGS = ['.json', '.ndjson', '.jsonl', '.yaml', '.yml']
const PROGRESS_STEP = 10_000

/**
 * Opens seed files, or folders of them. JSON and YAML are read whole. A file with one job a line is read when its jobs
 * are used; one that is not for the root domain is read now as well, so that a bad seed ends the start.
 */
export async function openSeeds(paths: readonly string[], options: OpenSeedsOptions = {}): Promise<SeedSet> {
  const place = createJobLocation(options.onProgress)
  const problems = createCollector()
  const files = (await problems.each(paths, seedFilesAt)).flat()
  const sources = await problems.each(files, async (file) => openSource(file, { place, known: options.scenarios }))
  problems.add(repeatedIds(sources))
  problems.throwAny()
  let fingerprint: string | undefined
  let stamp: string | undefined
  return {
    get fingerprint() {
      return (fingerprint ??= fingerprintOf(files))
    },
    get stamp() {
      return (stamp ??= stampOf(files))
    },
    seeds: () => {
      place.restart()
      return sources.map(({ domain, resources, jobs }) => ({
        domain,
        resources: { [Symbol.iterator]: resources },
        jobs: { [Symbol.iterator]: jobs },
      }))
    },
    where: place.text,
  }
}

async function seedFilesAt(path: string): Promise<string[]> {
  const files = await filesAt(path, { endings: ENDINGS, noun: 'seed' })
  if (files.length > 0) return files
  throw fileError([describeProblem({ file: path, message: `contains no seed: no file ends in ${ENDINGS.join(', ')}` })])
}

/** The resources and jobs of one file, and the document unless the file has one job a line. */
interface SeedFile {
  readonly domain: string
  readonly resources: () => Iterator<SeedResource>
  readonly jobs: () => Iterator<SeedJob>
  readonly document?: { readonly read: ParsedSeed; readonly file: FileDocument }
}

interface SourceOptions {
  readonly place: JobLocation
  readonly known: KnownScenarios | undefined
}

async function openSource(file: string, options: SourceOptions): Promise<SeedFile> {
  return /\.(?:ndjson|jsonl)$/i.test(file) ? openStream(file, options) : openDocument(await readDocument(file), options)
}

function openStream(file: string, { place, known }: SourceOptions): SeedFile {
  const domain = streamDomain(file)
  const jobs = () => streamJobs(file, { known, onJob: (line) => place.at(() => `${file}:${line}`) })
  if (!matchesGlob(domain.toLowerCase(), ROOT_DOMAIN)) for (const _ of jobs());
  return { domain, resources: () => streamResources(file), jobs }
}

function openDocument(file: FileDocument, { place, known }: SourceOptions): SeedFile {
  const reading = readSeed(file.value, file.json, known)
  if ('issues' in reading) throw fileError(reading.issues.map((each) => lineIn(file, each)))
  const { seed } = reading
  function* jobs(): Generator<SeedJob> {
    for (const { pointer, job } of seed.jobs) {
      place.at((below) => placeIn(file, `${pointer}${below}`))
      yield job
    }
  }
  const resources = seed.resources.map(({ pointer, resource }) => ({
    ...resource,
    where: (below: string) => placeIn(file, `${pointer}${below}`),
  }))
  return { domain: seed.domain, resources: () => resources.values(), jobs, document: { read: seed, file } }
}

function lineIn({ file, value, lineOf }: FileDocument, issue: Issue): string {
  const { pointer } = issue
  return describeProblem({ file, line: lineOf(pointer), pointer, message: messageOf(issue, value) })
}

function placeIn({ file, lineOf }: FileDocument, pointer: string): string {
  return `${file}:${lineOf(pointer)}${pointer === '' ? '' : `: ${pointer}`}`
}

/** Ids that two documents have for the same domains. The store finds those in files with one job a line. */
function repeatedIds(sources: readonly SeedFile[]): string[] {
  const seen = new Map<string, () => string>()
  return sources.flatMap(({ domain, document }) => {
    if (document === undefined) return []
    const { file, read } = document
    return read.jobs.flatMap(({ job, idPointer }) => {
      if (job.kind !== 'captured') return []
      const key = `${domain.toLowerCase()}\n${job.id}`
      const first = seen.get(key)
      if (first === undefined) seen.set(key, () => `${file.file}:${file.lineOf(idPointer)}`)
      return first === undefined
        ? []
        : [lineIn(file, { pointer: idPointer, message: `repeats the id at ${first()}: ${job.id}` })]
    })
  })
}

interface JobLocation {
  readonly at: (textOf: (pointer: string) => string) => void
  readonly restart: () => void
  readonly text: (pointer?: string) => string
}

/** Remembers the location of the last job as a function, since it is rarely needed. */
function createJobLocation(onProgress: ((jobs: number) => void) | undefined): JobLocation {
  let textOf: (pointer: string) => string = () => 'seed'
  let jobs = 0
  return {
    at: (next) => {
      textOf = next
      jobs += 1
      if (jobs % PROGRESS_STEP === 0) onProgress?.(jobs)
    },
    restart: () => {
      jobs = 0
    },
    text: (pointer = '') => textOf(pointer),
  }
}
