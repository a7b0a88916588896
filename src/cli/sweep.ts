import { exposureOf, type Config, type Flags } from '../config/config.ts'
import { connect } from '../client/connect.ts'
import { startEmulator, type Emulator } from '../emulator.ts'
import { StartError } from '../errors.ts'
import { runSweep, type Run, type SweepRunOptions } from '../sweep/engine.ts'
import type { RunOutcome } from '../sweep/judge.ts'
import { baselineAfter, hasNewFailure, type SweepReport, type SweepResult } from '../sweep/report.ts'
import { SweepError } from '../sweep/sweep-error.ts'
import { SWEEP_CLOCK } from '../sweep/sweep.ts'
import { variablesOf } from '../client/environment.ts'
import { environmentOf, openFolder, writeCaFiles, type Access, type Folder } from './child-environment.ts'
import { toListenError } from './failures.ts'
import { loadConfig } from './load-config.ts'
import { openOutput } from './output.ts'
import { statusLine } from './progress.ts'
import { complain, print } from './stdio.ts'
import { readBaseline, writeBaseline, writeReport } from './sweep/files.ts'
import { repeatCommand, type SweepFlags } from './sweep/flags.ts'
import { junitText } from './sweep/junit.ts'
import { runLimited } from './sweep/run-limited.ts'
import { usageError } from './failures.ts'
import { readSweepFlags } from './sweep/settings.ts'
import { reportText } from './sweep/table.ts'
import {
  dropEndedSleepers,
  readSleepFlag,
  refuseStandingClock,
  shimVariables,
  VIRTUAL_SETTINGS,
  type SleepKind,
} from './virtual-sleep.ts'

/** Runs a command once for each fault on each of its requests, and reports the faults that it does not survive. */
export async function sweep(flags: Flags, own: SweepFlags, words: readonly string[]): Promise<void> {
  if (words.length === 0) throw usageError('sweep: which command? For instance: cckm-emulator sweep -- npm test')
  const settings = readSweepFlags(own)
  const sleep = readSleepFlag(own.sleep)
  if (own.updateBaseline === true && own.baseline === undefined)
    throw usageError('--update-baseline goes with --baseline')
  const baseline =
    own.baseline === undefined ? [] : readBaseline(own.baseline, { mayBeAbsent: own.updateBaseline === true })
  const config = await loadConfig({ port: '0', ...flags }, { logLevel: 'error' })
  if (sleep === 'virtual') refuseStandingClock(config)
  const output = await openOutput(config, process.stderr)
  const interruption = onInterrupt()
  const folder = openFolder()
  let emulator: Emulator | undefined
  try {
    emulator = await startEmulator(config, { log: output.log })
    const server = await serverOf(emulator, config, folder)
    const clock = clockOf(flags, sleep, config)
    const tokens = sleep === 'virtual' ? { settings: VIRTUAL_SETTINGS } : {}
    const { signal } = interruption
    const progress = showProgress()
    const found: SweepResult[] = []
    const options = {
      ...settings,
      ...server.options,
      baseline,
      domain: { clock, ...tokens },
      signal,
      ...progress.listeners(found),
    }
    const report = await runSweep({
      ...options,
      run: async (run) => runIn(run, words, { ...server, sleep, folder }),
    }).finally(progress.end)
    printReport(report, own, words)
    if (own.updateBaseline === true && own.baseline !== undefined)
      writeBaseline(own.baseline, baselineAfter(report.results, baseline))
    if (hasNewFailure(report) && own.updateBaseline !== true) process.exitCode = 1
  } catch (error) {
    if (interruption.code() === undefined) throw withOutput(error, config)
  } finally {
    folder.remove()
    interruption.release()
    await emulator?.close()
    await output.flush()
    process.exitCode = interruption.code() ?? process.exitCode
  }
}

function printReport(report: SweepReport, { json, junit }: SweepFlags, words: readonly string[]): void {
  const repeat = (name: string): string => repeatCommand(name, process.argv.slice(3), words)
  print(reportText(report, repeat))
  if (json !== undefined) {
    const results = report.results.map((result) => ({ ...result, repeat: repeat(result.name) }))
    writeReport(json, `${JSON.stringify({ ...report, results }, undefined, 2)}\n`)
  }
  if (junit !== undefined) writeReport(junit, junitText(report, repeat))
}

