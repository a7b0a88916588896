import type { SeedReader } from '../domain/services.ts'
import { EmulatorError, StartError } from '../errors.ts'
import type { FamilyName, JobRequest } from '../model/family.ts'
import type { ScenarioLookup } from '../model/read-scenario.ts'
import type { FillContext, ResourceRecord } from '../model/resource.ts'
import type { SeedResource } from '../model/seed.ts'
import type { Settings } from '../model/settings.ts'
import { moveCapturedJob } from '../wire/captured-job.ts'
import { readCreateRequest } from '../wire/create-request.ts'
import { familyOf } from '../wire/families/index.ts'
import { fillRecord, kindOf } from '../wire/resources/index.ts'
import { invalid } from './invalid.ts'
import type { ScenarioCatalogue } from './scenarios.ts'
import { readSeedElement, type KnownScenarios } from './seed-element.ts'
import { readSeedResource } from './seed-resource.ts'
import { readSeedDocument, type SeedSet } from './seeds.ts'

/** Reads the seeds of domains: those of the configuration, and what the control API sends. */
export function createSeedReader(seeds: SeedSet | undefined, catalogue: ScenarioCatalogue): SeedReader {
  const known = (own: ScenarioLookup): KnownScenarios => ({
    names: catalogue.names,
    source: (name) => own(name) ?? catalogue.source(name),
  })
  return {
    configured: () => seeds?.seeds() ?? [],
    *readDocument(document, own) {
      const reading = yield* readSeedDocument(document, known(own))
      if ('issues' in reading) throw invalid(reading.issues)
      return reading.seed
    },
    readJob: (element, own) => {
      const reading = readSeedElement(element, { json: JSON.stringify(element), known: known(own) })
      if ('issues' in reading) throw invalid(reading.issues)
      return reading.job
    },
    readResource: (element) => {
      const reading = readSeedResource(element)
      if ('issues' in reading) throw invalid(reading.issues)
      return reading.resource
    },
    fillRecord: fillSeedResource,
    readRequest: readSeedRequest,
    moveJob: moveCapturedJob,
    refuseTaken: (id) => {
      throw new StartError([`${seeds?.where('/id') ?? ''}: the id ${id} is taken by an earlier job`], 2)
    },
  }
}

/** Fills in what an element of a seed leaves out of its record. */
function fillSeedResource({ kind: name, record, of }: SeedResource, context: FillContext): ResourceRecord {
  const kind = kindOf(name)
  if (of !== undefined && kind.owner === undefined)
    throw new EmulatorError('badRequest', `a resource of the kind ${name} belongs to no other`, undefined, '/of')
  if (of !== undefined && kind.owner !== undefined && context.find(kind.owner, of) === undefined)
    throw new EmulatorError('badRequest', `there is no ${kind.owner} ${of}`, undefined, '/of')
  return fillRecord(kind, record, context)
}

/** Reads the create request of a seeded job. */
export function readSeedRequest(family: FamilyName, body: unknown, settings: Settings): JobRequest {
  const reading = readCreateRequest(familyOf(family), body, settings)
  if ('issues' in reading) throw invalid(reading.issues)
  return reading.request
}
