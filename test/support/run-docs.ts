// Runs or checks the examples of the documentation, block by block, by their language:
//
//   sh        all blocks of a page run in one bash session, in order (run-docs-shell.ts)
//   ts        type-checked; runs if it asserts something, also with `expression // => value`. A test runs in its runner,
//             vitest or node:test (run-docs-typescript.ts)
//   python    runs in pytest beside an emulator (run-python.ts)
//   json(c)   must parse, as must yaml; text and mermaid are not checked
//
// Options of a fence:
//
//   ```sh no-run: needs a cluster     shown, not run
//   ```sh needs:go,jq                 run where these programs are
//   ```sh any-status                  the example shows an error, so curl does not fail on a 4xx
//   ```ts file:a.test.ts              saved under this name; the shell blocks of the page use it
//
// docs-places.ts decides where a block runs, and lists those that do not run here.

import ts from 'typescript'
import { parseAllDocuments } from 'yaml'
import { type Plan, type Place, isShell, planFor, silentOnes } from './docs-places.ts'
import { type Block, problemAt } from './markdown.ts'
import { type ShellOptions, runShell } from './run-docs-shell.ts'
import { checkTypescript } from './run-docs-typescript.ts'
import { runPython } from './run-python.ts'

const prose = new Set(['text', 'mermaid', 'http', 'sql', 'diff', 'dockerfile'])

/** Examples of one page that fail, each with file and line, and those that do not run in this place. */
export interface PageResult extends Pick<Plan, 'left'> {
  problems: string[]
}

/** The problems of the blocks of one file. */
export async function problemsOf(root: string, blocks: Block[]): Promise<string[]> {
  return (await runPage(root, blocks, 'source')).problems
}

export async function runPage(
  root: string,
  blocks: Block[],
  place: Place,
  options: ShellOptions = {},
): Promise<PageResult> {
  const { run, left } = planFor(place, blocks)
  const isSession = (block: Block) => isShell(block) || block.saveAs !== undefined
  const session = run.filter(isSession)
  const alone = run.filter((block) => !isSession(block))
  const typescript = alone.filter(({ language }) => language === 'ts')
  const python = alone.filter(({ language }) => language === 'python')
  const data = alone.filter(({ language }) => language !== 'ts' && language !== 'python')
  const problems = [
    ...silentOnes(blocks),
    ...data.flatMap(checkData),
    ...(await runShell(root, session, place, options)),
    ...checkTypescript(root, typescript),
    ...runPython(root, python).map(({ block, problem }) => problemAt(block, problem)),
  ]
  return { problems, left }
}

function checkData(block: Block): string[] {
  const { language, code } = block
  if (prose.has(language)) return []
  if (language === 'json' || language === 'jsonc') {
    const { error } = language === 'json' ? parseJson(code) : ts.parseConfigFileTextToJson('block.jsonc', code)
    return error ? [problemAt(block, ts.flattenDiagnosticMessageText(error.messageText, ' '))] : []
  }
  if (language === 'yaml') {
    return parseAllDocuments(code).flatMap((document) =>
      document.errors.map(({ message }) => problemAt(block, message)),
    )
  }
  return [problemAt(block, `there is no check for a block of language "${language}"`)]
}

function parseJson(code: string): { error?: { messageText: string } } {
  try {
    JSON.parse(code)
    return {}
  } catch (error) {
    return { error: { messageText: String(error) } }
  }
}
