#!/usr/bin/env node
// The executable: a stub that any Node since 12 can read. It looks at the Node before anything else is loaded, because
// the database crashes on one that is too old, without a message. So: no static imports (they would load first), no
// top-level await, no syntax newer than the oldest Node that should get an answer.

// better-sqlite3 is built for version 10 of Node's native interface, which 22.14 and 23.6 brought.
const isTooOld = !(Number(process.versions.napi) >= 10)

async function start(): Promise<void> {
  // Compiled code is remembered between starts; a place that cannot be written to costs only time.
  await import('node:module').then(({ enableCompileCache }) => enableCompileCache()).catch(() => undefined)
  const { main } = await import('./cli/main.ts')
  await main()
}

if (isTooOld) {
  const found = process.versions.node
  process.stderr.write(`cckm-emulator needs Node 22.14, 23.6, 24 or newer, and this is Node ${found}\n`)
  process.exitCode = 1
} else {
  void start()
}
