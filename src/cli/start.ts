import closeWithGrace from 'close-with-grace'
import { exposureOf, type Config, type Flags } from '../config/config.ts'
import { startEmulator, type Emulator } from '../emulator.ts'
import { linesOf, stackOf, toListenError } from './failures.ts'
import { greeting } from './greeting.ts'
import { loadConfig } from './load-config.ts'
import { openOutput, type Output } from './output.ts'
import { complain } from './stdio.ts'
import { seedProgress } from './progress.ts'
import { clearReadyFile, writeReadyFile } from './ready-file.ts'

/** A signal ends the process within two seconds; connections that are still open then are dropped. */
const GRACE_MS = 1800
const TOKEN_TTL = '12h'

/** Starts the emulator and returns once it listens; a signal stops it. */
export async function start(flags: Flags): Promise<void> {
  const config = await loadConfig(flags)
  if (config.readyFile !== undefined) clearReadyFile(config.readyFile)
  const output = await openOutput(config)
  const running: Running = { emulator: undefined }
  const grace = stopOnSignals(running, output)
  stopWithParent()
  try {
    running.emulator = await open(config, output)
    await announce(running.emulator, config, output)
  } catch (error) {
    grace.uninstall()
    await output.flush()
    await running.emulator?.close()
    throw toListenError(error, config)
  }
}

interface Running {
  emulator: Emulator | undefined
}

async function open(config: Config, { log }: Output): Promise<Emulator> {
  const { onSeedProgress, end } = seedProgress()
  return startEmulator(config, { log, ...(onSeedProgress === undefined ? {} : { onSeedProgress }) }).finally(end)
}

async function announce(emulator: Emulator, config: Config, output: Output): Promise<void> {
  const { url, httpsUrl, port } = await emulator.listen()
  const isTokenWanted = config.printToken ?? output.isTerminal
  const token = isTokenWanted ? await emulator.token({ ttl: TOKEN_TTL }) : undefined
  const facts = {
    url,
    httpsUrl,
    token,
    hasTokenHint: config.printToken === undefined && config.auth.mode !== 'off',
    hasDashboard: config.admin,
    hasDocumentedJob: config.seed === undefined,
  }
  for (const line of greeting(facts)) output.print(line)
  if (output.isSplit) output.log?.info({ url, httpsUrl }, 'listening')
  const exposure = exposureOf(config)
  if (exposure !== undefined) {
    complain(exposure)
    if (output.isSplit) output.log?.warn(exposure)
  }
  const { readyFile, adminToken } = config
  if (readyFile !== undefined) writeReadyFile(readyFile, { url, httpsUrl, port, adminToken })
  // `send` exists only if the parent forked this process with an IPC channel, as the fixture does.
  process.send?.({ url, httpsUrl })
}

/** Ends this process when its IPC channel closes, so that tests leave no server behind. */
function stopWithParent(): void {
  if (process.connected) process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
}

function stopOnSignals(running: Running, output: Output): { uninstall: () => void } {
  const onTimeout = (): void => complain('some connections did not end in time and were dropped')
  const onSecondError = (error: unknown): void => complain(stackOf(error))
  return closeWithGrace({ delay: GRACE_MS, logger: false, onTimeout, onSecondError }, async ({ err }) => {
    if (err !== undefined) linesOf(err).lines.forEach(complain)
    await running.emulator?.close()
    await output.flush()
  })
}
