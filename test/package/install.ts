import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

/** Installs packages, as npm names them, in a new folder with the given files, below a folder. */
export async function install(
  folder: string,
  packages: readonly string[],
  files: Readonly<Record<string, string>> = {},
) {
  mkdirSync(folder, { recursive: true })
  writeFiles(folder, { 'package.json': '{"private":true,"type":"module"}', ...files })
  const options = ['--prefer-offline', '--no-package-lock', '--no-audit', '--no-fund', '--silent']
  await promisify(execFile)('npm', ['install', ...options, ...packages], {
    cwd: folder,
    shell: process.platform === 'win32',
  })
}

export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
}
