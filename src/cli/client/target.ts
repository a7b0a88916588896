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
  const url = text('url') ?? (port === undefined ? variable('CCKM_EMULATOR_URL') : undefined)
  const domain = text('domain') ?? variable('CCKM_EMULATOR_DOMAIN') ?? 'root'
  return { url: url === undefined ? ownUrl(config) : checkedUrl(url), domain, adminToken: config.admin.token }
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

function checkedUrl(text: string): string {
  const url = URL.parse(text)
  const isWeb = url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === ''
  if (isWeb) return url.origin
  const guess = URL.parse(`http://${text}`)
  const hint = guess === null || text.includes('//') ? '' : ` (did you mean ${guess.origin}?)`
  const expected = 'an address such as http://127.0.0.1:7443'
  throw new StartError([`--url: ${JSON.stringify(text)} is not ${expected}${hint}`], 2)
}
