// Runs or checks every fenced block of README, CONTRIBUTING, bench/README, docs/ and the doc comments of src/.

import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { planFor } from './support/docs-places.ts'
import { blocksOf, findMarkdown, readBlocks, readDocComments } from './support/markdown.ts'
import { problemsOf, runPage } from './support/run-docs.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
/** A page has many examples, each of which starts processes. */
const PATIENTLY = { timeout: 600_000 }
const files = findMarkdown(root).map((file) => ({ file, blocks: readBlocks(root, file) }))

describe('the blocks of a page', () => {
  const notRun: string[] = []
  afterAll(() => console.log(['not run here:', ...notRun].join('\n  ')))

  it.each(files.filter(({ blocks }) => blocks.length > 0))('run or are valid: $file', PATIENTLY, async ({ blocks }) => {
    const { problems, left } = await runPage(root, blocks, 'source')
    notRun.push(...left)
    expect(problems).toEqual([])
  })
})

describe('the doc comments', () => {
  it('have examples that compile and, with results, run', PATIENTLY, async () => {
    const sources = globSync('src/**/*.ts', { cwd: root })
    const blocks = sources.flatMap((file) => readDocComments(root, file))
    expect(blocks.length).toBeGreaterThan(9)
    expect(await problemsOf(root, blocks)).toEqual([])
  })
})

