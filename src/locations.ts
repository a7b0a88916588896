// Where the files beside the code are. They are beside `src` in the repository and, in the package, beside `dist`, a
// flat bundle: only a file directly in src can find both.

import { fileURLToPath } from 'node:url'

const IS_SOURCE = import.meta.url.endsWith('.ts')

/** The file of the command, to start it as a process. */
export const EXECUTABLE = fileURLToPath(new URL(IS_SOURCE ? './cli.ts' : './cli.js', import.meta.url))

/** The thread for the calls of the test fixture. */
export const TRANSPORT_WORKER = new URL(IS_SOURCE ? './transport-worker.ts' : './transport-worker.js', import.meta.url)

/** The shipped seeds and scenarios. */
export const FIXTURES = new URL('../fixtures/', import.meta.url)

/** What makes the sleeps of Python, Node and shells virtual. */
export const SHIMS = fileURLToPath(new URL('../shims/', import.meta.url))

/** Swagger UI: its package in the repository, a copy of its files in the package. */
export const DOCS_UI = new URL(
  IS_SOURCE ? '../node_modules/@fastify/swagger-ui/static/' : './docs-ui/',
  import.meta.url,
)

/** The dashboard: the script that bundles it in the repository, the folder of its built files in the package. */
export const DASHBOARD = new URL(IS_SOURCE ? '../scripts/bundle-dashboard.ts' : './dashboard/', import.meta.url)
