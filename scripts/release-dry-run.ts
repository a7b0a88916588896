// Rehearses a release without publishing anything: checks the workflows, runs those steps of release.yml that need no
// network, and names every other step with the reason.
//
//   npm run release:dry-run

import { spawnSync } from 'node:child_process'
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { readReleaseFiles, versionIn } from './release.ts'
import { workflowProblems, type Workflow } from './workflows.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Steps that run here, with the flags that are added to them. */
const REHEARSED: readonly (readonly [step: RegExp, flags: string])[] = [
  // Between releases the changelog collects what is not released yet.
  [/^node scripts\/release\.ts check /, ' --unreleased'],
  [/^node scripts\/release\.ts notes /, ''],
  // Takes Node's package from npm's cache, if it is there.
  [/^npm run bundle:linux$/, ''],
  // The bundle has built the package.
  [/^npm publish /, ' --dry-run --offline --ignore-scripts'],
]

/** Why other steps do not run here. */
const REASONS: readonly (readonly [step: RegExp, reason: string])[] = [
  [/^npm ci( --prefix tools)?$/, 'it installs what is here already'],
  [/^npm run (check|test:\w+)$/, 'it is a check with a time of its own, which CI runs by itself'],
  [/\bdocker (login|buildx)\b/, 'it needs a Docker engine and a registry'],
  [/^gh /, 'it needs GitHub'],
]

function readWorkflow(file: string): Workflow {
  return parse(readFileSync(join(root, file), 'utf8')) as Workflow
}

function checkWorkflow(file: string): readonly string[] {
  const { scripts } = JSON.parse(readReleaseFiles().packageJson) as { scripts: Record<string, string> }
  const hasFile = (path: string): boolean => existsSync(join(root, path))
  const problems = workflowProblems(readWorkflow(file), { scripts: Object.keys(scripts), hasFile })
  console.log(
    `${file}: ${problems.length === 0 ? 'every command exists, and every permission is used' : 'has problems'}`,
  )
  return problems.map((problem) => `${file}: ${problem}`)
}

/** Runs a step as GitHub would for the tag of this version. */
function runStep(command: string, folder: string): readonly string[] {
  const PATH = dirname(process.execPath) + delimiter + (process.env.PATH ?? '')
  const env = {
    ...process.env,
    PATH,
    GITHUB_REF_NAME: `v${versionIn(readReleaseFiles().packageJson)}`,
    RUNNER_TEMP: folder,
  }
  const { status, stdout, stderr } = spawnSync('bash', ['-ec', command], { cwd: root, env, encoding: 'utf8' })
  console.log(`ran (${status === 0 ? 'ok' : 'failed'}): ${command}`)
  return status === 0 ? [] : [`${command} ended with ${status}\n${stdout}${stderr}`]
}

function rehearse(job: string, run: string, folder: string): readonly string[] {
  const flags = REHEARSED.find(([step]) => step.test(run))?.[1]
  if (flags !== undefined) return runStep(withFlags(run, flags), folder)
  const reason = REASONS.find(([step]) => step.test(run))?.[1]
  console.log(`not run, ${reason ?? 'for no known reason'}: ${run} (job ${job})`)
  return reason === undefined ? [`scripts/release-dry-run.ts does not know the step "${run}" of job ${job}`] : []
}

/** Flags stand before a redirection. */
function withFlags(run: string, flags: string): string {
  return run.replace(/ >|$/, (redirection) => flags + redirection)
}

function rehearseJobs({ jobs }: Workflow): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'release-dry-run-'))
  try {
    return Object.entries(jobs).flatMap(([job, { steps }]) =>
      steps.flatMap(({ uses = '', run }) => {
        if (run !== undefined) return rehearse(job, run, folder)
        console.log(`not run, it is an action: ${uses} (job ${job})`)
        return []
      }),
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const release = '.github/workflows/release.yml'
const problems = [
  ...globSync('.github/workflows/*.yml', { cwd: root }).sort().flatMap(checkWorkflow),
  ...rehearseJobs(readWorkflow(release)),
]
console.log('not run, they need machines of GitHub: the job platforms (macOS, Windows), arm64 in the image')
for (const problem of problems) console.error(problem)
process.exitCode = problems.length > 0 ? 1 : 0
