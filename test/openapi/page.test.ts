// The page that shows the document: it works offline, and its code is loaded at the first request.

import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it, afterAll } from 'vitest'
import { createEmulator, type Emulator } from '../../src/index.ts'

let emulator: Emulator
beforeAll(async () => {
  emulator = await createEmulator({ seed: 'none' })
})
afterAll(() => emulator.close())

describe('the page /docs', () => {
  it('says that this is an emulator, and requires no token', async () => {
    for (const url of ['/docs', '/docs/']) {
      const { statusCode, headers, body } = await emulator.inject(url)
      expect({ statusCode, type: headers['content-type'] }).toEqual({
        statusCode: 200,
        type: 'text/html; charset=utf-8',
      })
      expect(body).toContain('This is an emulator.')
    }
  })

  it('refers only to files of the emulator, which exist', async () => {
    const { body, headers } = await emulator.inject('/docs')
    const script = (await emulator.inject('/docs/start.js')).body
    const style = (await emulator.inject('/docs/page.css')).body
    expect(body + script + style).not.toMatch(/https?:|\/\//)
    const policy = String(headers['content-security-policy'])
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toMatch(/\*|https?:/)
    const references = [...(body + script).matchAll(/(?:href|src|url)[=:] ?["'](\/[^"']+)["']/g)].map(([, url]) => url!)
    expect(references).toHaveLength(6)
    for (const url of references) {
      const answer = await emulator.inject(url)
      expect(answer.statusCode, url).toBe(200)
      expect(answer.rawPayload.length, url).toBeGreaterThan(100)
    }
  })

  it('uses the style sheet of Swagger UI without external resources', async () => {
    const { body } = await emulator.inject('/docs/swagger-ui.css')
    const outside = [...body.matchAll(/url\(([^)]{1,40})|@import/g)].filter(([, url]) => !/^['"]?data:/.test(url ?? ''))
    expect(outside).toEqual([])
  })

  it("is not part of the vendor's API", async () => {
    for (const url of ['/api/openapi.json', '/api/v1/openapi.json', '/v1/docs'])
      expect((await emulator.inject(url)).statusCode).toBe(501)
  })
})

describe('the served document', () => {
  it('is JSON, compressed for clients that accept it', async () => {
    const plain = await emulator.inject('/openapi.json')
    const packed = await emulator.inject({ url: '/openapi.json', headers: { 'accept-encoding': 'gzip' } })
    expect(plain.headers['content-type']).toBe('application/json; charset=utf-8')
    expect(packed.headers['content-encoding']).toBe('gzip')
    expect(packed.rawPayload.length).toBeLessThan(plain.rawPayload.length / 3)
  })

  it('is created by a module that is loaded at the first request', () => {
    const program = `
      import { registerHooks } from 'node:module'
      const seen = []
      registerHooks({ load: (url, context, next) => (seen.push(url), next(url, context)) })
      const { createEmulator } = await import('./src/emulator.ts')
      const emulator = await createEmulator({ seed: 'none' })
      const parts = () => seen.filter((url) => /\\/src\\/openapi|swagger/.test(url)).length
      const before = parts()
      await emulator.inject('/openapi.json')
      console.log(JSON.stringify({ before, after: parts() > 0 }))
      await emulator.close()`
    const cwd = fileURLToPath(new URL('../..', import.meta.url))
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { cwd, encoding: 'utf8' })
    expect(JSON.parse(stdout)).toEqual({ before: 0, after: true })
  })
})
