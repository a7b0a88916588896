// Lists the exports of src/ that no other file uses, and ends with exit code 1 if there are any.
//
//   node scripts/dead-exports.ts
//
// Users of the package use all exports of its entries (`exports` in package.json). It only parses the files: an import of
// a source names the file in full, so that types need not be checked. Tests may import what its own file uses too; code
// that only tests use is a finding.

import { globSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

/** Exports as `src/model/job.ts: Job`. */
export interface DeadExports {
  /** Nothing uses them: delete them. */
  readonly unused: readonly string[]
  /** Only their own file uses them: drop `export`. */
  readonly ownFileOnly: readonly string[]
  /** Only tests use them, not even their own file: delete them or move them to the tests. */
  readonly testsOnly: readonly string[]
}

/** Finds the dead exports below `src/`. Takes the texts of all files by their paths, and the paths of the entries. */
export function findDeadExports(files: ReadonlyMap<string, string>, entries: readonly string[]): DeadExports {
  const modules = [...files].map(([path, text]) => readModule(path, text))
  const candidates = modules
    .filter(({ path }) => path.startsWith('src/') && !entries.includes(path))
    .flatMap(({ path, exports, words }) => exports.map((name) => ({ path, name, inOwnFile: words.get(name)! > 1 })))
    .map((each) => ({ ...each, users: modules.filter((module) => uses(module, each)).map(({ path }) => path) }))
  const keys = (isDead: (candidate: (typeof candidates)[number]) => boolean) =>
    candidates.filter(isDead).map(({ path, name }) => `${path}: ${name}`)
  return {
    unused: keys(({ users, inOwnFile }) => users.length === 0 && !inOwnFile),
    ownFileOnly: keys(({ users, inOwnFile }) => users.length === 0 && inOwnFile),
    testsOnly: keys(
      ({ users, inOwnFile }) => users.length > 0 && !inOwnFile && users.every((path) => path.startsWith('test/')),
    ),
  }
}

interface Module {
  readonly path: string
  readonly exports: readonly string[]
  /** The names that it imports, by the file that exports them; `*` for all of a file. */
  readonly imports: ReadonlyMap<string, ReadonlySet<string>>
  /** How often it has each identifier. */
  readonly words: ReadonlyMap<string, number>
}

function uses({ imports, words }: Module, { path, name }: { readonly path: string; readonly name: string }): boolean {
  const names = imports.get(path)
  return names !== undefined && (names.has(name) || (names.has('*') && words.has(name)))
}

function readModule(path: string, text: string): Module {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  const imports = new Map<string, Set<string>>()
  const words = new Map<string, number>()
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) words.set(node.text, (words.get(node.text) ?? 0) + 1)
    const specifier = specifierOf(node)
    if (specifier?.startsWith('.')) {
      const from = posix.join(posix.dirname(path), specifier)
      const names = imports.get(from) ?? new Set()
      for (const name of importedNames(node)) names.add(name)
      imports.set(from, names)
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return { path, exports: file.statements.flatMap(exportedNames), imports, words }
}

/** The file that a node imports from: an import or export declaration, `import()` or the type `import('...')`. */
function specifierOf(node: ts.Node): string | undefined {
  const specifier =
    ts.isImportDeclaration(node) || ts.isExportDeclaration(node)
      ? node.moduleSpecifier
      : ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
        ? node.arguments[0]
        : ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)
          ? node.argument.literal
          : undefined
  return specifier !== undefined && ts.isStringLiteralLike(specifier) ? specifier.text : undefined
}

function importedNames(node: ts.Node): readonly string[] {
  const bindings = ts.isImportDeclaration(node)
    ? node.importClause?.namedBindings
    : ts.isExportDeclaration(node)
      ? node.exportClause
      : undefined
  if (bindings === undefined || ts.isNamespaceImport(bindings) || ts.isNamespaceExport(bindings)) return ['*']
  return [...bindings.elements].map(({ propertyName, name }) => (propertyName ?? name).text)
}

function exportedNames(statement: ts.Statement): readonly string[] {
  if (ts.isExportDeclaration(statement))
    return statement.exportClause !== undefined && ts.isNamedExports(statement.exportClause)
      ? statement.exportClause.elements.map(({ name }) => name.text)
      : []
  const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : []
  if (!modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return []
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.flatMap(({ name }) => (ts.isIdentifier(name) ? [name.text] : []))
  return 'name' in statement && ts.isIdentifier(statement.name as ts.Node)
    ? [(statement.name as ts.Identifier).text]
    : []
}

/** All files of the repository that can use an export, with their texts. */
function readFiles(root: URL): Map<string, string> {
  const cwd = fileURLToPath(root)
  const paths = globSync(['{src,test,bench,scripts,examples}/**/*.{ts,tsx,js,mjs}', '*.ts'], { cwd })
  return new Map(paths.map((path) => [path.replaceAll('\\', '/'), readFileSync(new URL(path, root), 'utf8')]))
}

/** `./dist/testing/vitest.js` in package.json is built from `src/testing/vitest.ts`. */
function packageEntries(root: URL): string[] {
  const manifest = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as {
    readonly exports: Readonly<Record<string, string | { readonly default: string }>>
  }
  return Object.values(manifest.exports).flatMap((entry) =>
    typeof entry === 'string' ? [] : [entry.default.replace(/^\.\/dist\/(.*)\.js$/, 'src/$1.ts')],
  )
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = new URL('..', import.meta.url)
  const { unused, ownFileOnly, testsOnly } = findDeadExports(readFiles(root), packageEntries(root))
  const report = [
    ...unused.map((key) => `${key} is not used: delete it`),
    ...ownFileOnly.map((key) => `${key} is only used in its own file: drop "export"`),
    ...testsOnly.map((key) => `${key} is only used by tests: delete it, or move it to test/`),
  ]
  for (const line of report) console.log(line)
  process.exitCode = report.length > 0 ? 1 : 0
}
