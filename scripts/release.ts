// The facts of a release: that its tag, the package, the image and the changelog agree, and what changed.
//
//   node scripts/release.ts check v1.2.3      a line for each thing that disagrees, and exit code 1 if there is any;
//                                             with --unreleased, the changelog may have unreleased changes
//   node scripts/release.ts notes v1.2.3      prints the section of CHANGELOG.md

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The files that name the version. */
export interface ReleaseFiles {
  readonly packageJson: string
  readonly packageLock: string
  readonly dockerfile: string
  readonly changelog: string
}

export function readReleaseFiles(): ReleaseFiles {
  const read = (name: string): string => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8')
  return {
    packageJson: read('package.json'),
    packageLock: read('package-lock.json'),
    dockerfile: read('Dockerfile'),
    changelog: read('CHANGELOG.md'),
  }
}

export function versionIn(json: string): string {
  return (JSON.parse(json) as { version: string }).version
}

/** The text below the heading `## 1.2.3`, `## [1.2.3]` or either with ` - DATE`; undefined if there is no such heading. */
export function changelogSection(changelog: string, version: string): string | undefined {
  const sections = changelog.split(/^## /m).slice(1)
  const section = sections.find((text) => /^\[?([^\]\s]+)\]?( - .*)?$/m.exec(text)?.[1] === version)
  return section?.replace(/^.*\n?/, '').trim()
}

/** The reasons why a tag cannot be released. */
export function releaseProblems(tag: string, files: ReleaseFiles): readonly string[] {
  const version = versionIn(files.packageJson)
  const label = /image\.version="([^"]*)"/.exec(files.dockerfile)?.[1]
  const section = changelogSection(files.changelog, version)
  const checks: readonly (readonly [isWrong: boolean, problem: string])[] = [
    [tag !== `v${version}`, `the tag is ${tag}, but package.json has version ${version}`],
    [
      versionIn(files.packageLock) !== version,
      `package-lock.json has version ${versionIn(files.packageLock)}: run npm install`,
    ],
    [label !== version, `the Dockerfile labels the image as version ${label ?? 'nothing'}`],
    [(section ?? '') === '', `CHANGELOG.md has no changes under ## ${version}`],
  ]
  return checks.flatMap(([isWrong, problem]) => (isWrong ? [problem] : []))
}

/** Reports changes that belong to no version yet. */
export function unreleasedProblems({ changelog }: ReleaseFiles): readonly string[] {
  const section = changelogSection(changelog, 'Unreleased') ?? ''
  return section === '' ? [] : ['CHANGELOG.md has changes under ## [Unreleased]: move them to the version']
}

function main(action = '', tag = '', flag = ''): void {
  const files = readReleaseFiles()
  if (action === 'notes') {
    const section = changelogSection(files.changelog, tag.replace(/^v/, ''))
    if (section === undefined) throw new Error(`CHANGELOG.md has no section for ${tag}`)
    console.log(section)
  } else if (action === 'check') {
    const unreleased = flag === '--unreleased' ? [] : unreleasedProblems(files)
    const problems = [...releaseProblems(tag, files), ...unreleased]
    problems.forEach((problem) => console.error(problem))
    process.exitCode = problems.length > 0 ? 1 : 0
  } else throw new Error('usage: node scripts/release.ts check|notes TAG')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(...process.argv.slice(2))
