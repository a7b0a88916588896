import type { BaseLogger } from 'pino'
import type { Config } from '../config/config.ts'
import { StartError } from '../errors.ts'
import { createScenarioCatalogue, readScenarioFiles, shippedScenarios, type ScenarioCatalogue } from './scenarios.ts'
import { watchFolder } from './watch.ts'
import { withHints } from '../model/issue.ts'
import { didYouMean } from '../model/nearest.ts'
import { readScenario } from '../model/read-scenario.ts'

/** The scenarios of an emulator, and the watch over the folder of the user's. */
export interface OpenScenarios extends ScenarioCatalogue {
  /** With `--watch`: reads the folder again whenever something in it changes. Gives a function that ends it. */
  readonly watch: (log: Pick<BaseLogger, 'info' | 'warn' | 'error'> | undefined) => () => void
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