function withOutput(error: unknown, config: Config): unknown {
  if (!(error instanceof SweepError)) return toListenError(error, config)
  const lines = error.output === '' ? [] : ['output:', ...error.output.split('\n').slice(-20)]
  return new StartError([`sweep: ${error.message}`, ...lines], 2)
}

/** The clock of the configuration, or else a `step` clock. It starts at the same instant in each run. */
function clockOf(
  flags: Flags,
  sleep: SleepKind,
  { clock: { mode, now } }: Config,
): NonNullable<SweepRunOptions['domain']['clock']> {
  const isChosen = flags.clock !== undefined || process.env.CCKM_EMULATOR_CLOCK !== undefined || mode !== 'running'
  const [, start = ''] = SWEEP_CLOCK.split('@')
  if (!isChosen && now === undefined && sleep === 'real') return SWEEP_CLOCK
  return {
    mode: sleep === 'virtual' ? 'auto' : mode,
    now: now === undefined ? start : new Date(now / 1000).toISOString(),
  }
}

interface SweepServer {
  readonly options: Pick<SweepRunOptions, 'connection' | 'domains'>
  readonly access: Pick<Access, 'url' | 'httpsUrl' | 'caFiles' | 'adminToken'>
}

async function serverOf(emulator: Emulator, config: Config, folder: Folder): Promise<SweepServer> {
  const { adminToken } = config
  const { url, httpsUrl } = await emulator.listen()
  const exposure = exposureOf(config)
  if (exposure !== undefined) complain(exposure)
  const connection = connect(url, { adminToken })
  const caFiles = writeCaFiles(await emulator.caCertificate(), folder, process.env)
  return {
    options: { connection, domains: async () => (await connection.domains()).map(({ name }) => name) },
    access: { url, httpsUrl, caFiles, adminToken },
  }
}

async function runIn(
  { id, access, world, timeLimitMs, signal }: Run,
  words: readonly string[],
  server: SweepServer & { readonly sleep: SleepKind; readonly folder: Folder },
): Promise<RunOutcome> {
  // A sign-in with this user name goes to the domain of the run, even if the client names another domain.
  const user = { name: access.username, password: access.password }
  const token = await world.token({ ttl: '12h' })
  const env = environmentOf({ ...server.access, domain: id, user, token }, process.env)
  const ofRun = variablesOf({ runId: id, keepDomains: '1', sweep: '1' })
  const limits = { timeLimitMs, signal }
  if (server.sleep === 'real') return runLimited(words, { env: { ...env, ...ofRun }, ...limits })
  const shims = shimVariables({ url: server.access.url, domain: id, folder: server.folder }, env)
  const endDropping = dropEndedSleepers(world)
  return runLimited(words, { env: { ...env, ...ofRun, ...shims }, ...limits }).finally(endDropping)
}

function showProgress() {
  const line = statusLine()
  const start = performance.now()
  let planned = 0
  return {
    listeners: (results: SweepResult[]): Pick<SweepRunOptions, 'onPlanned' | 'onResult'> => ({
      onPlanned: (cases) => {
        planned = cases
      },
      onResult: (result) => {
        results.push(result)
        const notSurvived = results.filter(({ verdict }) => verdict !== 'survived').length
        const seconds = Math.round(((performance.now() - start) / results.length / 1000) * (planned - results.length))
        line.show(`${results.length}/${planned} cases, ${notSurvived} not survived, about ${seconds}s left`)
        if (!process.stderr.isTTY && result.verdict !== 'survived') complain(`${result.name}: ${result.verdict}`)
      },
    }),
    end: line.clear,
  }
}

const INTERRUPTS = { SIGINT: 130, SIGTERM: 143 } as const

/** Ends the sweep on the first signal: it reports the results so far, and the exit code stands for the signal. */
function onInterrupt() {
  const controller = new AbortController()
  let code: number | undefined
  const stop = (signal: keyof typeof INTERRUPTS): void => {
    code ??= INTERRUPTS[signal]
    controller.abort()
  }
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, stop)
  return {
    signal: controller.signal,
    code: () => code,
    release: () => {
      for (const name of ['SIGINT', 'SIGTERM'] as const) process.off(name, stop)
    },
  }
}
