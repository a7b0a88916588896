/** What the emulator is held to, as data. Each is one measure of one section against one bound. */
export interface Goal {
  readonly what: string
  readonly section: string
  readonly measure: string
  readonly bound: { readonly atLeast: number } | { readonly atMost: number }
  /** What the number is; nothing for a ratio. */
  readonly unit?: string
  /** Whether it takes a million jobs: it is then for `--full` only. */
  readonly isFull?: true
}

export const GOALS: readonly Goal[] = [
  {
    what: 'GET by id, 50 connections: rate against bare Fastify',
    section: 'requests',
    measure: 'get rate / fastify',
    bound: { atLeast: 0.8 },
  },
  {
    what: 'GET by id, 50 connections: rate against node:http',
    section: 'requests',
    measure: 'get rate / node:http',
    bound: { atLeast: 0.6 },
  },
  {
    what: "server CPU a GET against bare Fastify's",
    section: 'requests',
    measure: 'get cpu / fastify',
    bound: { atMost: 1.25 },
  },
  {
    what: 'the same GET with the access log on: rate against bare Fastify',
    section: 'requests',
    measure: 'logged get rate / fastify',
    bound: { atLeast: 0.45 },
  },
  {
    what: "GET by id, one connection: p50 against node:http's",
    section: 'requests',
    measure: 'single get p50 / node:http',
    bound: { atMost: 1.15 },
  },
  {
    what: 'GET by id over https, kept alive: rate against own http',
    section: 'requests',
    measure: 'https get rate / http',
    bound: { atLeast: 0.65 },
  },
  {
    what: 'create (POST): rate against own GET',
    section: 'requests',
    measure: 'create rate / get',
    bound: { atLeast: 0.25 },
  },
  {
    what: "cold start over 100,000 jobs, to the first 200: against bare Fastify's",
    section: 'cold-start',
    measure: 'time / fastify',
    bound: { atMost: 0.8 },
  },
  {
    what: "memory at rest over 100,000 jobs: against bare Fastify's",
    section: 'memory',
    measure: 'idle / fastify',
    bound: { atMost: 1.15 },
  },
  {
    what: "memory after load: against bare Fastify's",
    section: 'memory',
    measure: 'loaded / fastify',
    bound: { atMost: 1.15 },
  },
  {
    what: '`createEmulator()` after its import, first in the process',
    section: 'library',
    measure: 'first ready',
    bound: { atMost: 20 },
    unit: 'ms',
  },
  {
    what: '`createEmulator()` after its import, the following ones',
    section: 'library',
    measure: 'next ready',
    bound: { atMost: 20 },
    unit: 'ms',
  },
  {
    what: 'the tarball of `npm pack`',
    section: 'package',
    measure: 'tarball',
    bound: { atMost: 3 },
    unit: 'MiB',
  },
]
