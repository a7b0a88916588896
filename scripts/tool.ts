// Runs a command of the packages in tools/, which few tasks need and `npm ci` does not install:
//
//   node scripts/tool.ts publint --strict
//
// Without a command it only checks that they are installed.

import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const tools = fileURLToPath(new URL('../tools/', import.meta.url))

/** One line that says how to install the packages of tools/; undefined if they are installed. */
export function toolsProblem(): string | undefined {
  return existsSync(`${tools}node_modules`)
    ? undefined
    : 'This needs the packages of tools/: run `npm ci --prefix tools`'
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [name, ...args] = process.argv.slice(2)
  const problem = toolsProblem()
  if (problem !== undefined) console.error(problem)
  const run = () => spawnSync(`${tools}node_modules/.bin/${name!}`, args, { stdio: 'inherit' }).status ?? 1
  process.exitCode = problem !== undefined ? 1 : name === undefined ? 0 : run()
}
