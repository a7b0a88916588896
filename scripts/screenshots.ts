// Makes the pictures of the dashboard in docs/images/: `npm run screenshots`. The domain shown is the same each time.

import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { createEmulator } from '../src/index.ts'
import { findChromium } from './chromium.ts'
import { makeDemo } from './demo.ts'

const folder = process.argv[2] ?? fileURLToPath(new URL('../docs/images/', import.meta.url))
const executablePath = findChromium()
if (executablePath === undefined) throw new Error('no Chromium: node scripts/chromium.ts')
mkdirSync(folder, { recursive: true })

await using emulator = await createEmulator({ seed: 'none', port: 0, randomSeed: 7, logLevel: 'silent' })
await makeDemo(emulator)
const { url } = await emulator.listen()
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
for (const colorScheme of ['light', 'dark'] as const) {
  const page = await browser.newPage({ colorScheme, viewport: { width: 1280, height: 900 } })
  await page.goto(`${url}/__dashboard#domain=demo`)
  await page.getByRole('table').getByText('demo').first().waitFor()
  await page.getByText('● live').waitFor()
  const running = page.getByRole('row').filter({ hasText: 'demo' }).filter({ hasText: 'in_progress' })
  await running.first().getByRole('link').click()
  await page.getByRole('heading', { name: 'Why it is so' }).waitFor()
  await page.mouse.move(0, 0)
  await page.screenshot({ path: `${folder}/dashboard-${colorScheme}.png` })
  await page.close()
}
await browser.close()
