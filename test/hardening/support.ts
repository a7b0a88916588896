// Shared by the tests that kill, fill and flood: a process on one folder, calls that report whether they were answered,
// repeatable random numbers.

import { cpSync, readdirSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { dirname, join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import Database from 'better-sqlite3'
import { expect } from 'vitest'
import { startCli, temporaryFolder, type Running } from '../cli/run-cli.ts'

export const AZURE = '/api/v1/cckm/azure/bulkjobs'
export const AWS = '/api/v1/cckm/aws/bulkjob'
export const CREATE = { operation: 'delete-key-backups', delete_key_backups_param: { backups: ['a', 'b', 'c'] } }

/** A random number in [0, 1); the same seed gives the same numbers. */
export function chance(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export interface Reply {
  readonly status: number
  readonly text: string
}

export interface Caller {
  /** undefined: the response did not arrive completely, so it is unknown whether the request was done. */
  call: (method: string, path: string, body?: object, headers?: Record<string, string>) => Promise<Reply | undefined>
  /** The same if a response with that status is required; returns its body. */
  ask: <T>(method: string, path: string, body?: object, status?: number) => Promise<T>
}

export function callerOf(url: string, token: string): Caller {
  const call: Caller['call'] = async (method, path, body, headers = {}) => {
    const sent = { authorization: `Bearer ${token}`, ...headers }
    try {
      const answer = await fetch(url + path, {
        ...{ method, headers: sent },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      return { status: answer.status, text: await answer.text() }
    } catch (error) {
      if (error instanceof TypeError) return undefined // what fetch throws for a broken connection
      throw error
    }
  }
  return {
    call,
    ask: async <T>(method: string, path: string, body?: object, status = 200) => {
      const answer = await call(method, path, body)
      if (answer?.status !== status) throw new Error(`${method} ${path}: ${answer?.status} ${answer?.text}`)
      return (answer.text === '' ? undefined : JSON.parse(answer.text)) as T
    },
  }
}

/** A token of admin in a domain, valid for twelve hours. */
export async function tokenOf({ ready }: Running, domain = 'root'): Promise<string> {
  const { ask } = callerOf(ready.url, '')
  await ask('PUT', `/__admin/domains/${domain}`, {}, domain === 'root' ? 200 : 201)
  return (await ask<{ jwt: string }>('POST', `/__admin/domains/${domain}/tokens`, { ttl: '12h' })).jwt
}

export const startOn = (data: string, ...more: string[]): Promise<Running> =>
  startCli(['--data', data, '--log-level', 'silent', ...more])

/** Stops a process, which has to exit cleanly by itself. */
export async function stop({ child, ended }: Running): Promise<{ code: number | null; complaints: string[] }> {
  child.kill('SIGTERM')
  const { code, stderr } = await ended
  return { code, complaints: stderr.match(/^cckm-emulator: .*/gm) ?? [] }
}

/** Waits this many milliseconds before a kill. */
export const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Expects an intact database after a kill, without other files. */
export function expectWhole(data: string): void {
  const files = readdirSync(data)
  expect(['emulator.db', 'emulator.db-wal', 'emulator.db-journal']).toEqual(expect.arrayContaining(files))
  const copy = temporaryFolder()
  cpSync(data, copy, { recursive: true })
  const database = new Database(join(copy, 'emulator.db'))
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
  database.close()
}

export async function kill({ child, ended, readyFile }: Running): Promise<void> {
  child.kill('SIGKILL')
  expect((await ended).signal).toBe('SIGKILL')
  expect(['ready.json']).toEqual(expect.arrayContaining(readdirSync(dirname(readyFile))))
}

export function openSocket(port: number, scheme: 'http' | 'https'): Socket {
  const socket =
    scheme === 'http' ? connect(port, '127.0.0.1') : connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false })
  return socket.on('error', () => undefined)
}
