import { constants, isUtf8 } from 'node:buffer'
import { readFile } from 'node:fs/promises'
import { errorCode } from '../model/error-code.ts'
import type { DocumentOptions, FileDocument } from './file-document.ts'
import { findSyntaxIssue, jsonLineOf, lineAt } from './json-syntax.ts'
import { describeProblem, fileError } from './problems.ts'

/** Reads a JSON or YAML file. Throws a StartError that names it, and the line if there is one. */
export async function readDocument(file: string, options: DocumentOptions = {}): Promise<FileDocument> {
  const text = await readText(file)
  if (text.trim() === '') throw fileError([describeProblem({ file, message: 'is empty' })])
  return isYaml(file) ? readYaml(file, text, options) : readJson(file, text)
}

function isYaml(file: string): boolean {
  return /\.ya?ml$/i.test(file)
}

/** The text of a file without its byte order mark. Throws a StartError if it cannot be read or is not UTF-8. */
export async function readText(file: string): Promise<string> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw fileError([unreadable(file, error)])
  })
  const message = encodingError(bytes) ?? sizeError(bytes)
  if (message !== undefined) throw fileError([describeProblem({ file, message })])
  return bytes.toString('utf8').replace(/^\uFEFF/, '')
}

/** Why bytes are not UTF-8 text; undefined if they are. Neither JSON nor YAML may hold a NUL. */
export function encodingError(bytes: Uint8Array): string | undefined {
  const hasNul = bytes.includes(0)
  if (isUtf8(bytes) && !hasNul) return undefined
  return looksLikeUtf16(bytes, hasNul)
    ? 'is not UTF-8: it looks like UTF-16, so save it as UTF-8'
    : `is not ${hasNul ? 'text: it has NUL bytes' : 'UTF-8'}`
}

/** Detects UTF-16 by its byte order mark or by one NUL in the first two bytes, since a document starts with ASCII. */
function looksLikeUtf16([first = 0, second = 0]: Uint8Array, hasNul: boolean): boolean {
  const mark = (first << 8) | second
  return mark === 0xfffe || mark === 0xfeff || (hasNul && (first === 0) !== (second === 0))
}

function sizeError({ length }: Uint8Array): string | undefined {
  if (length < constants.MAX_STRING_LENGTH) return undefined
  return 'is too large to be read as one text: write one job a line into an .ndjson file'
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'may not be read (permission denied)',
  EPERM: 'may not be read (permission denied)',
  ELOOP: 'is a link to itself',
  EISDIR: 'is a folder, not a file',
  ENOTDIR: 'is a file, not a folder, or lies below one',
  ENAMETOOLONG: 'is too long a name',
  ERR_FS_FILE_TOO_LARGE: 'is too large to be read as one text: write one job a line into an .ndjson file',
}

/** The line that says why a file could not be read. */
export function unreadable(file: string, error: unknown): string {
  return describeProblem({ file, message: unreadableReason(error) })
}

export function unreadableReason(error: unknown): string {
  const code = errorCode(error) ?? 'unknown'
  return REASONS[code] ?? `cannot be read (${code})`
}

function readJson(file: string, json: string): FileDocument {
  try {
    return { file, json, value: JSON.parse(json) as unknown, lineOf: (pointer) => jsonLineOf(json, pointer) }
  } catch {
    const { offset, message } = findSyntaxIssue(json)
    throw fileError([describeProblem({ file, line: lineAt(json, offset), message })])
  }
}

/** Loads the parser on demand, since loading it takes as long as a start. */
export async function readYaml(file: string, text: string, options: DocumentOptions = {}): Promise<FileDocument> {
  const { parseYaml } = await import('./yaml-document.ts')
  return parseYaml(file, text, options)
}
