import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus, loadavg, release, totalmem } from 'node:os'
import { GENERATOR } from './load.ts'
import { PINS } from './processes.ts'

const GIB = 2 ** 30

/** What the figures were taken on, without a name that would tell whose machine it is. */
export function machine(): string {
  const [{ model } = { model: 'unknown' }] = cpus()
  const system = /^PRETTY_NAME="(.*)"$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'Linux'
  return [
    `${cpus().length} cores (${model}), ${(totalmem() / GIB).toFixed(0)} GiB`,
    `${system}, Linux ${release()}`,
    `Node ${process.versions.node}`,
    `load by ${GENERATOR}`,
    PINS ? 'server and load on a core each' : 'server and load share the cores',
  ].join('; ')
}

/** How busy the machine was with other things before the bench began. */
export function busyness(): string {
  return (loadavg()[0] ?? 0).toFixed(1)
}

/** The commit that was measured, with a mark if the files are not quite that. */
export function commit(): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], { encoding: 'utf8' }).trim()
  } catch {
    return 'unknown'
  }
}
