// Packages that a bundled one would load for something that the emulator has no use for. Left in, they are a third of what
// is read at each start.

import type { Plugin } from 'esbuild'

/** Fastify's compilers of schemas: src/http/app.ts gives it its own, since no route has a schema. */
const LEFT_OUT = /^@fastify\/(ajv-compiler|fast-json-stringify-compiler)$/

export const leftOutPackages: Plugin = {
  name: 'left-out-packages',
  setup(build) {
    build.onResolve({ filter: LEFT_OUT }, ({ path }) => ({ path, namespace: 'left-out' }))
    build.onLoad({ filter: /.*/, namespace: 'left-out' }, ({ path }) => ({
      contents: `throw new Error(${JSON.stringify(`${path} is not in this bundle: see scripts/left-out-packages.ts`)})`,
    }))
  },
}
