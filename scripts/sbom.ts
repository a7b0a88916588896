// A software bill of materials, CycloneDX 1.5: the packages whose code is in the bundles, and the dependencies that npm
// installs beside them. Reads only node_modules, and has no time or random id in it: the same build gives the same file.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'

interface Manifest {
  readonly name: string
  readonly version: string
  readonly license?: string
  readonly description?: string
  readonly dependencies?: Readonly<Record<string, string>>
}

/** The document as JSON. Takes the folders of the bundled packages, relative to the repository. */
export function sbomOf(root: string, bundled: readonly string[]): string {
  const own = readManifest(root)
  const installed = installedFolders(root, Object.keys(own.dependencies ?? {}))
  const all = [
    ...bundled.map((folder) => componentOf(readManifest(join(root, folder)), 'bundled')),
    ...installed.map((folder) => componentOf(readManifest(join(root, folder)), 'installed by npm')),
  ]
  // A package may be there twice, in folders of its own.
  const byRef = new Map(all.map((component) => [component['bom-ref'], component]))
  const components = [...byRef.keys()].sort().map((ref) => byRef.get(ref)!)
  const { properties: _properties, ...subject } = componentOf(own, '')
  const document = {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: { component: { ...subject, type: 'application' } },
    components,
    dependencies: [{ ref: subject['bom-ref'], dependsOn: components.map((component) => component['bom-ref']) }],
  }
  return `${JSON.stringify(document, undefined, 2)}\n`
}

function componentOf({ name, version, license, description }: Manifest, origin: string) {
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`
  return {
    type: 'library',
    'bom-ref': purl,
    name,
    version,
    ...(description !== undefined && { description }),
    ...(license !== undefined && {
      licenses: [/\s/.test(license) ? { expression: license } : { license: { id: license } }],
    }),
    purl,
    properties: [{ name: 'cckm-emulator:origin', value: origin }],
  }
}

/** These packages and what they depend on; none of them has another version of a package in a folder of its own. */
function installedFolders(root: string, names: readonly string[]): readonly string[] {
  const found = new Set(names.map((name) => `node_modules/${name}`))
  for (const folder of found)
    for (const name of Object.keys(readManifest(join(root, folder)).dependencies ?? {}))
      found.add(`node_modules/${name}`)
  return [...found]
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
}
