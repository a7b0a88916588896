// Runs vitest as a user does, in a separate process, on a small project whose tests use the fixture from the sources.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

export interface Outcome {
  readonly status: string
  /** All error messages of the test. */
  readonly reason: string
}

export interface Run {
  /** By the full name of the test. */
  readonly tests: Readonly<Record<string, Outcome>>
  readonly output: string
  readonly folder: string
}

interface Report {
  readonly testResults: readonly {
    readonly message: string
    readonly assertionResults: readonly {
      readonly fullName: string
      readonly status: string
      readonly failureMessages: readonly string[]
    }[]
  }[]
}

export interface Project {
  /** Test files by name. */
  readonly files: Readonly<Record<string, string>>
  /** Fields of `test` in the configuration, as source text. */
  readonly config?: string
  readonly env?: Readonly<Record<string, string>>
}

/** A folder in the repository, where `vitest` is found; deleted with the test. */
export function projectFolder(): string {
  const parent = join(root, 'test/.projects')
  mkdirSync(parent, { recursive: true })
  const folder = mkdtempSync(join(parent, 'p-'))
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true })
  })
  return folder
}

const source = (path: string) => JSON.stringify(join(root, 'src', path))
/** For options where vitest accepts a path as well as a name, but no alias. */
export const GLOBAL_SETUP = source('testing/vitest-global-setup.ts')

/** The sources in place of the package's entries. */
const ALIASES = `{
  'cckm-emulator/vitest': ${source('testing/vitest.ts')},
  'cckm-emulator/testing': ${source('testing/cckm-test.ts')},
}`

/** Writes such a project; returns its folder. */
export function writeProject({ files, config = '' }: Project): string {
  const folder = projectFolder()
  for (const [name, code] of Object.entries(files)) writeFileSync(join(folder, name), code)
  const settings = `{ resolve: { alias: ${ALIASES} }, test: { include: ['*.test.ts'], testTimeout: 60000, ${config} } }`
  writeFileSync(join(folder, 'vitest.config.mjs'), `export default ${settings}`)
  return folder
}

export const VITEST = join(root, 'node_modules/vitest/vitest.mjs')

export async function runVitest({ env = {}, ...project }: Project): Promise<Run> {
  const folder = writeProject(project)
  const args = ['run', '--reporter=json', '--outputFile=report.json', '--disableConsoleIntercept']
  const inherited = Object.entries(process.env).filter(([name]) => !/^(CCKM_EMULATOR_|VITEST|NODE_OPTIONS$)/.test(name))
  const child = spawn(process.execPath, [VITEST, ...args], {
    cwd: folder,
    env: { ...Object.fromEntries(inherited), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [said, complained] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  const output = `${said}\n${complained}`
  return { tests: outcomesOf(join(folder, 'report.json'), output), output, folder }
}

function outcomesOf(file: string, output: string): Run['tests'] {
  if (!existsSync(file)) throw new Error(`vitest wrote no report:\n${output}`)
  const { testResults } = JSON.parse(readFileSync(file, 'utf8')) as Report
  return Object.fromEntries(
    testResults.flatMap(({ assertionResults }) =>
      assertionResults.map(({ fullName, status, failureMessages }) => [
        fullName,
        { status, reason: failureMessages.join('\n') },
      ]),
    ),
  )
}
