// What the tests that kill, fill and flood share: a process on one folder, calls that say whether they were answered, chance
// that can be repeated.

import { randomInt } from 'node:crypto'
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

/** Chance in [0, 1); the same seed gives the same. */
export function chance(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Of HARDENING_SEED, which repeats the choices of an earlier run (though not the instants of the operating system). */
export function chosenSeed(): number {
  const seed = Number(process.env.HARDENING_SEED ?? randomInt(2 ** 31))
  console.info(`HARDENING_SEED=${seed}`)
  return seed
}

export interface Reply {
  readonly status: number
  readonly text: string
}

export interface Caller {
  /** undefined: the answer did not come to its last byte, so nobody knows whether the request was done. */
  call: (method: string, path: string, body?: object, headers?: Record<string, string>) => Promise<Reply | undefined>
  /** The same where there has to be an answer of that status; gives what it says. */
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
      if (error instanceof TypeError) return undefined // fetch says so of a connection that broke
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

/** Of admin in a domain, for twelve hours. */
export async function tokenOf({ ready }: Running, domain = 'root'): Promise<string> {
  const { ask } = callerOf(ready.url, '')
  await ask('PUT', `/__admin/domains/${domain}`, {}, domain === 'root' ? 200 : 201)
  return (await ask<{ jwt: string }>('POST', `/__admin/domains/${domain}/tokens`, { ttl: '12h' })).jwt
}

export const startOn = (data: string, ...more: string[]): Promise<Running> =>
  startCli(['--data', data, '--log-level', 'silent', ...more])

/** Ends a process that has to end by itself when it is told to, and cleanly. */
export async function stop({ child, ended }: Running): Promise<{ code: number | null; complaints: string[] }> {
  child.kill('SIGTERM')
  const { code, stderr } = await ended
  return { code, complaints: stderr.match(/^cckm-emulator: .*/gm) ?? [] }
}

/** Milliseconds that are over when a process is killed. */
export const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** What a killed process left: a database in which every page and index is right, and nothing beside it. */
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
