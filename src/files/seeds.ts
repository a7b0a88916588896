import { ROOT_DOMAIN } from '../model/domain.ts'
import { matchesGlob } from '../model/glob.ts'
import type { Issue } from '../model/issue.ts'
import type { Seed, SeedJob } from '../model/seed.ts'
import { readDocument, type FileDocument } from './documents.ts'
import { fingerprintOf, stampOf } from './fingerprint.ts'
import { filesAt } from './folders.ts'
import { createCollector, describeProblem, fileError, messageOf } from './problems.ts'
import { readSeed, type ReadSeed } from './seed-document.ts'
import type { KnownScenarios } from './seed-element.ts'
import { streamDomain, streamJobs } from './seed-stream.ts'

export { readSeedDocument } from './seed-document.ts'

/** The seeds of a start, in the order of their files. */
export interface SeedSet {
  /** A hash over the files' names and bytes, taken when it is first asked for. */
  readonly fingerprint: string
  /** Tells without reading whether the files are still the ones that had a fingerprint. */
  readonly stamp: string
  /**
   * The seeds, to be read as often as need be. Reading is synchronous; a file that has one job a line is read along the
   * way and throws a StartError after its last line when any of them is bad.
   */
  readonly seeds: () => Iterable<Seed>
  /** Where the job stands that was given out last, as `file:line`, for whoever finds something wrong with it. */
  readonly where: (pointer?: string) => string
}

export interface OpenSeedsOptions {
  /** Told how many jobs have been given out, now and then. */
  readonly onProgress?: (jobs: number) => void
  /** The scenarios that seeds may name; without them a name is not looked up. */
  readonly scenarios?: KnownScenarios
}

const ENDINGS = ['.json', '.ndjson', '.jsonl', '.yaml', '.yml']
const PROGRESS_STEP = 10_000

/**
 * Opens seed files, or folders of them. JSON and YAML are read whole; files with one job a line when their jobs are
 * asked for, or right now where the root domain does not get them, since a bad seed stops the start.
 */
export async function openSeeds(paths: readonly string[], options: OpenSeedsOptions = {}): Promise<SeedSet> {
  const place = createPlace(options.onProgress)
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
      return sources.map(({ domain, jobs }) => ({ domain, jobs: { [Symbol.iterator]: jobs } }))
    },
    where: place.tell,
  }
}

async function seedFilesAt(path: string): Promise<string[]> {
  const files = await filesAt(path, { endings: ENDINGS, noun: 'seed' })
  if (files.length > 0) return files
  throw fileError([
    describeProblem({ file: path, message: `has no seed in it: no file that ends in ${ENDINGS.join(', ')}` }),
  ])
}

/** One file: its jobs, and for a document what was read of it. */
interface Source {
  readonly domain: string
  readonly jobs: () => Iterator<SeedJob>
  readonly document?: { readonly read: ReadSeed; readonly file: FileDocument }
}

interface SourceOptions {
  readonly place: Place
  readonly known: KnownScenarios | undefined
}

async function openSource(file: string, options: SourceOptions): Promise<Source> {
  return /\.(?:ndjson|jsonl)$/i.test(file) ? openStream(file, options) : openDocument(await readDocument(file), options)
}

function openStream(file: string, { place, known }: SourceOptions): Source {
  const domain = streamDomain(file)
  const jobs = () => streamJobs(file, { known, onJob: (line) => place.at(() => `${file}:${line}`) })
  if (!matchesGlob(domain.toLowerCase(), ROOT_DOMAIN)) for (const _ of jobs());
  return { domain, jobs }
}

function openDocument(file: FileDocument, { place, known }: SourceOptions): Source {
  const reading = readSeed(file.value, file.json, known)
  if ('issues' in reading) throw fileError(reading.issues.map((each) => lineIn(file, each)))
  const { seed } = reading
  function* jobs(): Generator<SeedJob> {
    for (const { pointer, job } of seed.jobs) {
      place.at((below) => placeIn(file, `${pointer}${below}`))
      yield job
    }
  }
  return { domain: seed.domain, jobs, document: { read: seed, file } }
}

function lineIn({ file, value, lineOf }: FileDocument, issue: Issue): string {
  const { pointer } = issue
  return describeProblem({ file, line: lineOf(pointer), pointer, message: messageOf(issue, value) })
}

function placeIn({ file, lineOf }: FileDocument, pointer: string): string {
  return `${file}:${lineOf(pointer)}${pointer === '' ? '' : `: ${pointer}`}`
}

/** Ids that two documents give to the same domains. The store looks at the ids in files of lines. */
function repeatedIds(sources: readonly Source[]): string[] {
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

interface Place {
  readonly at: (tell: (pointer: string) => string) => void
  readonly restart: () => void
  readonly tell: (pointer?: string) => string
}

/** Remembers where the last job stood, by a function, since hardly any is ever asked for. */
function createPlace(onProgress: ((jobs: number) => void) | undefined): Place {
  let tell: (pointer: string) => string = () => 'seed'
  let jobs = 0
  return {
    at: (next) => {
      tell = next
      jobs += 1
      if (jobs % PROGRESS_STEP === 0) onProgress?.(jobs)
    },
    restart: () => {
      jobs = 0
    },
    tell: (pointer = '') => tell(pointer),
  }
}
