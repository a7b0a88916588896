// Checks workflows of GitHub Actions without GitHub: that what they call exists, and that they may do no more than they need.

/** The parts of a workflow that are read here. */
export interface Workflow {
  readonly on: { readonly push?: { readonly tags?: readonly string[] } }
  readonly permissions?: Permissions
  readonly jobs: Readonly<Record<string, WorkflowJob>>
}

type Permissions = Readonly<Record<string, string>>

interface WorkflowJob {
  readonly needs?: string | readonly string[]
  readonly permissions?: Permissions
  readonly steps: readonly Step[]
}

interface Step {
  readonly uses?: string
  readonly run?: string
  readonly with?: Readonly<Record<string, unknown>>
}

/** What a workflow may call. */
export interface Callable {
  /** The names of npm scripts. */
  readonly scripts: readonly string[]
  /** Whether the repository, or what `npm ci` installs, has a file. */
  readonly hasFile: (path: string) => boolean
}

/** Programs that the machines of GitHub have. */
const PROGRAMS = ['curl', 'docker', 'echo', 'gh', 'test', 'timeout']
const INTERPRETERS = ['node', 'bash']
const NPM_COMMANDS = ['ci', 'publish']

/** The one command that needs each permission to write. */
const WRITES: Readonly<Record<string, RegExp>> = {
  'id-token': /\bnpm publish\b.* --provenance\b/,
  packages: /\bdocker buildx build\b.* --push\b/,
  contents: /\bgh release create\b/,
}

/** A version, or the digest that a bot has put in its place. */
const ACTION = /^[\w-]+(\/[\w.-]+)+@(v\d+(\.\d+)*|[0-9a-f]{40})$/

/** Everything that is wrong with a workflow, each with the job that has it. */
export function workflowProblems({ permissions = {}, jobs }: Workflow, callable: Callable): readonly string[] {
  const isMinimal = Object.entries(permissions).every(([scope, access]) => scope === 'contents' && access === 'read')
  const general = isMinimal && permissions.contents === 'read' ? [] : ['its permissions are not contents: read alone']
  const ofJobs = Object.entries(jobs).flatMap(([name, job]) =>
    [...stepProblems(job, callable), ...permissionProblems(job), ...orderProblems(name, jobs)].map(
      (problem) => `job ${name}: ${problem}`,
    ),
  )
  return [...general, ...ofJobs]
}

function stepProblems({ steps }: WorkflowJob, callable: Callable): readonly string[] {
  return steps.flatMap(({ uses, run = '', with: options = {} }) => {
    if (uses === undefined) return commandProblems(run, callable)
    if (!ACTION.test(uses)) return [`${uses} is neither a version nor a digest`]
    const keepsToken = uses.startsWith('actions/checkout@') && options['persist-credentials'] !== false
    return keepsToken ? [`${uses} keeps the token: set persist-credentials to false`] : []
  })
}

function commandProblems(run: string, { scripts, hasFile }: Callable): readonly string[] {
  // A value with a quote in it would be code.
  const injected = run.includes('${{') ? [`"${run}" has an expression: pass it as a variable`] : []
  const unknown = commandsOf(run).flatMap(([program = '', ...words]) => {
    const missing = filesOf(program, words).filter((file) => !hasFile(file))
    return [...missing.map((file) => `there is no file ${file}`), ...programProblems(program, words, scripts)]
  })
  return [...injected, ...unknown]
}

/** The program of an interpreter, and what looks like a file of the repository. */
function filesOf(program: string, words: readonly string[]): readonly string[] {
  const named = words.filter((word) => /^[\w.-]+(\/[\w.-]+)*\.(ts|mjs|json|sh)$/.test(word))
  return [...new Set(INTERPRETERS.includes(program) ? [words[0] ?? '', ...named] : named)]
}

function programProblems(program: string, [first = '', second = '']: readonly string[], scripts: readonly string[]) {
  if (program === 'npm' && first === 'run') return scripts.includes(second) ? [] : [`there is no npm script ${second}`]
  if (program === 'npm') return NPM_COMMANDS.includes(first) ? [] : [`npm ${first} is not expected here`]
  return [...PROGRAMS, ...INTERPRETERS].includes(program) ? [] : [`${program} is not known to be there`]
}

/** The commands of a step, each as its words. What is quoted counts as one word. */
export function commandsOf(run: string): readonly (readonly string[])[] {
  const commands: string[][] = [[]]
  for (const [, quoted, separator, word = ''] of run.matchAll(/("[^"]*"|'[^']*')|(&&|\|\|?|;|\n)|([^\s"'|;&]+)/g)) {
    if (separator !== undefined) commands.push([])
    else commands.at(-1)?.push(quoted?.slice(1, -1) ?? word)
  }
  return commands.filter((words) => words.length > 0)
}

function permissionProblems({ permissions = {}, steps }: WorkflowJob): readonly string[] {
  const runs = steps.map(({ run = '' }) => run)
  const granted = Object.entries(permissions).filter(([, access]) => access === 'write')
  const idle = granted.filter(([scope]) => !runs.some((run) => WRITES[scope]?.test(run)))
  const missing = Object.entries(WRITES).filter(
    ([scope, command]) => permissions[scope] !== 'write' && runs.some((run) => command.test(run)),
  )
  return [
    ...idle.map(([scope]) => `nothing in it needs ${scope}: write`),
    ...missing.map(([scope]) => `it needs ${scope}: write`),
  ]
}

/** A job that publishes waits for all jobs that only check. */
function orderProblems(name: string, jobs: Workflow['jobs']): readonly string[] {
  const own = needsOf(jobs[name])
  const unknown = own.filter((need) => jobs[need] === undefined).map((need) => `it needs ${need}, which does not exist`)
  if (!writes(jobs[name])) return unknown
  const before = new Set(own)
  for (const need of before) needsOf(jobs[need]).forEach((each) => before.add(each))
  const checks = Object.keys(jobs).filter((each) => !writes(jobs[each]) && !before.has(each))
  return [...unknown, ...checks.map((check) => `it publishes without waiting for ${check}`)]
}

function needsOf({ needs = [] }: Partial<WorkflowJob> = {}): readonly string[] {
  return typeof needs === 'string' ? [needs] : needs
}

function writes({ permissions = {} }: Partial<WorkflowJob> = {}): boolean {
  return Object.values(permissions).includes('write')
}
