// What no emulator on Fastify and SQLite can be faster than: a token that is remembered once it was verified, one read, nothing
// else. `node floor.mjs PORT FOLDER JOBS`; `POST /tokens` answers a token.

import { join } from 'node:path'
import jwt from '@fastify/jwt'
import Database from 'better-sqlite3'
import Fastify from 'fastify'
import { documentOf, jobId } from '../support/jobs.ts'

const [port, folder, jobs] = process.argv.slice(2)
const database = new Database(join(folder, 'floor.db'))
database.pragma('journal_mode = wal')
database.exec('create table job (id text primary key, document text not null) strict')
const insert = database.prepare('insert into job values (?, ?)')
database.transaction(() => {
  for (let index = 0; index < Number(jobs); index += 1) insert.run(jobId(index), JSON.stringify(documentOf(index)))
})()
const find = database.prepare('select document from job where id = ?').pluck()

const app = Fastify()
const expiries = new Map()
await app.register(jwt, { secret: 'of the floor' })

app.post('/tokens', () => ({ jwt: app.jwt.sign({ sub: 'admin' }, { expiresIn: '1h' }) }))
app.get('/api/v1/cckm/azure/bulkjobs/:id', (request, reply) => {
  if (expiryOf(request.headers.authorization ?? '') < Date.now() / 1000) return reply.code(401).send()
  const document = find.get(request.params.id)
  if (document === undefined) return reply.code(404).send()
  return reply.type('application/json; charset=utf-8').send(document)
})
app.get('/readyz', () => 'ready')
await app.listen({ port: Number(port), host: '127.0.0.1' })

function expiryOf(authorization) {
  let expiry = expiries.get(authorization)
  if (expiry === undefined) {
    expiry = app.jwt.verify(authorization.slice('Bearer '.length)).exp
    expiries.set(authorization, expiry)
  }
  return expiry
}
