// `npm start`: the command from its sources, in this process. It ends with npm, also when npm is killed. CommonJS, since a
// Node that is too old for the sources has to get as far as the message.
//
// The npm script says `exec`: a shell between npm and this process would keep npm's signals for itself.

const POLL_MS = 200

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** npm passes on only SIGINT and SIGTERM. */
function endWithNpm() {
  const npm = process.ppid
  const timer = setInterval(() => {
    // On Windows the parent's id stays when the parent has ended.
    if (process.ppid === npm && isAlive(npm)) return
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
