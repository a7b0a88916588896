import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CONFIG_OPTIONS } from '../config/config.ts'
import { noProxyFor } from '../client/no-proxy.ts'

/** What a command that runs beside an emulator is told of it. */
export interface Access {
  readonly url: string
  /** undefined: TLS is off. */
  readonly httpsUrl: string | undefined
  /** The file of the CA; undefined where there is none of the emulator's own. */
  readonly caFile: string | undefined
  readonly domain: string
  /** undefined: nobody can sign in to that domain. */
  readonly user: { readonly name: string; readonly password: string } | undefined
  readonly token: string
  readonly adminToken: string | undefined
}

/**
 * The environment of such a command. Settings were for the emulator, and what an outer one exported is of that one:
 * neither is left in it. What else stands there, stays; a proxy that it names is not asked for the emulator.
 */
export function environmentOf(access: Access, before: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { url, httpsUrl, caFile, domain, user, token, adminToken } = access
  const runId = before.CCKM_EMULATOR_RUN_ID
  const exported = {
    CCKM_EMULATOR_URL: url,
    CCKM_EMULATOR_HTTPS_URL: httpsUrl,
    CCKM_EMULATOR_CA_FILE: caFile,
    CCKM_EMULATOR_DOMAIN: domain,
    CCKM_EMULATOR_USERNAME: user?.name,
    CCKM_EMULATOR_PASSWORD: user?.password,
    CCKM_EMULATOR_TOKEN: token,
    CCKM_EMULATOR_ADMIN_TOKEN: adminToken,
    CCKM_EMULATOR_RUN_ID: runId === undefined || runId === '' ? randomBytes(5).toString('hex') : runId,
  }
  const settings = new Set(CONFIG_OPTIONS.flatMap(({ environment, secretFile }) => [environment, secretFile]))
  const rest = Object.entries(before).filter(([name]) => !settings.has(name))
  return { ...Object.fromEntries(rest), ...noProxyFor(url, before), ...exported }
}

export interface Folder {
  readonly file: (name: string, content: string) => string
  readonly remove: () => void
}

/** A folder of this process alone. */
export function openFolder(): Folder {
  const path = mkdtempSync(join(tmpdir(), 'cckm-emulator-'))
  return {
    file: (name, content) => {
      writeFileSync(join(path, name), content)
      return join(path, name)
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  }
}

/** Node reads one file of further CAs, so the one that is named already goes into it as well. */
export function withCertificatesOf(file: string | undefined, pem: string): string {
  if (file === undefined || file === '') return pem
  try {
    return `${readFileSync(file, 'utf8').trimEnd()}\n${pem}`
  } catch {
    // Node itself only warns of such a file.
    return pem
  }
}
