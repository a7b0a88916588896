// Runs or checks the examples of the documentation, block by block, by their language:
//
//   sh        all blocks of a page run in one bash session, in order (run-docs.sh). If one uses port 7443 or $TOKEN, an
//             emulator runs beside them and $TOKEN is set
//   ts        type-checked; runs if it asserts something, also with `expression // => value`. A test runs in its runner,
//             vitest or node:test
//   python    runs in pytest beside an emulator (run-python.ts)
//   json(c)   must parse, as must yaml; text and mermaid are not checked
//
// A block that cannot run says why: ```sh no-run: needs a cluster

import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import ts from 'typescript'
import { parseAllDocuments } from 'yaml'
import { freePort } from './free-port.ts'
import type { Block } from './markdown.ts'
import { MAX_MS, runPython } from './run-python.ts'

const prose = new Set(['text', 'mermaid', 'http', 'sql', 'diff', 'dockerfile'])
const shells = new Set(['sh', 'bash', 'shell'])

/** The problems of the blocks of one file; each names file and line. */
export async function problemsOf(root: string, blocks: Block[]): Promise<string[]> {
  const silent = blocks.filter((block) => block.noRun === '').map((block) => at(block, 'no-run without a reason'))
  const wanted = blocks.filter((block) => block.noRun === undefined)
  const shell = wanted.filter(({ language }) => shells.has(language))
  const typescript = wanted.filter(({ language }) => language === 'ts')
  const python = wanted.filter(({ language }) => language === 'python')
  const others = wanted.filter((block) => ![...shell, ...typescript, ...python].includes(block))
  return [
    ...silent,
    ...others.flatMap(checkData),
    ...(await runShell(root, shell)),
    ...checkTypescript(root, typescript),
    ...runPython(root, python).map(({ block, problem }) => at(block, problem)),
  ]
}

const at = ({ file, line }: Block, problem: string): string => `${file}:${line}: ${problem}`

function checkData(block: Block): string[] {
  const { language, code } = block
  if (prose.has(language)) return []
  if (language === 'json' || language === 'jsonc') {
    const { error } = language === 'json' ? parseJson(code) : ts.parseConfigFileTextToJson('block.jsonc', code)
    return error ? [at(block, ts.flattenDiagnosticMessageText(error.messageText, ' '))] : []
  }
  if (language === 'yaml') {
    return parseAllDocuments(code).flatMap((document) => document.errors.map(({ message }) => at(block, message)))
  }
  return [at(block, `there is no check for a block of language "${language}"`)]
}

function parseJson(code: string): { error?: { messageText: string } } {
  try {
    JSON.parse(code)
    return {}
  } catch (error) {
    return { error: { messageText: String(error) } }
  }
}

async function runShell(root: string, blocks: Block[]): Promise<string[]> {
  if (blocks.length === 0) return []
  // A copy of the project's layout, so that examples can use its files and create their own.
  const folder = mkdtempSync(join(tmpdir(), 'cckm-docs-'))
  for (const name of readdirSync(root).filter((it) => it !== '.git')) symlinkSync(join(root, name), join(folder, name))
  const scratch = mkdtempSync(join(tmpdir(), 'cckm-docs-'))
  const port = String(await freePort())
  const body = blocks.map(({ line, code, anyStatus }) => {
    const text = code.replaceAll('7443', port)
    return `LINE=${line} ANY_STATUS=${anyStatus ? '--no-fail' : ''}\necho "$LINE" >"$AT"\n${text}`
  })
  const start = blocks.some(({ code }) => /7443|\bTOKEN\b/.test(code)) ? ['start_emulator'] : []
  const script = [readFileSync(join(root, 'test/support/run-docs.sh'), 'utf8'), ...start, ...body].join('\n')
  const env = {
    PATH: process.env.PATH,
    HOME: scratch,
    REPO: root,
    NODE: process.execPath,
    READY: join(scratch, 'ready.json'),
    LOG: join(scratch, 'emulator.log'),
    AT: join(scratch, 'at'),
    CCKM_EMULATOR_PORT: port,
  }
  writeFileSync(env.AT, '0')
  const run = spawnSync('bash', ['-c', script], { cwd: folder, env, encoding: 'utf8', timeout: MAX_MS })
  const line = Number(readFileSync(env.AT, 'utf8'))
  for (const path of [folder, scratch]) rmSync(path, { recursive: true, force: true })
  if (run.status === 0) return []
  return [at({ ...blocks[0]!, line }, `exit ${run.status ?? run.signal}\n${run.stdout}\n${run.stderr}`)]
}

