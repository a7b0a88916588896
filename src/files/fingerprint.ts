import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { unreadable } from './documents.ts'
import { fileError } from './problems.ts'

const CHUNK = 2 ** 20

/** A hash of the names and bytes of files, regardless of their folder. Reads in chunks, about 1 GB per second. */
export function fingerprintOf(files: readonly string[]): string {
  const hash = createHash('sha256')
  for (const file of files) hash.update(`${JSON.stringify(basename(file))}${digestOf(file)}`)
  return hash.digest('hex')
}

/** Path, size and modification time of files. While the stamp is unchanged, so is the fingerprint. */
export function stampOf(files: readonly string[]): string {
  return JSON.stringify(files.map((file) => [resolve(file), ...timesOf(file)]))
}

function timesOf(file: string): string[] {
  try {
    const { size, mtimeNs, ino } = statSync(file, { bigint: true })
    return [size, mtimeNs, ino].map(String)
  } catch (error) {
    throw fileError([unreadable(file, error)])
  }
}

function digestOf(file: string): string {
  try {
    const descriptor = openSync(file, 'r')
    try {
      return digestOfOpen(descriptor)
    } finally {
      closeSync(descriptor)
    }
  } catch (error) {
    throw fileError([unreadable(file, error)])
  }
}

function digestOfOpen(descriptor: number): string {
  const hash = createHash('sha256')
  const buffer = Buffer.allocUnsafe(CHUNK)
  for (let read = -1; read !== 0; hash.update(buffer.subarray(0, read))) read = readSync(descriptor, buffer)
  return hash.digest('hex')
}
