#!/usr/bin/env node
// The executable: a stub that any Node since 12 can read. It checks the version before it loads anything else, because
// the database crashes on an old Node without a message. So it statically imports only that check, which the build
// inlines, and has no top-level await and no syntax newer than the oldest Node that should print the error.

import { nodeProblem } from './supported-node.ts'

async function start(): Promise<void> {
  // Node caches compiled code between starts; without a writable place a start only takes longer.
  await import('node:module').then(({ enableCompileCache }) => enableCompileCache()).catch(() => undefined)
  const { main } = await import('./cli/main.ts')
  await main()
}

const problem = nodeProblem()
if (problem === undefined) void start()
else {
  process.stderr.write(`${problem}\n`)
  process.exitCode = 1
}
