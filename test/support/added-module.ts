// An emulator started from a copy of the sources to which a family or a kind was added as CONTRIBUTING describes: a module,
// and a line in the index beside it.

import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll } from 'vitest'
import type { createEmulator, Emulator } from '../../src/index.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

export interface AddedModule {
  /** Below src/wire/, without its ending. */
  readonly file: string
  /** What it exports. */
  readonly name: string
  readonly text: string
}

/** Stops with the tests of the file. */
export async function emulatorWith({ file, name, text }: AddedModule): Promise<Emulator> {
  const folder = mkdtempSync(join(tmpdir(), 'cckm-added-'))
  for (const each of ['src', 'fixtures', 'package.json', 'fidelity.json'])
    cpSync(join(root, each), join(folder, each), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction')
  const wire = join(folder, 'src/wire')
  writeFileSync(join(wire, `${file}.ts`), text)
  const index = join(wire, dirname(file), 'index.ts')
  const listed = readFileSync(index, 'utf8').replace(/(?<=: readonly (Family|Kind)\[\] = \[)/, `${name}, `)
  writeFileSync(index, `import { ${name} } from './${basename(file)}.ts'\n${listed}`)
  const door = (await import(pathToFileURL(join(folder, 'src/index.ts')).href)) as {
    createEmulator: typeof createEmulator
  }
  const emulator = await door.createEmulator({ seed: 'none', clock: 'frozen' })
  afterAll(async () => {
    await emulator.close()
    rmSync(folder, { recursive: true })
  })
  return emulator
}