describe('the check of the documentation', () => {
  const hasPython = spawnSync('python3', ['--version']).status === 0
  const fence = (info: string, code: string) => `\`\`\`${info}\n${code}\n\`\`\`\n`
  const check = (...parts: string[]) => problemsOf(root, blocksOf('fake.md', `# Title\n\n${parts.join('\n')}`))

  it('reads the line, language and options of a fence', () => {
    const blocks = blocksOf(
      'a.md',
      `one\n\n${fence('sh any-status', 'true')}\n  ~~~ts no-run: because\n  a\n    b\n  ~~~\n`,
    )
    expect(blocks).toEqual([
      { file: 'a.md', line: 4, number: 1, section: 0, language: 'sh', code: 'true\n', anyStatus: true, needs: [] },
      {
        file: 'a.md',
        line: 8,
        number: 2,
        section: 0,
        language: 'ts',
        code: 'a\n  b\n',
        anyStatus: false,
        needs: [],
        noRun: 'because',
      },
    ])
  })

  it('lists each example that does not run here, with its reason', () => {
    const page = blocksOf(
      'fake.md',
      [
        fence('sh', 'true'),
        '## Elsewhere\n',
        fence('sh', 'docker run cckm-emulator'),
        fence('sh', '# in the same section'),
        '## And\n',
        fence('sh no-run: needs docker compose', 'docker compose up'),
        fence('sh needs:jq,no-such-program', 'jq'),
        fence('python', 'import pytest'),
      ].join('\n'),
    )
    const { run, left } = planFor('source', page, (program) => program === 'jq')
    expect(run.map(({ number }) => number)).toEqual([1])
    expect(left).toEqual([
      'fake.md block 2 (line 8): needs a container; .ci/run runs it where it has the means for one',
      'fake.md block 3 (line 12): needs a container; .ci/run runs it where it has the means for one',
      'fake.md block 4 (line 18): needs docker compose',
      'fake.md block 5 (line 22): needs no-such-program',
      'fake.md block 6 (line 26): needs python3 and pytest',
    ])
    expect(planFor('container', page).run.map(({ number }) => number)).toEqual([2, 3])
  })

  it('runs a page of docs/getting-started with the package', () => {
    const page = blocksOf(
      'docs/getting-started/install.md',
      fence('ts file:a.test.ts', 'x') + fence('sh', 'ls') + fence('ts', 'y'),
    )
    expect(planFor('package', page).run.map(({ number }) => number)).toEqual([1, 2])
    expect(planFor('source', page).run.map(({ number }) => number)).toEqual([3])
  })

  it('reports each bad block', PATIENTLY, async () => {
    const bad = [
      fence('json', '{ a: 1 }'),
      fence('jsonc', '{ "a": } // one'),
      fence('yaml', 'a: [1'),
      fence('cobol', 'STOP RUN.'),
      fence('', 'no language'),
      fence('sh no-run', 'echo no reason'),
      fence('sh no-run: ', 'echo an empty reason'),
      fence('ts', `const wrongType: string = 1`),
      fence('ts', `import { nothingOfTheKind } from 'cckm-emulator'`),
      fence('ts', `1 + 1 // => 3`),
      fence('ts', `const wrongConstant = 'x' // => 'y'`),
      fence('ts', `console.log([1, 2]) // => [2, 1]`),
      fence('ts', `import assert from 'node:assert'\nassert.equal(1 + 1, 3)`),
      ...(hasPython ? [fence('python', 'def test_sums(): assert 1 + 1 == 3'), fence('python', 'no_tests = 1')] : []),
      fence('ts', `import { expect, test } from 'vitest'\ntest('one', () => expect(1 + 1).toBe(3))`),
      fence(
        'ts',
        `import { test } from 'cckm-emulator/vitest'\ntest('two', ({ cckm }) => cckm.nextJob({ scenario: 'stuck' }))`,
      ),
    ]
    const blocks = blocksOf('fake.md', bad.join(''))
    const problems = await problemsOf(root, blocks)
    const unnoticed = blocks.filter(({ line }) => !problems.some((it) => it.startsWith(`fake.md:${line}: `)))
    expect(blocks).toHaveLength(bad.length)
    expect(unnoticed).toEqual([])
  })

  it.each([
    ['a failing command', 'false', 'exit 1'],
    ['a failing command in a pipe', 'false | cat', 'exit 1'],
    ['an unset variable', 'echo "$NOTHING_OF_THE_KIND"', 'exit 1'],
    ['a script that is not in package.json', 'npm run nothing', 'has no script'],
    ['an unknown flag', 'npm start -- --nothing', 'nothing'],
    ['a refused call', 'curl -k https://127.0.0.1:7443/api/v1/cckm/azure/bulkjobs', '401'],
  ])('reports %s in a shell block', async (_name, code, message) => {
    const problems = await check(fence('sh', 'true'), fence('sh', code))
    expect(problems).toEqual([expect.stringMatching(/^fake\.md:8: /)])
    expect(problems[0]).toContain(message)
  })

  it('accepts good examples', PATIENTLY, async () => {
    const problems = await check(
      fence('sh', 'npm ci && npm start'),
      fence('sh', 'url=https://127.0.0.1:7443/api/v1/cckm/azure/bulkjobs\ntouch made-here'),
      fence('sh', 'curl -k "$url" -H "Authorization: Bearer $TOKEN" | grep ee4482eb'),
      fence('sh any-status', 'test -e made-here && curl -k "$url" | grep codeDesc'),
      fence('sh', 'cckm-emulator --clock frozen\ncurl -k "$url" -H "Authorization: Bearer $TOKEN"'),
      fence('ts file:made/one.ts', 'saved'),
      fence('sh', 'grep saved made/one.ts'),
      fence('sh needs:no-such-program', 'no-such-program'),
      fence('sh no-run: would take the machine down', 'shutdown now'),
      fence(
        'ts',
        `import { createEmulator } from 'cckm-emulator'\nconsole.log(typeof createEmulator) // => 'function'`,
      ),
      fence('ts', `const sum = 1 + 1 // => 2\n[sum].length // => 1`),
      fence('python', 'import os\ndef test_has_the_address(): assert os.environ["CCKM_EMULATOR_URL"]'),
      fence('json', '{}'),
      fence('jsonc', '{ "a": 1 } // one'),
      fence('yaml', 'a: 1\n---\nb: 2'),
      fence('text', 'anything'),
    )
    expect(problems).toEqual([])
  })
})
