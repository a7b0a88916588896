#!/usr/bin/env node
// The executable: a stub that any Node since 12 can read. It looks at the version before anything else is
// loaded, because the database crashes on a Node that is too old, without a message. So: no static imports
// (they would load first), no top-level await, no syntax newer than the oldest Node that should get an answer.

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)

async function start(): Promise<void> {
  // Compiled code is remembered between starts; a place that cannot be written to costs only time.
  await import('node:module').then(({ enableCompileCache }) => enableCompileCache()).catch(() => undefined)
  const { main } = await import('./cli/main.ts')
  await main()
}

if (major < 22 || (major === 22 && minor < 12)) {
  process.stderr.write(`cckm-emulator needs Node 22.12 or newer, and this is Node ${process.versions.node}\n`)
  process.exitCode = 1
} else {
  void start()
}
