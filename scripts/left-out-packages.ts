// Packages that a bundled one would load for something that the emulator has no use for. Left in, they are a third of what
// is read at each start, and a twentieth of what is run.

import type { Plugin } from 'esbuild'

/** Each with what stands for it. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  // Fastify's compilers of schemas: src/http/app.ts gives it its own, since no route has a schema.
  '@fastify/ajv-compiler': refusal('@fastify/ajv-compiler'),
  '@fastify/fast-json-stringify-compiler': refusal('@fastify/fast-json-stringify-compiler'),
  // Fastify asks it whether a plugin is made for this Fastify. In a bundle both stay what they were when it was tested.
  semver: 'exports.satisfies = () => true',
  // Fastify's router asks it about regular expressions: a few of its own, and those in paths, of which there are none.
  'safe-regex2': 'module.exports = () => true',
}

export const leftOutPackages: Plugin = {
  name: 'left-out-packages',
  setup(build) {
    build.onResolve({ filter: new RegExp(`^(${Object.keys(LEFT_OUT).join('|')})$`) }, ({ path }) => ({
      path,
      namespace: 'left-out',
    }))
    build.onLoad({ filter: /.*/, namespace: 'left-out' }, ({ path }) => ({ contents: LEFT_OUT[path] ?? '' }))
  },
}

function refusal(name: string): string {
  return `throw new Error(${JSON.stringify(`${name} is not in this bundle: see scripts/left-out-packages.ts`)})`
}
