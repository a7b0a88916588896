import { exposureOf, type Config, type Flags } from '../config/config.ts'
import { startEmulator, type Emulator } from '../emulator.ts'
import { environmentOf, openFolder, writeCaFiles, type Access } from './child-environment.ts'
import { toListenError, usageError } from './failures.ts'
import { loadConfig } from './load-config.ts'
import { openOutput } from './output.ts'
import { complain } from './stdio.ts'
import { clearReadyFile, writeReadyFile } from './ready-file.ts'
import { runCommand } from './run-command.ts'
import {
  dropEndedSleepers,
  readSleepFlag,
  refuseStandingClock,
  shimVariables,
  VIRTUAL_SETTINGS,
  type ExecFlags,
  type SleepKind,
} from './virtual-sleep.ts'

const TOKEN_TTL = '12h'
const DOMAIN = 'root'

/** Starts an emulator, runs a command against it, and sets the exit code of this process to the command's. */
export async function exec(flags: Flags, own: ExecFlags, words: readonly string[]): Promise<void> {
  const sleep = readSleepFlag(own.sleep)
  if (words.length === 0) throw usageError('exec: which command? For instance: cckm-emulator exec -- npm test')
  // Not the port of the environment or the configuration file: another emulator may use it.
  const config = await loadConfig({ port: '0', ...flags }, { logLevel: 'warn' })
  if (sleep === 'virtual') refuseStandingClock(config)
  if (config.readyFile !== undefined) clearReadyFile(config.readyFile)
  // Stdout belongs to the command.
  const output = await openOutput(config, process.stderr)
  try {
    const emulator = await startEmulator(config, { log: output.log })
    process.exitCode = await runAgainst(emulator, { config, sleep }, words).finally(() => emulator.close())
  } catch (error) {
    throw toListenError(error, config)
  } finally {
    // A process waits until its output is read. A log that is not read must not keep it.
    if (!(await output.flush())) setImmediate(() => process.exit())
  }
}

interface RunOptions {
  readonly config: Config
  readonly sleep: SleepKind
}

async function runAgainst(
  emulator: Emulator,
  { config, sleep }: RunOptions,
  words: readonly string[],
): Promise<number> {
  const { url, httpsUrl, port } = await emulator.listen()
  const exposure = exposureOf(config)
  if (exposure !== undefined) complain(exposure)
  const { users, adminToken, readyFile } = config
  const world = emulator.domain(DOMAIN)
  if (sleep === 'virtual') {
    await world.settings(VIRTUAL_SETTINGS)
    await world.clock.auto()
  }
  const user = userOf(users)
  const token = await emulator.token({ username: user?.name, ttl: TOKEN_TTL })
  const ca = await emulator.caCertificate()
  if (readyFile !== undefined) writeReadyFile(readyFile, { url, httpsUrl, port, adminToken })
  // No await between here and the handling of signals in `runCommand`: a signal in between would leave the folder behind.
  const folder = openFolder()
  const caFiles = writeCaFiles(ca, folder, process.env)
  const access = { url, httpsUrl, caFiles, domain: DOMAIN, user, token, adminToken }
  const env = environmentOf(access, process.env)
  if (sleep === 'real') return runCommand(words, env).finally(folder.remove)
  const endDropping = dropEndedSleepers(world)
  return runCommand(words, { ...env, ...shimVariables({ url, domain: DOMAIN, folder }, env) }).finally(() => {
    endDropping()
    folder.remove()
  })
}

/** The first administrator of the domain, else its first user. */
function userOf(users: Config['users']): Access['user'] {
  const own = users.filter(({ domain = DOMAIN }) => domain.toLowerCase() === DOMAIN)
  return own.find(({ groups }) => groups?.includes('admin')) ?? own[0]
}
