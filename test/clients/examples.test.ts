// The examples of examples/clients, each run against a real https port: they exit with 0 on success, else with 1 and
// the reason. Ansible has its own file, since it takes longer than the others together.

import { describe, expect, it } from 'vitest'
import { caFileOf, ESTATE, example, ITEMS, missing, run, serve, serveBadMoments, serveEstate } from './serve.ts'

const programs = [
  { name: 'curl', command: ['bash'], files: ['curl/bulk-job.sh', 'curl/keys.sh'], needs: ['bash', 'curl', 'jq'] },
  {
    name: 'TypeScript',
    command: [process.execPath, '--no-warnings'],
    files: ['typescript/bulk-job.ts', 'typescript/keys.ts'],
    needs: [],
  },
  { name: 'Python', command: ['python3', '-B'], files: ['python/bulk_job.py', 'python/keys.py'], needs: ['python3'] },
]

describe.each(programs)('The $name examples', ({ command, files: [bulkJob = '', keys = ''], needs }) => {
  const absent = missing(...needs)
  if (absent.length > 0) {
    it.skip(`are skipped: ${absent.join(', ')} is missing`, () => undefined)
    return
  }
  const start = (address: string, env: Record<string, string> = {}, file = bulkJob) =>
    run([...command, example(file)], { CIPHERTRUST_ADDRESS: address, ...env })

  it('creates, polls, cancels and deletes jobs', async () => {
    const { httpsUrl } = await serve()
    const { code, output } = await start(httpsUrl)
    // On a busy machine the last job may complete before its cancel.
    expect({ code, output }).toEqual({
      code: 0,
      output: expect.stringMatching(/^cancel: (aborted|completed)$/m) as string,
    })
    for (const item of ITEMS) expect(output).toContain(`  ${item}: Success\n`)
  })

  it('verifies the certificate with a CA file, and works in another domain', async () => {
    const { httpsUrl, port } = await serve()
    const env = { CIPHERTRUST_CA_FILE: await caFileOf(port), CIPHERTRUST_DOMAIN: 't-42' }
    expect(await start(httpsUrl.replace('127.0.0.1', 'localhost'), env)).toMatchObject({ code: 0 })
  })

  it("reads the CA file from Terraform's variable, unless its own is set", async () => {
    const { httpsUrl, port } = await serve()
    const ca = await caFileOf(port)
    const both = { CIPHERTRUST_CA_FILE: ca, CIPHERTRUST_CA_CERT: '/dev/null' }
    expect(await start(httpsUrl, { CIPHERTRUST_CA_FILE: '', CIPHERTRUST_CA_CERT: ca })).toMatchObject({ code: 0 })
    expect(await start(httpsUrl, both)).toMatchObject({ code: 0 })
    expect(await start(httpsUrl, { CIPHERTRUST_CA_CERT: '/dev/null' })).toMatchObject({ code: 1 })
  })

  it('refuses a server that the CA file does not verify', async () => {
    const [one, other] = [await serve(), await serve()]
    const { code, output } = await start(one.httpsUrl, { CIPHERTRUST_CA_FILE: await caFileOf(other.port) })
    expect({ code, output }).toEqual({ code: 1, output: expect.stringMatching(/certificate/i) as string })
  })

  it('retries after a 503, and signs in again when its token expires while it polls', async () => {
    const begin = performance.now()
    expect(await start(await serveBadMoments())).toMatchObject({ code: 0 })
    expect(performance.now() - begin).toBeGreaterThan(1000)
  })

  it.each([
    ['a failed item', { scenario: 'partial' }, {}, /Error: no/],
    ['a job that never completes', { scenario: 'stuck' }, { CIPHERTRUST_TIMEOUT: '2' }, /still in progress/],
    ['a wrong password', {}, { CIPHERTRUST_PASSWORD: 'wrong' }, /Wrong username or password/],
    ['a missing address', {}, { CIPHERTRUST_ADDRESS: '' }, /CIPHERTRUST_ADDRESS/],
  ])('fails with an error at %s', async (_what, options, env, message) => {
    const { httpsUrl } = await serve(options)
    const { code, output } = await start(httpsUrl, env)
    expect({ code, output }).toEqual({ code: 1, output: expect.stringMatching(message) as string })
  })

  it('list keys, start jobs over them, and find them disabled and their backups gone', async () => {
    const { httpsUrl, keysById } = await serveEstate()
    const { code, output } = await start(httpsUrl, {}, keys)
    expect({ code, output }).toEqual({
      code: 0,
      output: expect.stringMatching(/1 backups are gone, Test-key is AVAILABLE$/m) as string,
    })
    for (const id of Object.keys(await keysById())) expect(output).toContain(`${id} is Disabled\n`)
    // It leaves them as they were.
    expect(Object.values(await keysById())).toEqual(['Enabled', 'Enabled'])
  })

  it.each([
    ['a failed item', { scenario: 'partial', seed: ESTATE }, /Error: no/],
    ['an empty inventory', {}, /nothing fits/],
  ])('fail with an error at %s of the keys', async (_what, options, message) => {
    const { httpsUrl } = await serve(options)
    const { code, output } = await start(httpsUrl, {}, keys)
    expect({ code, output }).toEqual({ code: 1, output: expect.stringMatching(message) as string })
  })
})
