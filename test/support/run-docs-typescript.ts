// Type-checks the TypeScript examples of the documentation, and runs those that assert something.

import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import ts from 'typescript'
import { hasTools } from './docs-places.ts'
import { type Block, problemAt } from './markdown.ts'
import { MAX_MS } from './run-python.ts'

export function checkTypescript(root: string, blocks: Block[]): string[] {
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
    join(root, hasTools ? 'tools/tsconfig.json' : 'tsconfig.json'),
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
      .map(({ messageText }) => problemAt(block, ts.flattenDiagnosticMessageText(messageText, '\n'))),
  )
}

/** Runs an example with assertions. */
function runTypescript({ block, path }: Example): string[] {
  if (!asserts.test(block.code)) return []
  const run = spawnSync(process.execPath, [path], { encoding: 'utf8', timeout: MAX_MS })
  return run.status === 0 ? [] : [problemAt(block, `exit ${run.status ?? run.signal}\n${run.stderr}`)]
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
    return [
      problemAt(block, [`vitest: ${result?.status ?? 'not run'}`, result?.message, ...reasons, run.stderr].join('\n')),
    ]
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
