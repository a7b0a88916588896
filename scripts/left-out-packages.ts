// Packages that Fastify has for something that the emulator does without: they would be read at each start.

import type { Plugin } from 'esbuild'

/** Fastify's compilers of schemas: src/http/app.ts gives it its own, since no route has a schema. */
const LEFT_OUT = ['@fastify/ajv-compiler', '@fastify/fast-json-stringify-compiler']

export const leftOutPackages: Plugin = {
  name: 'left-out-packages',
  setup(build) {
    build.onResolve({ filter: new RegExp(`^(${LEFT_OUT.join('|')})$`) }, ({ path }) => ({
      path,
      namespace: 'left-out',
    }))
    build.onLoad({ filter: /.*/, namespace: 'left-out' }, ({ path }) => ({ contents: refusal(path) }))
  },
}

function refusal(name: string): string {
  return `throw new Error(${JSON.stringify(`${name} is not in this bundle: see scripts/left-out-packages.ts`)})`
}
