import { fileURLToPath } from 'node:url'

/** The file of the command, for whoever starts it as a process: beside this one, in the sources as in the package. */
export const EXECUTABLE = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? './cli.ts' : './cli.js', import.meta.url),
)

/** The thread that makes the calls of the tests' fixture, likewise. */
export const TRANSPORT_WORKER = new URL(
  import.meta.url.endsWith('.ts') ? './transport-worker.ts' : './transport-worker.js',
  import.meta.url,
)
