import { baseUrlOf } from '../../client/base-url.ts'
import { StartError } from '../../errors.ts'
import { reachable } from '../healthcheck.ts'
import { loadConfig } from '../load-config.ts'
import type { Given } from './command.ts'

/** Which emulator, and which of its domains. */
export interface Target {
  readonly url: string
  readonly domain: string
  readonly adminToken: string | undefined
}

/** Flags win over the environment, that over the configuration file: the same settings that `start` reads. */
export async function targetOf({ text }: Given): Promise<Target> {
  const [port, adminToken] = [text('port'), text('adminToken')]
  const config = await loadConfig({
    ...(port !== undefined && { port }),
    ...(adminToken !== undefined && { adminToken }),
  })
  const domain = text('domain') ?? variable('CCKM_EMULATOR_DOMAIN') ?? 'root'
  return { url: namedUrl(text('url'), port) ?? ownUrl(config), domain, adminToken: config.adminToken }
}

function namedUrl(flag: string | undefined, port: string | undefined): string | undefined {
  if (flag !== undefined) return checkedUrl(flag, '--url')
  const inherited = port === undefined ? variable('CCKM_EMULATOR_URL') : undefined
  return inherited === undefined ? undefined : checkedUrl(inherited, 'CCKM_EMULATOR_URL')
}

/** An empty variable counts as none, as everywhere. */
function variable(name: string): string | undefined {
  const text = process.env[name]
  return text === '' ? undefined : text
}

function ownUrl({ host, port }: { host: string; port: number }): string {
  if (port === 0) throw new StartError(['port 0 says nothing of where the emulator is: name it with --url'], 2)
  return `http://${reachable(host)}:${port}`
}

function checkedUrl(text: string, name: string): string {
  try {
    return baseUrlOf(text)
  } catch (error) {
    throw new StartError([`${name}: ${error instanceof Error ? error.message : String(error)}`], 2)
  }
}
