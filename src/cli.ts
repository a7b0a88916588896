#!/usr/bin/env node
// The executable: a stub that any Node since 12 can read. It looks at the Node before anything else is loaded, because
// the database crashes on one that is too old, without a message. So: nothing is imported statically but that check, which
// the build puts into this file, no top-level await, no syntax newer than the oldest Node that should get an answer.

import { nodeProblem } from './supported-node.ts'

async function start(): Promise<void> {
  // Compiled code is remembered between starts; a place that cannot be written to costs only time.
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
