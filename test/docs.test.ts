// The documentation's examples work: every fenced block of README, CONTRIBUTING and docs/ is run or checked.

import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { blocksOf, findMarkdown, readBlocks } from './support/markdown.ts'
import { problemsOf } from './support/run-docs.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const minutes = (count: number) => ({ timeout: count * 60_000 })
const files = findMarkdown(root).map((file) => ({ file, blocks: readBlocks(root, file) }))

describe('the documentation', () => {
  it.each(files.filter(({ blocks }) => blocks.length > 0))('$file', minutes(2), async ({ file, blocks }) => {
    const left = blocks.filter(({ noRun }) => noRun !== undefined)
    for (const { line, noRun } of left) console.log(`${file}:${line} is not run: ${noRun ?? ''}`)
    expect(await problemsOf(root, blocks)).toEqual([])
  })
})

describe('the check itself', () => {
  const fence = (info: string, code: string) => `\`\`\`${info}\n${code}\n\`\`\`\n`
  const check = (...parts: string[]) => problemsOf(root, blocksOf('fake.md', `# Title\n\n${parts.join('\n')}`))

  it('reads fences with their place, language and wishes', () => {
    const blocks = blocksOf(
      'a.md',
      `one\n\n${fence('sh any-status', 'true')}\n  ~~~ts no-run: because\n  a\n    b\n  ~~~\n`,
    )
    expect(blocks).toEqual([
      { file: 'a.md', line: 4, language: 'sh', code: 'true\n', anyStatus: true },
      { file: 'a.md', line: 8, language: 'ts', code: 'a\n  b\n', anyStatus: false, noRun: 'because' },
    ])
  })

  it.each([
    ['JSON that does not parse', fence('json', '{ a: 1 }')],
    ['JSON with comments that does not parse', fence('jsonc', '{ "a": } // one')],
    ['YAML that does not parse', fence('yaml', 'a: [1')],
    ['an unknown language', fence('cobol', 'STOP RUN.')],
    ['no language', fence('', 'something')],
    ['an opt-out without a reason', fence('sh no-run', 'true')],
    ['an opt-out with an empty reason', fence('sh no-run: ', 'true')],
    ['a wrong type', fence('ts', `const a: string = 1`)],
    ['a missing export', fence('ts', `import { nothing } from 'cckm-emulator'`)],
    ['a wrong value', fence('ts', `1 + 1 // => 3`)],
    ['a wrong constant', fence('ts', `const a = 'x' // => 'y'`)],
    ['a wrong print', fence('ts', `console.log([1, 2]) // => [2, 1]`)],
    ['a failed assertion', fence('ts', `import assert from 'node:assert'\nassert.equal(1 + 1, 3)`)],
  ])('turns red at %s', minutes(1), async (_name, markdown) => {
    expect(await check(markdown)).toEqual([expect.stringMatching(/^fake\.md:4: /)])
  })

  it.each([
    ['a failing command', 'false', 'exit 1'],
    ['a failing command in a pipe', 'false | cat', 'exit 1'],
    ['an unset variable', 'echo "$NOTHING_OF_THE_KIND"', 'exit 1'],
    ['a script that package.json does not have', 'npm run nothing', 'has no script'],
    ['an unknown flag', 'npm start -- --nothing', 'nothing'],
    ['a refused call', 'curl -k https://127.0.0.1:7443/api/v1/cckm/azure/bulkjobs', '401'],
  ])('turns red at %s', minutes(1), async (_name, code, message) => {
    const problems = await check(fence('sh', 'true'), fence('sh', code))
    expect(problems).toEqual([expect.stringMatching(/^fake\.md:8: /)])
    expect(problems[0]).toContain(message)
  })

  it('lets good examples pass', minutes(1), async () => {
    const problems = await check(
      fence('sh', 'npm ci && npm start'),
      fence('sh', 'url=https://127.0.0.1:7443/api/v1/cckm/azure/bulkjobs\ntouch made-here'),
      fence('sh', 'curl -k "$url" -H "Authorization: Bearer $TOKEN" | grep ee4482eb'),
      fence('sh any-status', 'test -e made-here && curl -k "$url" | grep codeDesc'),
      fence(
        'sh',
        'docker run --rm -p 7443:7443 cckm-emulator --clock frozen\ncurl -k "$url" -H "Authorization: Bearer $TOKEN"',
      ),
      fence('sh no-run: would take the machine down', 'shutdown now'),
      fence(
        'ts',
        `import { createEmulator } from 'cckm-emulator'\nconsole.log(typeof createEmulator) // => 'function'`,
      ),
      fence('ts', `const sum = 1 + 1 // => 2\n[sum].length // => 1`),
      fence('json', '{}'),
      fence('jsonc', '{ "a": 1 } // one'),
      fence('yaml', 'a: 1\n---\nb: 2'),
      fence('text', 'anything'),
    )
    expect(problems).toEqual([])
  })
})
