// esbuild gives a CommonJS package that is imported with import() a default export and no names, so that
// `const { parse } = await import('yaml')` works from the sources and fails in the bundle. This plugin gives it the
// names that Node finds in it.

import { createRequire } from 'node:module'
import type { Plugin } from 'esbuild'

const require = createRequire(import.meta.url)

export const lazyPackages: Plugin = {
  name: 'lazy-packages',
  setup(build) {
    build.onResolve({ filter: /^[a-z@]/ }, ({ kind, path, resolveDir }) =>
      kind === 'dynamic-import' ? { path, namespace: 'lazy', pluginData: resolveDir } : undefined,
    )
    build.onLoad({ filter: /.*/, namespace: 'lazy' }, async ({ path, pluginData }) => ({
      contents: await wrapperOf(path),
      resolveDir: pluginData as string,
    }))
  },
}

async function wrapperOf(path: string): Promise<string> {
  const found = (await import(path)) as Record<string, unknown>
  const name = JSON.stringify(path)
  const isCommonJs = require(path) === found.default
  if (!isCommonJs) return `export * from ${name}`
  const names = Object.keys(found).filter((it) => it !== 'default' && /^[\w$]+$/.test(it))
  const constants = names.map((it, index) => `const _${index} = all.${it}`)
  const exports = names.map((it, index) => `_${index} as ${it}`)
  return `const all = require(${name})\n${constants.join('\n')}\nexport { all as default, ${exports.join(', ')} }`
}
