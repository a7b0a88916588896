// A real browser for a test: Debian's chromium, or the one that CHROMIUM names.

import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { afterAll, expect, onTestFinished } from 'vitest'

const PATHS = [process.env.CHROMIUM ?? '', '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const executablePath = PATHS.find((path) => path !== '' && existsSync(path))

/** Whether there is a browser here at all. */
export const hasBrowser = executablePath !== undefined
if (!hasBrowser) console.log('no browser here (apt-get install chromium): its tests are skipped')

const ARGS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-dev-shm-usage'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
]

let launched: Promise<Browser> | undefined

/** A page of its own for a test, in a browser that the tests of a file share. */
export async function openPage(options: BrowserContextOptions = {}): Promise<Page> {
  launched ??= chromium.launch({ executablePath: executablePath!, args: ARGS })
  const context = await (await launched).newContext(options)
  onTestFinished(() => context.close())
  return context.newPage()
}

afterAll(async () => (await launched)?.close())

interface Violation {
  readonly id: string
  readonly help: string
  readonly nodes: readonly { readonly html: string }[]
}

/** Checks a page by the rules of axe-core, best practices included. */
export async function expectAccessible(page: Page): Promise<void> {
  // Evaluated and not added as a script, so that the policy of the page stays as it is.
  await page.evaluate(readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'))
  const violations = await page.evaluate<Violation[]>('axe.run().then((results) => results.violations)')
  expect(violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual(
    [],
  )
}
