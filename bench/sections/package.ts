import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Outcome, Section } from '../section.ts'

export const tarball: Section = {
  name: 'package',
  title: 'The package',
  explanation: 'What `npm pack` would make of what was built, without making it.',
  run,
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const MIB = 2 ** 20

async function run(): Promise<Outcome> {
  const { stdout } = await promisify(execFile)('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: ROOT,
  })
  const [{ size, unpackedSize, entryCount }] = JSON.parse(stdout) as [
    { size: number; unpackedSize: number; entryCount: number },
  ]
  return {
    columns: ['what', 'MiB', 'files'],
    rows: [
      ['tarball', (size / MIB).toFixed(2), ''],
      ['unpacked', (unpackedSize / MIB).toFixed(2), String(entryCount)],
    ],
    measures: { tarball: size / MIB },
  }
}
