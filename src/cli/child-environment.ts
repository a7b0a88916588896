import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CONFIG_OPTIONS } from '../config/config.ts'
import { newRunId, variable, variablesOf } from '../client/environment.ts'
import { noProxyFor } from '../client/no-proxy.ts'

/** The emulator and the domain that a child command is to use. */
export interface Access {
  readonly url: string
  /** undefined: TLS is off. */
  readonly httpsUrl: string | undefined
  /** undefined: the emulator has no CA of its own. */
  readonly caFiles: CaFiles | undefined
  readonly domain: string
  /** undefined: no user can sign in to that domain. */
  readonly user: { readonly name: string; readonly password: string } | undefined
  readonly token: string
  readonly adminToken: string | undefined
}

/** Files with the emulator's CA as PEM. */
interface CaFiles {
  readonly caFile: string
  /** For NODE_EXTRA_CA_CERTS, which takes one file: it also has the CAs of the file that the variable named before. */
  readonly nodeCaFile: string
}

/**
 * The environment of a child command. It inherits this process's environment, but for the emulator's own settings and the
 * variables of an outer emulator. If that names a proxy, NO_PROXY excludes the emulator.
 */
export function environmentOf(access: Access, before: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { url, httpsUrl, caFiles, domain, user, token, adminToken } = access
  const exported = variablesOf({
    url,
    httpsUrl,
    caFile: caFiles?.caFile,
    domain,
    username: user?.name,
    password: user?.password,
    token,
    adminToken,
    // An outer emulator's: `--sleep virtual` sets it again.
    sleepUrl: undefined,
    runId: variable('runId', before) ?? newRunId(),
  })
  const settings = new Set(CONFIG_OPTIONS.flatMap(({ environment, secretFile }) => [environment, secretFile]))
  const inherited = Object.fromEntries(Object.entries(before).filter(([name]) => !settings.has(name)))
  const trusted = caFiles === undefined ? {} : { NODE_EXTRA_CA_CERTS: caFiles.nodeCaFile }
  return { ...inherited, ...noProxyFor(url, before), ...exported, ...trusted }
}

export interface Folder {
  readonly file: (name: string, content: string) => string
  /** Writes a program; returns the folder that it is in, for PATH. */
  readonly program: (name: string, content: string) => string
  readonly remove: () => void
}

/** Makes a temporary folder for this process. */
export function openFolder(): Folder {
  const path = mkdtempSync(join(tmpdir(), 'cckm-emulator-'))
  return {
    file: (name, content) => {
      writeFileSync(join(path, name), content)
      return join(path, name)
    },
    program: (name, content) => {
      const bin = join(path, 'bin')
      mkdirSync(bin, { recursive: true })
      writeFileSync(join(bin, name), content, { mode: 0o755 })
      return bin
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  }
}

/** Writes the emulator's CA, if it has one, for child commands. */
export function writeCaFiles(ca: string | undefined, folder: Folder, before: NodeJS.ProcessEnv): CaFiles | undefined {
  if (ca === undefined) return undefined
  return {
    caFile: folder.file('ca.pem', ca),
    nodeCaFile: folder.file('node-ca.pem', `${certificatesIn(before.NODE_EXTRA_CA_CERTS)}${ca}`),
  }
}

function certificatesIn(file: string | undefined): string {
  if (file === undefined || file === '') return ''
  try {
    return `${readFileSync(file, 'utf8').trimEnd()}\n`
  } catch {
    // Node, too, continues without a file that it cannot read.
    return ''
  }
}
