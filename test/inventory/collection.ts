// What the modules of the Ansible collection 1.1.0 send, and how they judge the answers (its idempotent.py, cckm_aws.py,
// cckm_azure.py): a GET before each write, and no write if the GET shows what is asked for.

import { expect } from 'vitest'
import type { Answer, Caller } from '../support/world.ts'
import { recordOf, type WireRecord } from './estate.ts'

/** The result of a task. */
export interface Task {
  readonly isChanged: boolean
  readonly response: WireRecord
}

/** A create in check mode predicts the change and writes nothing. */
interface Mode {
  readonly isCheck?: boolean
}

type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>

/** Lists are repeated, booleans in lower case; names and values are encoded as Python's urlencode does. */
function queryOf(query: Query): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().map((each): [string, string] => [name, String(each)]),
  )
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs).toString()}`
}

/** Nulls and what is empty without them are left out of a body. */
function pruned(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map(pruned)
  if (value === null || typeof value !== 'object') return value ?? undefined
  const members = Object.entries(value).flatMap(([name, member]) => {
    const kept = pruned(member)
    return kept === undefined ? [] : [[name, kept]]
  })
  return members.length === 0 ? undefined : Object.fromEntries(members)
}

export interface Collection {
  /** Fails as a module does: at anything but a 2xx, and at a 2xx with `codeDesc`. */
  readonly get: (path: string, query?: Query) => Promise<WireRecord>
  readonly post: (path: string, body?: object) => Promise<WireRecord>
  /** GET by `lookUp`; a record whose members are those of it stands for the created one. */
  readonly create: (path: string, lookUp: Query, body: object, mode?: Mode) => Promise<Task>
  /** GET by id; no PATCH if each member that is sent has that value. */
  readonly patch: (path: string, fields: Readonly<Record<string, unknown>>) => Promise<Task>
  /** cm_resource_delete: 404 is "gone already". */
  readonly remove: (path: string) => Promise<{ readonly isChanged: boolean }>
}

export function collectionOf(caller: Caller): Collection {
  const headers = { 'content-type': 'application/json', 'accept-encoding': 'identity' }
  const accepted = (answer: Answer): WireRecord => {
    expect([200, 201, 202, 204], answer.text).toContain(answer.status)
    const record = answer.text === '' ? ({ id: '' } as WireRecord) : recordOf(answer)
    expect(record).not.toHaveProperty('codeDesc')
    return record
  }
  const send = async (method: string, path: string, body?: object) =>
    accepted(
      await caller.request(method, path, {
        headers,
        ...(body !== undefined && { body: JSON.stringify(pruned(body) ?? {}) }),
      }),
    )
  const get: Collection['get'] = async (path, query = {}) =>
    accepted(await caller.get(`${path}${queryOf(query)}`, headers))

  return {
    get,
    post: (path, body) => send('POST', path, body),
    create: async (path, lookUp, body, { isCheck = false } = {}) => {
      const page = await get(path, { skip: 0, limit: 1, ...lookUp })
      const [found] = page.resources as WireRecord[]
      const isThere = Object.entries(lookUp).every(
        ([name, wanted]) => found?.[name] === wanted || (name === 'alias' && found !== undefined),
      )
      if (found !== undefined && isThere) return { isChanged: false, response: found }
      return { isChanged: true, response: isCheck ? ({} as WireRecord) : await send('POST', path, body) }
    },
    patch: async (path, fields) => {
      const current = await get(path)
      const isSame = Object.entries(fields).every(
        ([name, wanted]) => JSON.stringify(current[name]) === JSON.stringify(wanted),
      )
      return isSame
        ? { isChanged: false, response: current }
        : { isChanged: true, response: await send('PATCH', path, fields) }
    },
    remove: async (path) => {
      const found = await caller.get(path, headers)
      if (found.status === 404) return { isChanged: false }
      await send('DELETE', path)
      return { isChanged: true }
    },
  }
}
