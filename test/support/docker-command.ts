// What a `docker` command of the documentation is for podman, which stands in for Docker in the container step of CI. A
// flag that has no counterpart there is an error, so that no example passes without what it says.

/** Flags of `docker run` that podman takes as they are; true if a value follows. */
const RUN_FLAGS: Readonly<Record<string, boolean>> = {
  '--rm': false,
  '--read-only': false,
  '--init': false,
  '--name': true,
  '--env': true,
  '--env-file': true,
  '--volume': true,
  '--tmpfs': true,
  '--user': true,
  '--workdir': true,
  '--cap-drop': true,
  '--cap-add': true,
  '--security-opt': true,
  '--memory': true,
  '--pids-limit': true,
  '--restart': true,
  '--entrypoint': true,
  // Ours to decide about: see toRun.
  '--detach': false,
  '--publish': true,
}
const BUILD_FLAGS: Readonly<Record<string, boolean>> = { '--tag': true, '--file': true, '--build-arg': true }
const SHORT: Readonly<Record<string, string>> = {
  '-d': '--detach',
  '-e': '--env',
  '-f': '--file',
  '-m': '--memory',
  '-p': '--publish',
  '-t': '--tag',
  '-u': '--user',
  '-v': '--volume',
  '-w': '--workdir',
}

export interface DockerRun {
  /** Arguments of `podman run`, without --detach. */
  args: string[]
  /** The port of the machine that the container publishes. Undefined: the command ends by itself. */
  port: number | undefined
  /** Without it, the reader ends the container with Ctrl-C before going on. */
  isDetached: boolean
}

interface Parsed {
  flags: { name: string; value: string | undefined }[]
  rest: string[]
}

/** @throws Error naming a flag that cannot be translated. */
export function toRun(argv: readonly string[]): DockerRun {
  const { flags, rest } = parse('docker run', argv, RUN_FLAGS)
  if (rest.length === 0) throw new Error('docker run: no image')
  const ports = flags.filter(({ name }) => name === '--publish').map(({ value = '' }) => portOf(value))
  if (ports.length > 1) throw new Error('docker run: more than one port is published')
  const kept = flags.filter(({ name }) => name !== '--publish' && name !== '--detach')
  return {
    // There is no bridge network: the container is in the network of the session, which has nothing but loopback.
    args: ['--network', 'host', ...kept.flatMap(wordsOf), ...rest],
    port: ports[0],
    isDetached: flags.some(({ name }) => name === '--detach'),
  }
}

/** Arguments of `podman build`, without the context. @throws Error naming what cannot be translated. */
export function toBuild(argv: readonly string[]): string[] {
  const { flags, rest } = parse('docker build', argv, BUILD_FLAGS)
  if (rest.join(' ') !== '.') throw new Error(`docker build: the context ${rest.join(' ')} is not "."`)
  return flags.flatMap(wordsOf)
}

const wordsOf = ({ name, value }: Parsed['flags'][number]): string[] => (value === undefined ? [name] : [name, value])

/** `127.0.0.1:7443:7443` or `7443:7443`. */
function portOf(published: string): number {
  const [, outer, inner] = /^(?:[\d.]+:)?(\d+):(\d+)$/.exec(published) ?? []
  if (outer === undefined || outer !== inner)
    throw new Error(`docker run: -p ${published} is not supported: the session can publish a port as itself only`)
  return Number(outer)
}

function parse(command: string, argv: readonly string[], known: Readonly<Record<string, boolean>>): Parsed {
  const flags: Parsed['flags'] = []
  const words = [...argv]
  while (words[0]?.startsWith('-')) {
    const [word = '', joined] = words.shift()!.split(/=(.*)/s)
    const name = SHORT[word] ?? word
    const takesValue = known[name]
    if (takesValue === undefined) throw new Error(`${command}: the flag ${word} is not supported by docker-command.ts`)
    const value = takesValue ? (joined ?? words.shift()) : undefined
    if (takesValue && value === undefined) throw new Error(`${command}: the flag ${word} has no value`)
    flags.push({ name, value })
  }
  return { flags, rest: words }
}
