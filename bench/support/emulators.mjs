// Times the library as a user has it: prints JSON, all in milliseconds.

const NEXT = 9

const begun = performance.now()
const { createEmulator } = await import('../../dist/index.js')
const imported = performance.now() - begun
const [first, ...next] = await Array.fromAsync({ length: 1 + NEXT }, make)
process.stdout.write(JSON.stringify({ imported, first, next }))

async function make() {
  const since = performance.now()
  const emulator = await createEmulator()
  const ready = performance.now() - since
  await emulator.close()
  return ready
}
