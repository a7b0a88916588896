import { isAscii } from 'node:buffer'
import { closeSync, openSync, readSync } from 'node:fs'
import { encodingError, unreadable } from './documents.ts'
import { describeProblem, fileError } from './problems.ts'

/** A line that is not blank. */
export interface Line {
  readonly number: number
  readonly text: string
}

const MIB = 2 ** 20
// Larger texts do not fit into V8's young generation: a million jobs then take 1.5 times as long and 100 MiB more.
const CHUNK = 2 ** 16
/** A job of ten thousand items needs less than 1 MiB; a longer line is a document without line breaks. */
const MAX_LINE_LENGTH = 16 * MIB
const LINE_FEED = 10

/**
 * The lines of a file, read synchronously in chunks, since a slice of jobs is inserted in one synchronous transaction.
 * Throws a StartError for a file that cannot be read or has a line that is too long or not UTF-8.
 */
export function* linesOf(file: string): Generator<Line> {
  let number = 0
  for (const bytes of blocksOf(file, () => number + 1)) {
    if (encodingError(bytes) !== undefined) throw badText(bytes, { file, before: number })
    const text = bytes.toString(isAscii(bytes) ? 'latin1' : 'utf8')
    let start = number === 0 && text.startsWith('\uFEFF') ? 1 : 0
    while (start < text.length) {
      const feed = text.indexOf('\n', start)
      const end = feed < 0 ? text.length : feed
      number += 1
      const line = text.slice(start, end).trim()
      if (line !== '') yield { number, text: line }
      start = end + 1
    }
  }
}

function badText(bytes: Buffer, { file, before }: { file: string; before: number }): Error {
  let line = before
  let start = 0
  for (let isGood = true; isGood; line += 1) {
    const feed = bytes.indexOf(LINE_FEED, start)
    const end = feed < 0 ? bytes.length : feed
    isGood = encodingError(bytes.subarray(start, end)) === undefined && feed >= 0
    start = end + 1
  }
  return fileError([describeProblem({ file, line, message: encodingError(bytes) ?? 'is not UTF-8' })])
}

/** Yields a file in blocks of whole lines. A block is valid until the next one is read. */
function* blocksOf(file: string, nextLine: () => number): Generator<Buffer> {
  const descriptor = opened(file)
  try {
    let buffer: Buffer = Buffer.allocUnsafe(CHUNK)
    let kept = 0
    for (;;) {
      if (kept === buffer.length) buffer = grown(buffer, { file, line: nextLine() })
      const read = readInto(buffer, { descriptor, from: kept, file })
      const filled = buffer.subarray(0, kept + read)
      const end = read === 0 ? filled.length : lastLineEnd(filled, kept)
      if (end > 0) yield filled.subarray(0, end)
      if (read === 0) return
      filled.copyWithin(0, end)
      kept = filled.length - end
    }
  } finally {
    closeSync(descriptor)
  }
}

/** The end of the last whole line; the bytes kept from the previous block have no line feed. */
function lastLineEnd(bytes: Buffer, kept: number): number {
  const at = bytes.subarray(kept).lastIndexOf(LINE_FEED)
  return at < 0 ? 0 : kept + at + 1
}

function grown(buffer: Buffer, { file, line }: { file: string; line: number }): Buffer {
  if (buffer.length >= MAX_LINE_LENGTH) throw fileError([describeProblem({ file, line, message: TOO_LONG })])
  return Buffer.concat([buffer], buffer.length * 2)
}

const TOO_LONG = 'expected one job a line (this line is longer than 16 MiB; a document of many jobs is a .json file)'

function opened(file: string): number {
  try {
    return openSync(file, 'r')
  } catch (error) {
    throw fileError([unreadable(file, error)])
  }
}

interface ReadTo {
  readonly descriptor: number
  readonly from: number
  readonly file: string
}

function readInto(buffer: Buffer, { descriptor, from, file }: ReadTo): number {
  try {
    return readSync(descriptor, buffer, from, buffer.length - from, null)
  } catch (error) {
    throw fileError([unreadable(file, error)])
  }
}
