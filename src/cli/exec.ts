import { exposureOf, type Config, type Flags } from '../config/config.ts'
import { startEmulator, type Emulator } from '../emulator.ts'
import { environmentOf, openFolder, withCertificatesOf, type Access, type Folder } from './child-environment.ts'
import { toListenError, usageError } from './failures.ts'
import { loadConfig } from './load-config.ts'
import { openOutput } from './output.ts'
import { complain } from './stdio.ts'
import { clearReadyFile, writeReadyFile } from './ready-file.ts'
import { runCommand } from './run-command.ts'

const TOKEN_TTL = '12h'
const DOMAIN = 'root'

/** Runs a command beside an emulator of its own, and leaves the command's exit code as that of this process. */
export async function exec(flags: Flags, words: readonly string[]): Promise<void> {
  if (words.length === 0) throw usageError('exec: which command? For instance: cckm-emulator exec -- npm test')
  // A port that is set elsewhere is that of an emulator that runs already, or will.
  const config = await loadConfig({ port: '0', ...flags }, { logLevel: 'warn' })
  if (config.readyFile !== undefined) clearReadyFile(config.readyFile)
  // Stdout is the command's.
  const output = await openOutput(config, process.stderr)
  try {
    const emulator = await startEmulator(config, { log: output.log })
    process.exitCode = await runBeside(emulator, config, words).finally(() => emulator.close())
  } catch (error) {
    throw toListenError(error, config)
  } finally {
    // A process waits for what it has written to be taken: not for a log that nobody reads.
    if (!(await output.flush())) setImmediate(() => process.exit())
  }
}

async function runBeside(emulator: Emulator, config: Config, words: readonly string[]): Promise<number> {
  const { url, httpsUrl, port } = await emulator.listen()
  const exposure = exposureOf(config)
  if (exposure !== undefined) complain(exposure)
  const { users, adminToken, readyFile } = config
  const access = { url, httpsUrl, domain: DOMAIN, user: userOf(users), adminToken }
  const [token, ca] = [
    await emulator.token({ username: access.user?.name, ttl: TOKEN_TTL }),
    await emulator.caCertificate(),
  ]
  if (readyFile !== undefined) writeReadyFile(readyFile, { url, httpsUrl, port, adminToken })
  // Nothing is awaited from here on until signals go to the command, so that none leaves the folder behind.
  const folder = openFolder()
  return runCommand(words, environmentWith({ ...access, token }, { ca, folder })).finally(folder.remove)
}

/** An administrator if there is one, else whoever can sign in. */
function userOf(users: Config['users']): Access['user'] {
  const own = users.filter(({ domain = DOMAIN }) => domain.toLowerCase() === DOMAIN)
  return own.find(({ groups }) => groups?.includes('admin')) ?? own[0]
}

interface Trust {
  readonly ca: string | undefined
  readonly folder: Folder
}

function environmentWith(access: Omit<Access, 'caFile'>, { ca, folder }: Trust): NodeJS.ProcessEnv {
  const { env } = process
  if (ca === undefined) return environmentOf({ ...access, caFile: undefined }, env)
  const together = withCertificatesOf(env.NODE_EXTRA_CA_CERTS, ca)
  return {
    ...environmentOf({ ...access, caFile: folder.file('ca.pem', ca) }, env),
    NODE_EXTRA_CA_CERTS: folder.file('node-ca.pem', together),
  }
}
