import type { SeedReader } from '../domain/services.ts'
import { StartError } from '../errors.ts'
import type { FamilyName, JobRequest } from '../model/family.ts'
import type { ScenarioLookup } from '../model/read-scenario.ts'
import type { Settings } from '../model/settings.ts'
import { readCreateRequest } from '../wire/create-request.ts'
import { familyOf } from '../wire/families/index.ts'
import { invalid } from './invalid.ts'
import type { ScenarioCatalogue } from './scenarios.ts'
import { readSeedElement, type KnownScenarios } from './seed-element.ts'
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
    readRequest: readSeedRequest,
    refuseTaken: (id) => {
      throw new StartError([`${seeds?.where('/id') ?? ''}: the id ${id} is taken by an earlier job`], 2)
    },
  }
}

/** Reads the create request of a seeded job. */
export function readSeedRequest(family: FamilyName, body: unknown, settings: Settings): JobRequest {
  const reading = readCreateRequest(familyOf(family), body, settings)
  if ('issues' in reading) throw invalid(reading.issues)
  return reading.request
}