function checkTypescript(root: string, blocks: Block[]): string[] {
  if (blocks.length === 0) return []
  const folder = join(root, 'test/.docs')
  mkdirSync(folder, { recursive: true })
  const examples = blocks.map((block) => {
    const suffix = isForVitest(block) ? '.test.ts' : '.ts'
    const path = join(folder, `${block.file.replaceAll(/\W/g, '-')}-${block.line}${suffix}`)
    writeFileSync(path, toProgram(block, root))
    return { block, path }
  })
  const tests = examples.filter(({ block }) => isForVitest(block))
  const programs = examples.filter((example) => !tests.includes(example))
  const problems = [...typeProblems(root, examples), ...programs.flatMap(runTypescript), ...runTests(root, tests)]
  for (const { path } of examples) rmSync(path)
  return problems
}

const asserts = /\/\/ =>|\bassert\b/

const isForVitest = ({ code }: Block): boolean => /from '(vitest|cckm-emulator\/vitest)'/.test(code)

/** The source of each entry of the package. */
const ENTRIES: Readonly<Record<string, string>> = {
  'cckm-emulator': 'index.ts',
  'cckm-emulator/vitest': 'testing/vitest.ts',
  'cckm-emulator/testing': 'testing/cckm-test.ts',
  'cckm-emulator/testcontainers': 'testing/testcontainers.ts',
}

/** An import of all functions of the module that an example names in `with:`. */
function importOf(root: string, path: string): string {
  const names = [...readFileSync(join(root, path), 'utf8').matchAll(/^export (?:async )?function (\w+)/gm)]
  return `import { ${names.map(([, name]) => name).join(', ')} } from '../../${path}'\n`
}

/** The example with sources instead of the package, and with assertions instead of `// =>`. */
function toProgram({ code, with: using }: Block, root: string): string {
  const own = code.replaceAll(/(from|import) '(cckm-emulator[\w/-]*)'/g, (text, word: string, name: string) =>
    ENTRIES[name] === undefined ? text : `${word} '../../src/${ENTRIES[name]}'`,
  )
  const local = using === undefined ? own : importOf(root, using) + own
  const checked = local.replaceAll(/^(.*?)\s*\/\/ => (.+)$/gm, (_line, statement: string, value: string) => {
    const name = /^\s*(?:const|let) (\w+)/.exec(statement)?.[1]
    const shown = /^\s*console\.log\((.*)\)$/.exec(statement)?.[1]
    return `${name ? `${statement}\n` : ''}documented.deepEqual(${name ?? shown ?? statement.trim()}, ${value})`
  })
  return `import documented from 'node:assert/strict'\nvoid documented\n${checked}\nexport {}\n`
}

interface Example {
  block: Block
  path: string
}

function typeProblems(root: string, examples: Example[]): string[] {
  const config = ts.getParsedCommandLineOfConfigFile(
    join(root, 'tsconfig.json'),
    {},
    {
      ...ts.sys,
      onUnRecoverableConfigFileDiagnostic: (error) => {
        throw new Error(ts.flattenDiagnosticMessageText(error.messageText, '\n'))
      },
    },
  )
  const program = ts.createProgram(
    examples.map(({ path }) => path),
    config!.options,
  )
  return examples.flatMap(({ block, path }) =>
    ts
      .getPreEmitDiagnostics(program, program.getSourceFile(path))
      .map(({ messageText }) => at(block, ts.flattenDiagnosticMessageText(messageText, '\n'))),
  )
}

/** Runs an example with assertions. */
function runTypescript({ block, path }: Example): string[] {
  if (!asserts.test(block.code)) return []
  const run = spawnSync(process.execPath, [path], { encoding: 'utf8', timeout: MAX_MS })
  return run.status === 0 ? [] : [at(block, `exit ${run.status ?? run.signal}\n${run.stderr}`)]
}

/** Runs examples that are tests, in one vitest run. */
function runTests(root: string, examples: Example[]): string[] {
  if (examples.length === 0) return []
  const folder = mkdtempSync(join(tmpdir(), 'cckm-docs-'))
  const report = join(folder, 'report.json')
  const options = ['run', '--config', 'test/support/docs-vitest.config.ts', '--reporter=json', `--outputFile=${report}`]
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const inherited = Object.entries(process.env).filter(([name]) => !/^(CCKM_EMULATOR_|VITEST|NODE_OPTIONS$)/.test(name))
  const run = spawnSync(process.execPath, [vitest, ...options, ...examples.map(({ path }) => relative(root, path))], {
    cwd: root,
    env: Object.fromEntries(inherited),
    encoding: 'utf8',
    timeout: MAX_MS,
  })
  const results = existsSync(report) ? (JSON.parse(readFileSync(report, 'utf8')) as Report).testResults : []
  rmSync(folder, { recursive: true, force: true })
  return examples.flatMap(({ block, path }) => {
    const result = results.find(({ name }) => name === path)
    if (result?.status === 'passed') return []
    const reasons = result?.assertionResults.flatMap(({ failureMessages }) => failureMessages) ?? []
    return [at(block, [`vitest: ${result?.status ?? 'not run'}`, result?.message, ...reasons, run.stderr].join('\n'))]
  })
}

interface Report {
  testResults: {
    name: string
    status: string
    message: string
    assertionResults: { failureMessages: string[] }[]
  }[]
}
