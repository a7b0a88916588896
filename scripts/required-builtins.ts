// An ESM import of one of Node's own modules reads every export of it, getters included: `import 'node:http'` alone loads
// all of undici so, a tenth of a start. require() reads what is used. esbuild then makes the names of it.

import type { Plugin } from 'esbuild'

export const requiredBuiltins: Plugin = {
  name: 'required-builtins',
  setup(build) {
    build.onResolve({ filter: /^node:/ }, ({ kind, path }) =>
      kind === 'import-statement' ? { path, namespace: 'builtin' } : undefined,
    )
    build.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(path)})`,
    }))
  },
}
