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
    what: 'make a domain',
    section: 'domains',
    measure: 'make',
    bound: { atMost: 1 },
    unit: 'ms',
  },
  {
    what: 'reset of 1,000 jobs that were made',
    section: 'domains',
    measure: 'reset of made jobs',
    bound: { atMost: 5 },
    unit: 'ms',
  },
  {
    what: 'reset to 1,000 seeded jobs',
    section: 'domains',
    measure: 'reset to seeded jobs',
    bound: { atMost: 5 },
    unit: 'ms',
  },
  {
    what: 'fork of a domain of 1,000 jobs',
    section: 'domains',
    measure: 'fork',
    bound: { atMost: 5 },
    unit: 'ms',
  },
  {
    what: 'memory of a process with 1,000 domains',
    section: 'domains',
    measure: 'memory of domains',
    bound: { atMost: 150 },
    unit: 'MiB',
  },
  {
    what: 'seeding 100,000 jobs from NDJSON',
    section: 'sizes',
    measure: '100k seeding',
    bound: { atMost: 1 },
    unit: 's',
  },
  {
    what: 'peak memory of that',
    section: 'sizes',
    measure: '100k seeding peak',
    bound: { atMost: 200 },
    unit: 'MiB',
  },
  {
    what: 'seeding a million jobs from NDJSON',
    section: 'sizes',
    measure: '1M seeding',
    bound: { atMost: 8 },
    unit: 's',
    isFull: true,
  },
  {
    what: 'peak memory of seeding a million',
    section: 'sizes',
    measure: '1M seeding peak',
    bound: { atMost: 200 },
    unit: 'MiB',
    isFull: true,
  },
  {
    what: 'server CPU of the dearest page of a list of 100,000 (10 ms), with its total (10 ms)',
    section: 'sizes',
    measure: '100k dearest page',
    bound: { atMost: 20 },
    unit: 'ms',
  },
  {
    what: 'the same of a million',
    section: 'sizes',
    measure: '1M dearest page',
    bound: { atMost: 20 },
    unit: 'ms',
    isFull: true,
  },
  {
    what: 'server CPU a GET at a million jobs against that at 1,000',
    section: 'sizes',
    measure: '1M get cpu / 1k',
    bound: { atMost: 1.25 },
    isFull: true,
  },
  {
    what: 'memory at a million jobs against that at 1,000',
    section: 'sizes',
    measure: '1M memory / 1k',
    bound: { atMost: 1.3 },
    isFull: true,
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
