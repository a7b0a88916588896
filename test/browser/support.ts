// What browser tests share: one browser a file, a profile of its own for each page, and no silent errors.

import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { afterAll, expect, onTestFinished } from 'vitest'
import { findChromium } from '../../scripts/chromium.ts'
import { createEmulator, type EmulatorOptions } from '../../src/index.ts'

const executablePath = findChromium()

/** Whether there is a browser here at all. `npm run test:browser` says so and fails where there is none. */
export const hasBrowser = executablePath !== undefined

// Root, as in a container of CI, has no sandbox; everything that is opened comes from this machine.
const ARGS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-dev-shm-usage'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
]

let launched: Promise<Browser> | undefined

/** A page of its own for a test, in a browser that the tests of a file share. A picture of it is kept if the test fails. */
export async function openPage(options: BrowserContextOptions = {}): Promise<Page> {
  if (executablePath === undefined) throw new Error('there is no Chromium: node scripts/chromium.ts')
  launched ??= chromium.launch({ executablePath, args: ARGS })
  const context = await (await launched).newContext({ viewport: { width: 1280, height: 900 }, ...options })
  const page = await context.newPage()
  onTestFinished(async ({ task }) => {
    if (task.result?.state === 'fail') await picture(page, `failed ${task.name}`).catch(() => undefined)
    await context.close()
  })
  return page
}

afterAll(async () => (await launched)?.close())

/** Opens a page that is served, and at the end of the test sees that nothing went wrong in it unheard. */
export async function visit(url: string, options: BrowserContextOptions = {}): Promise<Page> {
  const page = await openPage(options)
  const errors: string[] = []
  page.on('pageerror', ({ message }) => errors.push(message))
  page.on('console', (message) => {
    // An answer that a test is about: the page shows it.
    const isAnswer = message.text().startsWith('Failed to load resource')
    if (message.type() === 'error' && !isAnswer) errors.push(message.text())
  })
  onTestFinished(() => {
    expect(errors).toEqual([])
  })
  await page.goto(url)
  return page
}

/** Screenshots of a run; CI keeps them. */
const PICTURES = fileURLToPath(new URL('./screenshots/', import.meta.url))

/** Keeps a picture of the page for whoever looks into a run. */
export async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(PICTURES, { recursive: true })
  await page.screenshot({ path: `${PICTURES}${name.replace(/[^\w]+/g, '-').toLowerCase()}.png`, fullPage: true })
}

/** An emulator with a socket for one test, without seeds, its clocks at noon. */
export async function startEmulator(options: EmulatorOptions = {}) {
  const emulator = await createEmulator({ seed: 'none', clock: 'frozen@2026-01-01T12:00:00Z', port: 0, ...options })
  onTestFinished(() => emulator.close())
  const { url } = await emulator.listen()
  return { emulator, url }
}

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
