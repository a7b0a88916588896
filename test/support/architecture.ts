// What test/architecture.test.ts reads: the imports and a few other facts of a source file, from its syntax tree.

import { posix } from 'node:path'
import ts from 'typescript'

export interface Import {
  /** As written: `../model/job.ts`, `node:fs`, `fastify`. */
  specifier: string
  /** True if it disappears when types are erased. `import { type A }` does not: the import itself remains. */
  typeOnly: boolean
}

export interface Source {
  /** Relative to src/: `domain/clock.ts`. */
  path: string
  imports: Import[]
  /** Names that are used as values, and their members: `process`, `Date`, `Math.random`. */
  names: Set<string>
  hasDefaultExport: boolean
  /** True if the file has only `export ... from`. */
  isBarrel: boolean
  usesImportMeta: boolean
}

/** `domain` for `domain/clock.ts`; a file directly in src is its own part. */
export const partOf = (path: string): string => path.split('/', 1)[0] ?? path

/** The path from src/ that a relative import refers to, or undefined for a package. */
export const targetOf = (from: string, specifier: string): string | undefined =>
  specifier.startsWith('.') ? posix.join(posix.dirname(from), specifier) : undefined

export function readSource(path: string, text: string): Source {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  const source: Source = {
    path,
    imports: [],
    names: new Set(),
    hasDefaultExport: false,
    isBarrel:
      file.statements.length > 0 && file.statements.every((it) => ts.isExportDeclaration(it) && it.moduleSpecifier),
    usesImportMeta: false,
  }
  visit(file, source)
  return source
}

function visit(node: ts.Node, source: Source): void {
  source.imports.push(...importsOf(node))
  if (ts.isIdentifier(node) && isValueName(node)) source.names.add(node.text)
  if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) source.names.add(memberOf(node))
  const clock = clockReadBy(node)
  if (clock !== undefined) source.names.add(clock)
  if (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword) source.usesImportMeta = true
  if (isDefaultExport(node)) source.hasDefaultExport = true
  ts.forEachChild(node, (child) => visit(child, source))
}

function importsOf(node: ts.Node): Import[] {
  if (ts.isImportDeclaration(node)) return toImport(node.moduleSpecifier, isTypeClause(node.importClause))
  if (ts.isExportDeclaration(node)) return toImport(node.moduleSpecifier, node.isTypeOnly)
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return toImport(node.argument.literal, true)
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    return toImport(node.arguments[0], false)
  }
  return []
}

const isTypeClause = (clause: ts.ImportClause | undefined): boolean =>
  clause?.phaseModifier === ts.SyntaxKind.TypeKeyword

const toImport = (specifier: ts.Node | undefined, typeOnly = false): Import[] =>
  specifier && ts.isStringLiteralLike(specifier) ? [{ specifier: specifier.text, typeOnly }] : []

/** `Math.random`, in either notation. */
const memberOf = (node: ts.PropertyAccessExpression | ts.ElementAccessExpression): string => {
  const member = ts.isPropertyAccessExpression(node) ? node.name : node.argumentExpression
  return `${node.expression.getText()}.${ts.isStringLiteralLike(member) ? member.text : member.getText()}`
}

/** How a node reads the clock by `Date`, other than by `Date.now`; a date with arguments reads none. */
function clockReadBy(node: ts.Node): string | undefined {
  if (!ts.isIdentifier(node) || node.text !== 'Date' || !isValueName(node)) return undefined
  const { parent } = node
  if (ts.isNewExpression(parent) && parent.expression === node)
    return (parent.arguments ?? []).length === 0 ? 'new Date()' : undefined
  if (ts.isCallExpression(parent) && parent.expression === node) return 'Date()'
  const isReceiver = ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent)
  return isReceiver ? undefined : 'Date as a value'
}

/** True unless it is the name of a property, a key or a type. */
function isValueName(node: ts.Identifier): boolean {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node
  if (ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent)) return parent.name !== node
  return !ts.isTypeReferenceNode(parent) && !ts.isQualifiedName(parent)
}

const isDefaultExport = (node: ts.Node): boolean =>
  ts.isExportAssignment(node) ||
  (ts.isExportSpecifier(node) && node.name.text === 'default') ||
  (ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some((it) => it.kind === ts.SyntaxKind.DefaultKeyword))
