import { StartError } from './errors.ts'

/** The error for a Node that is too old; undefined for others. The command and the library print the same. */
export function nodeProblem(): string | undefined {
  const { napi, node } = process.versions
  // better-sqlite3 is built for version 10 of Node's native interface, which 22.14 and 23.6 brought. It crashes on older ones.
  if (Number(napi) >= 10) return undefined
  return `cckm-emulator needs Node 22.14, 23.6, 24 or newer, and this is Node ${node}`
}

/** Called by each entry of the library, before it does anything that requires a newer Node. */
export function requireSupportedNode(): void {
  const problem = nodeProblem()
  if (problem !== undefined) throw new StartError([problem], 1)
}
