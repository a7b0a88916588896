import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

export interface FoundNode {
  path: string
  version: string
  isTooOld: boolean
}

/** The Node that runs this test, then those of TEST_NODES (a list like PATH, of executables), then the machine's own. */
export function findNodes(env = process.env): FoundNode[] {
  const listed = (env.TEST_NODES ?? '').split(delimiter).filter((path) => path !== '')
  const own = (env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '' && !folder.includes('node_modules'))
    .map((folder) => join(folder, 'node'))
    .filter((path) => existsSync(path))
  const nodes = [process.execPath, ...listed, ...own].map(toNode)
  return nodes.filter((node, index) => nodes.findIndex(({ version }) => version === node.version) === index)
}

function toNode(path: string): FoundNode {
  const { stdout, error } = spawnSync(path, ['-p', 'process.versions.node + " " + process.versions.napi'], {
    encoding: 'utf8',
  })
  if (error) throw error
  const [version = '', napi] = stdout.trim().split(' ')
  return { path, version, isTooOld: !(Number(napi) >= 10) }
}
