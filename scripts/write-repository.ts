// Writes `homepage` and `bugs` of package.json from its `repository`, the one line to change in a repository of your own:
//
//   npm run repository

import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The addresses of a manifest whose `repository.url` is `git+https://HOST/OWNER/NAME.git`. */
export function addressesOf(manifest: { readonly repository: { readonly url: string } }): {
  homepage: string
  bugs: string
} {
  const page = manifest.repository.url.replace(/^git\+/, '').replace(/\.git$/, '')
  return { homepage: `${page}#readme`, bugs: `${page}/issues` }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const path = new URL('../package.json', import.meta.url)
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Parameters<typeof addressesOf>[0]
  writeFileSync(path, `${JSON.stringify({ ...manifest, ...addressesOf(manifest) }, undefined, 2)}\n`)
}
