// The examples of the documentation that use Docker, with their own flags.

import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { planFor } from '../support/docs-places.ts'
import { findMarkdown, readBlocks } from '../support/markdown.ts'
import { runPage } from '../support/run-docs.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const pages = findMarkdown(root)
  .map((file) => ({ file, blocks: readBlocks(root, file) }))
  .filter(({ blocks }) => planFor('container', blocks).run.length > 0)

it('there are examples', () => {
  expect(pages.map(({ file }) => file)).toEqual(
    expect.arrayContaining(['README.md', 'docs/getting-started/install.md', 'docs/guides/docker.md']),
  )
})

it.each(pages)('$file', async ({ blocks }) => {
  expect((await runPage(root, blocks, 'container')).problems).toEqual([])
})
