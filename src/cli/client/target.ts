import { variable } from '../../client/environment.ts'
import { addressOf } from '../address.ts'
import { loadConfig } from '../load-config.ts'
import type { ParsedArgs } from './parsed-args.ts'

/** Which emulator, and which of its domains. */
export interface Target {
  readonly url: string
  readonly domain: string
  readonly adminToken: string | undefined
}

/** Flags take precedence over the environment, and that over the configuration file: the same options that `start` reads. */
export async function targetOf({ text }: ParsedArgs): Promise<Target> {
  const [port, adminToken] = [text('port'), text('adminToken')]
  const config = await loadConfig({
    ...(port !== undefined && { port }),
    ...(adminToken !== undefined && { adminToken }),
  })
  const domain = text('domain') ?? variable('domain', process.env) ?? 'root'
  const url = addressOf(config, {
    url: text('url'),
    isLocal: port !== undefined,
    advice: 'give its address with --url',
  })
  return { url, domain, adminToken: config.adminToken }
}
