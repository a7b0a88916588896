import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Document, LineCounter, Pair, ParsedNode } from 'yaml'

/** A configuration file as it was read, and not yet understood. */
export interface ConfigFile {
  /** From where its relative paths count. */
  readonly folder: string
  readonly values: unknown
  /** The line on which a key such as `auth.mode` or `users.0.name` stands, or the nearest thing around it. */
  readonly lineOf: (key: string) => number | undefined
}

export interface ConfigFileProblem {
  readonly line?: number
  readonly message: string
}

/** Reads YAML, and JSON as the YAML that it is. */
export async function readConfigFile(path: string): Promise<ConfigFile | { readonly problem: ConfigFileProblem }> {
  const text = await readText(path)
  return typeof text === 'string' ? parseConfig(text, dirname(path)) : text
}

async function readText(path: string): Promise<string | { problem: ConfigFileProblem }> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
    const message = code === 'ENOENT' ? 'there is no such file' : `cannot be read (${code})`
    return { problem: { message } }
  }
}

async function parseConfig(text: string, folder: string): Promise<ConfigFile | { problem: ConfigFileProblem }> {
  // Few starts have a file, so few pay for the parser.
  const { LineCounter, parseDocument } = await import('yaml')
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const [error] = document.errors
  if (error !== undefined) return { problem: { line: lines.linePos(error.pos[0]).line, message: error.message } }
  return toValues(document, folder, lines)
}

function toValues(document: Document.Parsed, folder: string, lines: LineCounter): ReturnType<typeof withProblem> {
  try {
    return { folder, values: document.toJS() as unknown, lineOf: (key) => lineOf(document.contents, key, lines) }
  } catch (error) {
    return withProblem(error instanceof Error ? error.message : String(error))
  }
}

function withProblem(message: string): ConfigFile | { problem: ConfigFileProblem } {
  return { problem: { message } }
}

function lineOf(root: ParsedNode | null, key: string, lines: LineCounter): number | undefined {
  let node: unknown = root
  let offset: number | undefined
  for (const segment of key.split('.')) {
    const found = stepInto(node, segment)
    if (found === undefined) break
    node = found.node
    offset = found.offset ?? offset
  }
  return offset === undefined ? undefined : lines.linePos(offset).line
}

interface Step {
  readonly node: unknown
  readonly offset: number | undefined
}

/** Into a map by the name of a key, which is where a complaint points; into a list by number. */
function stepInto(node: unknown, segment: string): Step | undefined {
  const { items } = (node ?? {}) as { items?: readonly unknown[] }
  const pair = items?.find((item): item is Pair => keyOf(item) === segment)
  if (pair !== undefined) return { node: pair.value, offset: startOf(pair.key) }
  const item = items?.[Number(segment)]
  return item === undefined ? undefined : { node: item, offset: startOf(item) }
}

function keyOf(item: unknown): string | undefined {
  const { key } = (item ?? {}) as { key?: { value?: unknown } | null }
  return typeof key?.value === 'string' ? key.value : undefined
}

function startOf(node: unknown): number | undefined {
  return (node as { range?: readonly [number, ...number[]] } | null)?.range?.[0]
}
