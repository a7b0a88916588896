// npm drops a line from the lock file whenever it rewrites it; test/lockfile.test.ts says what the line is for.

import { readFileSync, writeFileSync } from 'node:fs'

const path = new URL('../package-lock.json', import.meta.url)
const lock = JSON.parse(readFileSync(path, 'utf8')) as { packages: Record<string, Record<string, unknown>> }
lock.packages['node_modules/better-sqlite3']!.gypfile = false
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`)
