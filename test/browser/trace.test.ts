// A trace as a browser shows it, opened from disk.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createEmulator } from '../../src/index.ts'
import { expectAccessible, hasBrowser, openPage } from './support.ts'

const TITLE = 'test/rotate.test.ts > renews its token <at once>'
const HOSTILE = `"><img src=x onerror="document.title='broken'"><script>document.title='broken'</script>`

/** A domain with an open job, one that is over, a fault, and texts that would like to be markup. */
async function writeTrace(seed?: string): Promise<string> {
  const options = { clock: 'frozen@2026-01-01T12:00:00Z', randomSeed: 42, ...(seed !== undefined && { seed }) } as const
  await using emulator = await createEmulator(options)
  // The seeds of the repository are those of root.
  const world = emulator.domain(seed === undefined ? 't-42' : 'root')
  const headers = {
    authorization: `Bearer ${await world.token()}`,
    'content-type': 'application/json',
    'x-note': HOSTILE,
  }
  const call = (path: string, method = 'GET', body?: object) =>
    emulator.fetch(`/api/v1/cckm/${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) })
  await world.nextJob({ scenario: 'stuck' })
  const created = await call('aws/bulkjob', 'POST', { keys: [HOSTILE, 'k2'], operation: 'enablekey' })
  const { id } = (await created.json()) as { id: string }
  await call('aws/bulkjob', 'POST', { keys: [HOSTILE], operation: 'enablekey', note: HOSTILE })
  await world.fault({ on: { operation: '*.get' }, times: 1, do: { respond: { status: 503, body: HOSTILE } } })
  await call(`aws/bulkjob/${id}?note=${encodeURIComponent(HOSTILE)}`)
  await world.clock.advance('11m')
  await call(`aws/bulkjob/${id}`)
  const folder = mkdtempSync(join(tmpdir(), 'cckm-trace-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'trace.html')
  writeFileSync(
    file,
    (await emulator.inject(`/__admin/domains/${world.name}/trace?title=${encodeURIComponent(TITLE)}`)).body,
  )
  return pathToFileURL(file).href
}

interface Opened {
  readonly page: Page
  readonly asked: string[]
  readonly complaints: string[]
  readonly url: string
}

async function openTrace(options?: BrowserContextOptions, seed?: string): Promise<Opened> {
  const url = await writeTrace(seed)
  const page = await openPage(options)
  const [asked, complaints]: [string[], string[]] = [[], []]
  page.on('request', (request) => asked.push(request.url()))
  page.on('console', (message) => complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(url)
  return { page, asked, complaints, url }
}

describe.skipIf(!hasBrowser)('a trace in a browser', () => {
  it('opens from disk, asks for nothing more, and runs nothing', async () => {
    const { page, asked, complaints, url } = await openTrace()
    await page.waitForLoadState('networkidle')
    expect(asked).toEqual([url])
    expect(complaints).toEqual([])
    expect(await page.title()).toBe(TITLE)
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(TITLE)
    expect(await page.locator('script, img, link, iframe, object, embed, form').count()).toBe(0)
  })

  it('draws a timeline for each job and folds requests out without a script', async () => {
    const { page } = await openTrace({ javaScriptEnabled: false })
    expect(await page.locator('article svg.timeline').count()).toBe(2)
    const box = await page.locator('svg.timeline').first().boundingBox()
    expect(box!.width).toBeGreaterThan(300)
    expect(await page.locator('article').first().textContent()).toContain('nothing ends it but a cancel')
    const request = page.locator('tbody tr', { hasText: '503' }).first()
    expect(await request.locator('pre').first().isVisible()).toBe(false)
    await request.locator('summary').click()
    expect(await request.locator('pre').first().isVisible()).toBe(true)
    expect(await request.textContent()).toContain(HOSTILE)
  })

  it.each(['light', 'dark'] as const)('can be read by everybody, %s', async (colorScheme) => {
    const { page } = await openTrace({ colorScheme })
    for (const summary of await page.locator('summary').all()) await summary.click()
    await expectAccessible(page)
    const shade = await page.evaluate<string>('getComputedStyle(document.body).backgroundColor')
    expect(shade).toBe(colorScheme === 'dark' ? 'rgb(21, 23, 27)' : 'rgb(255, 255, 255)')
  })

  it.each([390, 1280])('gathers jobs of earlier years into a stub that shows all, %d pixels wide', async (width) => {
    const viewport = { width, height: 844 }
    const { page } = await openTrace({ viewport, javaScriptEnabled: false }, 'fixtures/seeds')
    const shown = () => page.locator('[data-job]:visible').count()
    const axis = page.locator('svg.lanes:visible')
    const widths = async () => {
      const boxes = await Promise.all((await page.locator('[data-job]:visible').all()).map((bar) => bar.boundingBox()))
      return boxes.map((box) => box!.width)
    }
    const few = await shown()
    expect(Math.max(...(await widths()))).toBeGreaterThan((await axis.boundingBox())!.width * 0.05)
    await page.locator('label.stub:visible', { hasText: 'before' }).click()
    expect(await page.getByRole('radio', { name: 'all' }).isChecked()).toBe(true)
    expect(await shown()).toBeGreaterThan(few)
    expect(await page.locator('label.stub:visible').count()).toBe(0)
    for (const name of ['10 m', '1 h', '1 d', 'all', 'fit']) {
      await page.getByRole('radio', { name, exact: true }).check()
      const labels = await page.locator('.view:visible .ruler span:visible').all()
      const edges = (await Promise.all(labels.map((label) => label.boundingBox()))).flatMap((box) => [
        box!.x,
        box!.x + box!.width,
      ])
      expect([name, edges.length > 0]).toEqual([name, true])
      expect(edges).toEqual([...edges].sort((a, b) => a - b))
    }
  })

  it('fits a narrow screen', async () => {
    const { page } = await openTrace({ viewport: { width: 400, height: 800 } })
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(400)
  })
})
