// The checks that a release makes before it publishes, and those of the workflows that publish.

import { existsSync, globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { changelogSection, releaseProblems, unreleasedProblems, type ReleaseFiles } from '../scripts/release.ts'
import { commandsOf, workflowProblems, type Callable, type Workflow } from '../scripts/workflows.ts'

const files: ReleaseFiles = {
  packageJson: '{"version":"1.2.3"}',
  packageLock: '{"version":"1.2.3"}',
  dockerfile: 'LABEL org.opencontainers.image.version="1.2.3"',
  changelog: '# Changelog\n\n## [Unreleased]\n\n## [1.2.3] - 2026-12-01\n\n### Added\n\n- One.\n\n## 1.2.2\n\n- Old.\n',
}

describe('The checks of a release', () => {
  it('accept a tag that agrees with package, lock file, image and changelog', () => {
    expect([...releaseProblems('v1.2.3', files), ...unreleasedProblems(files)]).toEqual([])
  })

  it.each<[string, string, Partial<ReleaseFiles>, string]>([
    ['another tag', 'v1.2.4', {}, 'the tag is v1.2.4, but package.json has version 1.2.3'],
    ['a tag without v', '1.2.3', {}, 'the tag is 1.2.3, but'],
    ['an old lock file', 'v1.2.3', { packageLock: '{"version":"1.2.2"}' }, 'package-lock.json has version 1.2.2'],
    [
      'an old label',
      'v1.2.3',
      { dockerfile: files.dockerfile.replace('3"', '2"') },
      'labels the image as version 1.2.2',
    ],
    ['no label', 'v1.2.3', { dockerfile: 'FROM node' }, 'labels the image as version nothing'],
    ['no changes', 'v1.2.3', { changelog: '## 1.2.3\n\n## 1.2.2\n\n- Old.\n' }, 'no changes under ## 1.2.3'],
    [
      'the changes of a longer version',
      'v1.2.3',
      { changelog: '## 1.2.30\n\n- Other.\n' },
      'no changes under ## 1.2.3',
    ],
  ])('reject %s', (_what, tag, more, problem) => {
    expect(releaseProblems(tag, { ...files, ...more })).toEqual([expect.stringContaining(problem)])
  })

  it('reject a changelog with unreleased changes', () => {
    const changelog = files.changelog.replace('[Unreleased]\n', '[Unreleased]\n\n- Two.\n')
    expect(unreleasedProblems({ ...files, changelog })).toHaveLength(1)
  })

  it('extract the notes of one version from the changelog', () => {
    expect(changelogSection(files.changelog, '1.2.3')).toBe('### Added\n\n- One.')
    expect(changelogSection(files.changelog, '1.2.2')).toBe('- Old.')
    expect(changelogSection(files.changelog, '1.2.1')).toBeUndefined()
  })
})

describe('The checks of a workflow', () => {
  const callable: Callable = { scripts: ['check'], hasFile: (path) => path === 'a.ts' }
  const read = { contents: 'read' }
  const inJob = (step: object, job: object = {}): Workflow => ({
    on: {},
    permissions: read,
    jobs: { one: { steps: [step], ...job } },
  })
  const publishing = { run: 'npm publish --provenance' }

  it.each<[string, Workflow, string | undefined]>([
    ['accept an npm script that exists', inJob({ run: 'npm run check' }), undefined],
    [
      'reject an npm script that does not exist',
      inJob({ run: 'npm ci && npm run chek' }),
      'job one: there is no npm script chek',
    ],
    ['accept a file that exists', inJob({ run: 'node a.ts --x "b.ts c"' }), undefined],
    ['reject a file that does not exist', inJob({ run: 'node b.ts' }), 'job one: there is no file b.ts'],
    [
      'reject an option that names a missing file',
      inJob({ run: 'node a.ts --config test/b.ts' }),
      'job one: there is no file test/b.ts',
    ],
    ['reject an unknown program', inJob({ run: 'echo x | jq .' }), 'job one: jq is not known to be there'],
    ['reject an expression in a command', inJob({ run: 'echo ${{ github.ref }}' }), 'pass it as a variable'],
    [
      'reject an action of a branch',
      inJob({ uses: 'a/b@main' }),
      'job one: a/b@main is neither a version nor a digest',
    ],
    ['accept an action pinned to a digest', inJob({ uses: `a/b@${'0'.repeat(40)}` }), undefined],
    [
      'reject a checkout that keeps its token',
      inJob({ uses: 'actions/checkout@v5' }),
      'set persist-credentials to false',
    ],
    [
      'reject a workflow that does not limit its permissions',
      { ...inJob({ run: 'echo' }), permissions: {} },
      'its permissions are not contents: read alone',
    ],
    ['reject a job without the permission that it needs', inJob(publishing), 'job one: it needs id-token: write'],
    [
      'reject a permission that nothing uses',
      inJob({ run: 'npm ci' }, { permissions: { packages: 'write' } }),
      'nothing in it needs packages',
    ],
    [
      'accept the permission that a job needs',
      inJob(publishing, { permissions: { ...read, 'id-token': 'write' } }),
      undefined,
    ],
    [
      'reject a need for a job that does not exist',
      inJob({ run: 'echo' }, { needs: 'two' }),
      'job one: it needs two, which does not exist',
    ],
  ])('%s', (_what, workflow, problem) => {
    const problems = workflowProblems(workflow, callable)
    expect(problems).toEqual(problem === undefined ? [] : [expect.stringContaining(problem)])
  })

  it('reject publishing before every check has passed', () => {
    const publish = { steps: [publishing], permissions: { 'id-token': 'write' } }
    const check = { steps: [{ run: 'npm ci' }] }
    const problemsFor = (jobs: Workflow['jobs']) => workflowProblems({ on: {}, permissions: read, jobs }, callable)
    expect(problemsFor({ a: check, b: { ...check, needs: 'a' }, publish: { ...publish, needs: ['b'] } })).toEqual([])
    expect(problemsFor({ a: check, b: check, publish: { ...publish, needs: ['b'] } })).toEqual([
      'job publish: it publishes without waiting for a',
    ])
  })

  it('read quoted text as one word of a command', () => {
    expect(commandsOf(`a "b && c" | d 'e; f'\ng --h="i j"`)).toEqual([
      ['a', 'b && c'],
      ['d', 'e; f'],
      ['g', '--h=', 'i j'],
    ])
  })
})

describe('The workflows of this repository', () => {
  const root = new URL('../', import.meta.url)
  const text = (file: string) => readFileSync(new URL(file, root), 'utf8')
  const { scripts } = JSON.parse(text('package.json')) as { scripts: object }
  const workflows = globSync('.github/workflows/*.yml', { cwd: root })
  const hasFile = (path: string) => existsSync(new URL(path, root))

  it.each(workflows)('call only what exists, with no more permissions than needed: %s', (file) => {
    const workflow = parse(text(file)) as Workflow
    expect(workflowProblems(workflow, { scripts: Object.keys(scripts), hasFile })).toEqual([])
  })

  it('publish a tag with provenance, SBOM, download and notes, and test on macOS and Windows', () => {
    const { on, jobs } = parse(text('.github/workflows/release.yml')) as Workflow
    expect(on).toEqual({ push: { tags: ['v*'] } })
    const runs = Object.values(jobs).flatMap(({ steps }) => steps.map(({ run = '' }) => run))
    for (const part of [
      'npm publish --provenance',
      '--platform linux/amd64,linux/arm64 --sbom true --provenance mode=max',
      'npm run bundle:linux',
      'gh release create "$GITHUB_REF_NAME" --verify-tag --notes-file',
    ])
      expect(runs.filter((run) => run.includes(part))).toHaveLength(1)
    expect(jobs.platforms).toMatchObject({ strategy: { matrix: { os: ['macos-latest', 'windows-latest'] } } })
  })

  it('get their digests from Renovate', () => {
    const { packageRules } = JSON.parse(text('renovate.json')) as { packageRules: object[] }
    const matchManagers = ['github-actions', 'dockerfile', 'docker-compose']
    expect(packageRules).toContainEqual(expect.objectContaining({ matchManagers, pinDigests: true }))
  })
})
