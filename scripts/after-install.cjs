// What `npm ci` leaves to do, on the Node that it has just installed. It is not `prepare`, which npm reports to users of
// the package as an install script. `npm pack --json` runs it too, so it leaves stdout alone.

const { mkdirSync, writeFileSync } = require('node:fs')

// One line for those whose own Node is older than the sources need; npm would warn about each package instead.
const [, npmNode, major] = /\bnode\/v((\d+)\S*)/.exec(process.env.npm_config_user_agent ?? '') ?? []
if (Number(major) < 22)
  console.error(`Your Node ${npmNode} runs only npm; the npm scripts here run on Node ${process.versions.node}.`)

// `exec COMMAND`, which npm's shell has everywhere else: `npm start` begins with it.
if (process.platform === 'win32') {
  mkdirSync('node_modules/.bin', { recursive: true })
  writeFileSync('node_modules/.bin/exec.cmd', '@%*\r\n')
}
