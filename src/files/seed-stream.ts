import { ROOT_DOMAIN } from '../model/domain.ts'
import type { SeedJob, SeedResource } from '../model/seed.ts'
import type { Issue } from '../model/issue.ts'
import { findSyntaxIssue } from './json-syntax.ts'
import { describeProblem, fileError, MAX_PROBLEMS, messageOf } from './problems.ts'
import { domainIssues } from './seed-document.ts'
import { isFields, readSeedElement, type KnownScenarios } from './seed-element.ts'
import { isResourceElement, readSeedResource } from './seed-resource.ts'
import { linesOf, type Line } from './seed-lines.ts'

interface StreamOptions {
  readonly known: KnownScenarios | undefined
  /** Called with the line of each job before the job is yielded. */
  readonly onJob: (line: number) => void
}

/**
 * The jobs of a file with one job a line, read during iteration. After the first bad line no more jobs are yielded, but
 * the other lines are still checked; then a StartError reports all problems.
 */
export function* streamJobs(file: string, { known, onJob }: StreamOptions): Generator<SeedJob> {
  for (const { element, line } of streamElements(file, { known, isWanted: () => true }))
    if ('job' in element) {
      onJob(line)
      yield element.job
    }
}

/** The resources of such a file, each with its line. */
export function* streamResources(file: string): Generator<SeedResource> {
  // A word that each line of a resource has spares reading those of the jobs.
  const isWanted = ({ text }: Line): boolean => text.includes('"kind"')
  for (const { element, line } of streamElements(file, { known: undefined, isWanted }))
    if ('resource' in element)
      yield { ...element.resource, where: (pointer) => `${file}:${line}${pointer === '' ? '' : `: ${pointer}`}` }
}

interface ElementOptions {
  readonly known: KnownScenarios | undefined
  readonly isWanted: (line: Line) => boolean
}

interface StreamElement {
  readonly element: { readonly job: SeedJob } | { readonly resource: SeedResource }
  readonly line: number
}

function* streamElements(file: string, { known, isWanted }: ElementOptions): Generator<StreamElement> {
  const problems: string[] = []
  let lines = 0
  let heads = 0
  for (const line of linesOf(file)) {
    lines += 1
    if (lines === 1 && domainOf(line) !== undefined) heads = 1
    if (lines === heads || !isWanted(line)) continue
    const read = readLine(line, { file, known })
    if ('problems' in read) problems.push(...read.problems)
    if (problems.length >= MAX_PROBLEMS) break
    if ('problems' in read || problems.length > 0) continue
    yield { element: read, line: line.number }
  }
  if (lines === heads) problems.push(describeProblem({ file, message: 'has no job and no resource' }))
  if (problems.length > 0) throw fileError(problems)
}

interface LineContext {
  readonly file: string
  readonly known: KnownScenarios | undefined
}

function readLine(
  { number, text }: Line,
  { file, known }: LineContext,
): { job: SeedJob } | { resource: SeedResource } | { problems: string[] } {
  const parsed = parse(text)
  if ('error' in parsed) return { problems: [describeProblem({ file, line: number, message: parsed.error })] }
  const reading = isResourceElement(parsed.value)
    ? readSeedResource(parsed.value)
    : readSeedElement(parsed.value, { json: text, known })
  if (!('issues' in reading)) return reading
  return {
    problems: reading.issues.map((issue) => issueLine(issue, { file, line: number, value: parsed.value })),
  }
}

function parse(text: string): { value: unknown } | { error: string } {
  try {
    return { value: JSON.parse(text) as unknown }
  } catch {
    const { offset, message } = findSyntaxIssue(text)
    return { error: `${message}, column ${offset + 1}; a line has one complete job` }
  }
}

interface LineValue {
  readonly file: string
  readonly line: number
  readonly value: unknown
}

function issueLine(issue: Issue, { file, line, value }: LineValue): string {
  return describeProblem({ file, line, pointer: issue.pointer, message: messageOf(issue, value) })
}

/** The name or glob of the domains that get the jobs of a file: that of a first line `{"domain":"ci-*"}`, or root. */
export function streamDomain(file: string): string {
  for (const line of linesOf(file)) {
    const domain = domainOf(line)
    if (domain === undefined) return ROOT_DOMAIN
    const problems = domainIssues(domain).map((each) => issueLine(each, { file, line: line.number, value: { domain } }))
    if (problems.length > 0) throw fileError(problems)
    return domain as string
  }
  throw fileError([describeProblem({ file, message: 'is empty' })])
}

function domainOf({ text }: Line): unknown {
  const parsed = text.startsWith('{') && text.includes('"domain"') ? parse(text) : { value: undefined }
  if (!('value' in parsed) || !isFields(parsed.value)) return undefined
  return Object.keys(parsed.value).join() === 'domain' ? parsed.value.domain : undefined
}
