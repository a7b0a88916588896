// One line for those whose own Node is older than the sources need; npm would warn about each package instead.
// `npm ci` runs it on the Node that it has just installed. It is not `prepare`, which npm reports to users of the package as an
// install script. `npm pack --json` runs it too, so it leaves stdout alone.

const [, npmNode, major] = /\bnode\/v((\d+)\S*)/.exec(process.env.npm_config_user_agent ?? '') ?? []
if (Number(major) < 22)
  console.error(`Your Node ${npmNode} runs only npm; the npm scripts here run on Node ${process.versions.node}.`)
