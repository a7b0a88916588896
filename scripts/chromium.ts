// The browser that the page is tested and photographed in. `node scripts/chromium.ts` says whether there is one.

import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']

/** The path of a Chromium: the one that CHROMIUM names, or the first on the PATH. */
export function findChromium(): string | undefined {
  if (process.env.CHROMIUM !== undefined) return process.env.CHROMIUM
  const folders = (process.env.PATH ?? '').split(delimiter)
  return folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find((path) => existsSync(path))
}

if (import.meta.main && findChromium() === undefined) {
  console.error('No browser: install Chromium (Debian: apt-get install chromium), or name one in CHROMIUM.')
  process.exitCode = 1
}
