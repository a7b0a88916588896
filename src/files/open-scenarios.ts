import type { BaseLogger } from 'pino'
import type { Config } from '../config/config.ts'
import { StartError } from '../errors.ts'
import { createScenarioCatalogue, readScenarioFiles, shippedScenarios, type ScenarioCatalogue } from './scenarios.ts'
import { watchFolder } from './watch.ts'
import { withHints } from '../model/issue.ts'
import { didYouMean } from '../model/nearest.ts'
import { readScenario } from '../model/read-scenario.ts'

/** The scenarios of an emulator, and the watcher of the user's folder. */
export interface OpenScenarios extends ScenarioCatalogue {
  /** With `--watch`: reads the folder again when it changes. Returns a function that ends the watch. */
  readonly watch: (log: Pick<BaseLogger, 'info' | 'warn' | 'error'> | undefined) => () => void
}

/** The scenarios of the configuration and the shipped ones. Throws a StartError for an invalid one. */
export async function openScenarios(config: Config, fixtures: URL): Promise<OpenScenarios> {
  let current = await readCatalogue(config, fixtures)
  return {
    source: (name) => current.source(name),
    scenario: (name) => current.scenario(name),
    names: () => current.names(),
    isShipped: (source) => current.isShipped(source),
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
        // After an error, perhaps in a half-written file, the previous scenarios stay until the next change.
        onError: ({ message }) => log?.error(`the previous scenarios stay in use: ${message}`),
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
  const reading = readScenario(scenario, 'inline', catalogue.source, catalogue)
  if ('scenario' in reading) return
  const problems = withHints(reading.issues, scenario).map(({ pointer, message }) =>
    `--scenario: ${pointer} ${message}`.replace('  ', ' '),
  )
  throw new StartError(problems, 2)
}
