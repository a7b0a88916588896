// The pages of docs/getting-started, as a reader runs them: in an empty folder, with the built package.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { planFor } from '../support/docs-places.ts'
import { findMarkdown, readBlocks } from '../support/markdown.ts'
import { runPage } from '../support/run-docs.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const pages = findMarkdown(root)
  .filter((file) => file.startsWith('docs/getting-started/'))
  .map((file) => ({ file, blocks: readBlocks(root, file) }))
  .filter(({ blocks }) => planFor('package', blocks).run.length > 0)

let prefix: string
const notRun: string[] = []

// The command on the PATH.
beforeAll(() => {
  prefix = mkdtempSync(join(tmpdir(), 'cckm-command-'))
  const options = ['--prefix', prefix, '--global', '--prefer-offline', '--no-audit', '--no-fund']
  execFileSync('npm', ['install', ...options, inject('tarball')])
})
afterAll(() => {
  rmSync(prefix, { recursive: true, force: true })
  console.log(['not run here:', ...notRun].join('\n  '))
})

// The shell of the examples, and the download.
it.skipIf(process.platform !== 'linux').each(pages)('$file', async ({ blocks }) => {
  const { problems, left } = await runPage(root, blocks, 'package', {
    tarball: inject('tarball'),
    bin: join(prefix, 'bin'),
  })
  notRun.push(...left)
  expect(problems).toEqual([])
})
