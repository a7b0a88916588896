// `npm start`: the command from its sources, in this process. It ends with npm, also when npm is killed. CommonJS, since a
// Node that is too old for the sources has to get as far as the message.

const { execFileSync } = require('node:child_process')
const { readFileSync } = require('node:fs')

const POLL_MS = 200

/** A shell that npm may have put between itself and this process. */
const SHELL = /(^|\/)-?\w*sh$/

/** @returns {{ parent: number, name: string } | undefined} undefined where nothing can be read, as on Windows */
function readProcess(pid) {
  try {
    const [, name, parent] = /\((.*)\) \S+ (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))
    return { parent: Number(parent), name }
  } catch {
    try {
      const [, parent, name] = /(\d+) +(.*)/.exec(
        execFileSync('ps', ['-o', 'ppid=,comm=', '-p', String(pid)], { encoding: 'utf8' }),
      )
      return { parent: Number(parent), name: name.trim() }
    } catch {
      return undefined
    }
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** A signal ends npm or its shell, and not always what they have started: they do not pass on every one. */
function endWithNpm() {
  const parent = process.ppid
  const shell = readProcess(parent)
  const watched = shell !== undefined && SHELL.test(shell.name) ? [parent, shell.parent] : [parent]
  const timer = setInterval(() => {
    if (process.ppid === parent && watched.every(isAlive)) return
    clearInterval(timer)
    process.kill(process.pid, 'SIGTERM')
  }, POLL_MS)
  timer.unref()
}

if (!process.features.typescript) {
  console.error(
    `npm start needs Node 22.18, 23.6, 24 or newer, and this is Node ${process.versions.node}: ` +
      '`npm ci` without --ignore-scripts installs Node 24 for it',
  )
  process.exitCode = 1
} else {
  if (process.env.npm_lifecycle_event !== undefined) endWithNpm()
  void import('../src/cli.ts')
}
