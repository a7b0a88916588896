// Makes the pictures of the dashboard in docs/images/: `npm run screenshots`. They show what `npm run demo` shows after half a
// minute: that very command is started here, on its port.

import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { findChromium } from './chromium.ts'

const URL_OF_DEMO = 'http://127.0.0.1:7443'
const WARM_UP_MS = 30_000
const MAX_START_MS = 60_000

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = process.argv[2] ?? `${root}docs/images`
const found = findChromium()
if (found === undefined) throw new Error('no Chromium: node scripts/chromium.ts')
const executablePath = found
mkdirSync(folder, { recursive: true })

// A group of its own, so that all of it ends here: npm, the emulator and the client.
const demo = spawn('npm', ['run', 'demo'], { cwd: root, detached: true, stdio: 'inherit' })
const ended = new Promise<never>((_resolve, reject) => {
  demo.once('exit', (code) => {
    reject(new Error(`npm run demo ended with ${String(code)}`))
  })
})
try {
  await Promise.race([takePictures(), ended])
} finally {
  ended.catch(() => undefined)
  if (demo.pid !== undefined && demo.exitCode === null) process.kill(-demo.pid, 'SIGTERM')
}

async function takePictures(): Promise<void> {
  await isReady()
  await sleep(WARM_UP_MS)
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
  for (const colorScheme of ['light', 'dark'] as const) {
    const page = await browser.newPage({ colorScheme, viewport: { width: 1280, height: 900 } })
    await page.goto(`${URL_OF_DEMO}/__dashboard`)
    await page.getByText('● live').waitFor()
    // The oldest of the client's jobs on the first page that still runs: some of its items are done.
    const running = page.getByRole('row').filter({ hasText: 'in_progress' }).filter({ hasText: 'demo' })
    await running.nth(3).getByRole('link').click()
    await page.getByRole('heading', { name: 'Why this state?' }).waitFor()
    await page.mouse.move(0, 0)
    await page.screenshot({ path: `${folder}/dashboard-${colorScheme}.png` })
    await page.close()
  }
  await browser.close()
}

async function isReady(): Promise<void> {
  const end = Date.now() + MAX_START_MS
  while (Date.now() < end) {
    const answer = await fetch(`${URL_OF_DEMO}/readyz`).catch(() => undefined)
    if (answer?.ok === true) return
    await sleep(200)
  }
  throw new Error('npm run demo does not become ready')
}
