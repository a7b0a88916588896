import {
  configFileOf,
  describeProblem,
  readConfig,
  type Config,
  type ConfigSources,
  type Flags,
  type Problem,
} from '../config/config.ts'
import { StartError } from '../errors.ts'
import { readConfigFile, type ConfigFile } from '../files/config-file.ts'
import { readSecretFiles } from '../files/secret-files.ts'

/** Reads the configuration of this process. @throws StartError with a line for each problem. */
export async function loadConfig(flags: Flags, defaults: ConfigSources['defaults'] = {}): Promise<Config> {
  const { env } = process
  const path = configFileOf({ flags, env })
  const file = path === undefined ? undefined : await readConfigFile(path)
  const secrets = await readSecretFiles(env)
  const reading = readConfig({ flags, env, secrets, defaults, ...(file === undefined ? {} : { file }) })
  if ('config' in reading) return reading.config
  throw new StartError(
    reading.problems.map((problem) => lineFor(problem, path ?? '', file)),
    2,
  )
}

function lineFor(problem: Problem, path: string, file: ConfigFile | undefined): string {
  const line = describeProblem(problem)
  return problem.source === 'file' ? `${placeIn(path, file?.lineOf(problem.key))}: ${line}` : line
}

function placeIn(path: string, line: number | undefined): string {
  return line === undefined ? path : `${path}:${line}`
}
