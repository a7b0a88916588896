// Fastify as one begins with it: a route that answers an object, nothing checked, kept or logged. `node fastify.mjs PORT JSON`.

import Fastify from 'fastify'

const [port, json] = process.argv.slice(2)
const job = JSON.parse(json)
const app = Fastify()

app.get('/api/v1/cckm/azure/bulkjobs/:id', () => job)
await app.listen({ port: Number(port), host: '127.0.0.1' })
