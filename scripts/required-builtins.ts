// An ESM import of one of Node's own modules reads every export of it, getters included: `import 'node:http'` alone loads
// all of undici so, a tenth of a start. require() reads what is used. esbuild then makes the names of it.

import { createHash } from 'node:crypto'
import { relative } from 'node:path'
import type { Plugin } from 'esbuild'

export const requiredBuiltins: Plugin = {
  name: 'required-builtins',
  setup(build) {
    // One for each importer: one for all would be a file of its own for each of Node's modules that several bundles use.
    build.onResolve({ filter: /^node:/ }, ({ kind, path, importer }) =>
      kind === 'import-statement' ? { path, namespace: 'builtin', suffix: `#${shortOf(importer)}` } : undefined,
    )
    build.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(path)})`,
    }))
  },
}

/** The name of a file as a few letters: whole paths would stand in the bundle. */
function shortOf(file: string): string {
  return createHash('sha256').update(relative(process.cwd(), file)).digest('hex').slice(0, 12)
}
