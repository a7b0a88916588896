// Where each example of the documentation runs, and which ones cannot run here:
//
//   source     `npm test`: everything else, with the emulator from source
//   package    `npm run test:package`: the pages under docs/getting-started, as a reader runs them: in an empty folder,
//              with the built package
//   container  the container step of .ci/run: each section with a `docker` command, as one session

import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { type Block, problemAt } from './markdown.ts'

/** True if the packages of tools/ are installed. */
export const hasTools = existsSync(new URL('../../tools/node_modules', import.meta.url))

export type Place = 'source' | 'package' | 'container'

const ELSEWHERE: Readonly<Record<Place, string>> = {
  source: 'npm test runs it',
  package: 'needs the built package; npm run test:package runs it',
  container: 'needs a container; .ci/run runs it where it has the means for one',
}

export const isShell = ({ language }: Block): boolean => ['sh', 'bash', 'shell'].includes(language)

const usesDocker = (block: Block): boolean => isShell(block) && /^\s*docker /m.test(block.code)

/** The examples of one page that run in a place; `left` says why each other one does not. */
export interface Plan {
  run: Block[]
  left: string[]
}

/** `has` is whether a program is installed. */
export function planFor(place: Place, blocks: readonly Block[], has = isInstalled): Plan {
  const plan: Plan = { run: [], left: [] }
  for (const block of blocks) {
    const reason = reasonNot(block, blocks, place, has)
    if (reason === undefined) plan.run.push(block)
    else plan.left.push(`${block.file} block ${block.number} (line ${block.line}): ${reason}`)
  }
  return plan
}

/** Faults of the options themselves: an example that is not run must say why. */
export const silentOnes = (blocks: readonly Block[]): string[] =>
  blocks.filter(({ noRun }) => noRun === '').map((block) => problemAt(block, 'no-run without a reason'))

function reasonNot(block: Block, page: readonly Block[], place: Place, has: typeof isInstalled): string | undefined {
  if (block.noRun !== undefined) return block.noRun
  const own = placeOf(block, page)
  if (own !== place) return ELSEWHERE[own]
  const missing = programsOf(block).filter((program) => !has(program))
  return missing.length === 0 ? undefined : `needs ${missing.join(' and ')}`
}

function placeOf(block: Block, page: readonly Block[]): Place {
  const section = page.filter((other) => other.section === block.section && other.noRun === undefined)
  if (isShell(block) && section.some(usesDocker)) return 'container'
  const isForReader = isShell(block) || block.saveAs !== undefined
  return isForReader && block.file.startsWith('docs/getting-started/') ? 'package' : 'source'
}

function programsOf({ language, code, needs }: Block): readonly string[] {
  if (language === 'ts' && code.includes("'cckm-emulator/testcontainers'")) return [TESTCONTAINERS, ...needs]
  if (language !== 'python') return needs
  return ['python3', ...(code.includes('import pytest') ? ['pytest'] : []), ...needs]
}

/** Its types are among the packages of tools/. */
const TESTCONTAINERS = '`npm ci --prefix tools`'

const found = new Map<string, boolean>()

function isInstalled(program: string): boolean {
  const known = found.get(program) ?? canStart(program)
  found.set(program, known)
  return known
}

function canStart(program: string): boolean {
  if (program === TESTCONTAINERS) return hasTools
  // Debian's package of pytest has the module and no command of that name.
  if (program === 'pytest') return spawnSync('python3', ['-m', 'pytest', '--version']).status === 0
  return spawnSync(program, ['--version']).error === undefined
}
