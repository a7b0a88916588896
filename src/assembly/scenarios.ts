import type { FastifyBaseLogger } from 'fastify'
import type { Config } from '../config/config.ts'
import type { DomainServices } from '../domain/services.ts'
import { EmulatorError, StartError } from '../errors.ts'
import {
  createScenarioCatalogue,
  readScenarioFiles,
  shippedScenarios,
  type ScenarioCatalogue,
} from '../files/scenarios.ts'
import { watchFolder } from '../files/watch.ts'
import { withHints } from '../model/issue.ts'
import { didYouMean } from '../model/nearest.ts'
import { readScenario } from '../model/read-scenario.ts'
import type { ScenarioSource } from '../model/scenario.ts'
import { invalid } from './invalid.ts'

/** The scenarios of an emulator, and the watch over the folder of the user's. */
export interface OpenScenarios extends ScenarioCatalogue {
  /** With `--watch`: reads the folder again whenever something in it changes. Gives a function that ends it. */
  readonly watch: (log: FastifyBaseLogger | undefined) => () => void
}

/** The scenarios of the configuration and those that ship; throws a StartError for any that is wrong. */
export async function openScenarios(config: Config, fixtures: URL): Promise<OpenScenarios> {
  let current = await readCatalogue(config, fixtures)
  return {
    source: (name) => current.source(name),
    scenario: (name) => current.scenario(name),
    names: () => current.names(),
    watch: (log) => {
      const { watch, scenariosDir } = config
      if (!watch) return () => undefined
      if (scenariosDir === undefined) {
        log?.warn('--watch has nothing to watch: --scenarios names no folder')
        return () => undefined
      }
      return watchFolder(scenariosDir, {
        onChange: async () => {
          current = await readCatalogue(config, fixtures)
          log?.info('the scenarios were read again')
        },
        // A file that is wrong, perhaps one that is half written: what there was stays until the next change.
        onError: ({ message }) => log?.error(`the scenarios stay as they were: ${message}`),
      })
    },
  }
}

async function readCatalogue({ scenariosDir, scenarios, scenario }: Config, fixtures: URL): Promise<ScenarioCatalogue> {
  const shippedDir = new URL('scenarios/', fixtures)
  const { source } = shippedScenarios(shippedDir)
  const files = scenariosDir === undefined ? [] : await readScenarioFiles(scenariosDir, source)
  const user = new Map([...files, ...Object.entries(scenarios)])
  const catalogue = createScenarioCatalogue({ shippedDir, user })
  for (const name of Object.keys(scenarios)) catalogue.scenario(name)
  checkDefault(scenario, catalogue)
  return catalogue
}

function checkDefault(scenario: Config['scenario'], catalogue: ScenarioCatalogue): void {
  if (typeof scenario === 'string') {
    if (catalogue.source(scenario) !== undefined) return
    const names = catalogue.names()
    const known = `there are ${names.join(', ')}${didYouMean(scenario, names)}`
    throw new StartError([`--scenario: there is no scenario named ${scenario}; ${known}`], 2)
  }
  const reading = readScenario(scenario, 'inline', catalogue.source, catalogue.names)
  if ('scenario' in reading) return
  const problems = withHints(reading.issues, scenario).map(({ pointer, message }) =>
    `--scenario: ${pointer} ${message}`.replace('  ', ' '),
  )
  throw new StartError(problems, 2)
}

/** How domains find scenarios: their own first, then those of the configuration, then those that ship. */
export function scenarioFinder(catalogue: ScenarioCatalogue): DomainServices['findScenario'] {
  return (named, own) => {
    const source = (name: string): ScenarioSource | undefined => own(name) ?? catalogue.source(name)
    const name = typeof named === 'string' ? named : (named.name ?? 'inline')
    const shipped = typeof named === 'string' && own(named) === undefined ? catalogue.scenario(named) : undefined
    if (shipped !== undefined) return shipped
    const found = typeof named === 'string' ? own(named) : named
    if (found === undefined) throw new EmulatorError('badRequest', noScenario(name, catalogue), undefined, '')
    const reading = readScenario(found, name, source, catalogue.names)
    if ('issues' in reading) throw invalid(withHints(reading.issues, found))
    return reading.scenario
  }
}

function noScenario(name: string, catalogue: ScenarioCatalogue): string {
  return `there is no scenario named ${JSON.stringify(name.slice(0, 100))}${didYouMean(name, catalogue.names())}`
}
