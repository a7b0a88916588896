// Makes the page under /__dashboard out of src/dashboard/: one script, one style sheet and the document that names them.
// scripts/build.ts writes them to dist/dashboard/; a server that runs from the sources calls this when the page is first
// asked for (src/control/dashboard-files.ts).

import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type Metafile } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))

export interface DashboardBundle {
  readonly files: readonly { readonly name: string; readonly content: Uint8Array }[]
  readonly metafile: Metafile
}

export async function bundleDashboard(): Promise<DashboardBundle> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['src/dashboard/main.tsx', 'src/dashboard/page.css'],
    outdir: 'dist/dashboard',
    entryNames: '[name]-[hash]',
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    minify: true,
    legalComments: 'none',
    // Not from tsconfig.json, which an image is built without.
    tsconfigRaw: { compilerOptions: { jsx: 'react-jsx', jsxImportSource: 'preact' } },
    logLevel: 'warning',
    metafile: true,
  })
  const assets = outputFiles.map(({ path, contents }) => ({ name: basename(path), content: contents }))
  const template = await readFile(join(root, 'src/dashboard/index.html'), 'utf8')
  const page = template.replaceAll(/%(\w+\.\w+)%/g, (_all, name: string) => hashedName(assets, name))
  return { files: [{ name: 'index.html', content: Buffer.from(page) }, ...assets], metafile }
}

function hashedName(assets: DashboardBundle['files'], name: string): string {
  const [stem = '', extension = ''] = name.split('.')
  const asset = assets.find((each) => each.name.startsWith(`${stem}-`) && each.name.endsWith(`.${extension}`))
  if (asset === undefined) throw new Error(`index.html names ${name}, and there is no such file`)
  return asset.name
}
