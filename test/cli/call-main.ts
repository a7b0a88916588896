// Runs the command inside this process, for tests that need no separate process.

import { vi } from 'vitest'
import { main } from '../../src/cli/main.ts'

export interface Outcome {
  code: number
  stdout: string
  stderr: string
}

/** Calls the command with these arguments and variables; captures its output and its exit code. */
export async function callMain(args: string[], env: Record<string, string> = {}): Promise<Outcome> {
  const { argv, exitCode } = process
  const written = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      written[name] += String(text)
      return true
    })
  }
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
  process.argv = [...argv.slice(0, 2), ...args]
  process.exitCode = 0
  try {
    await main()
    return { code: process.exitCode, ...written }
  } finally {
    process.argv = argv
    process.exitCode = exitCode
    vi.unstubAllEnvs()
    vi.restoreAllMocks()
  }
}
