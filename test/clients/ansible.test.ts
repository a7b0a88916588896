// The Ansible example works against a real https port. It requires only ansible-core.

import { describe, expect, it } from 'vitest'
import { connect } from '../../src/index.ts'
import { caFileOf, example, ITEMS, missing, run, serve, serveBadMoments, serveEstate } from './serve.ts'

const quiet = {
  ANSIBLE_LOCALHOST_WARNING: 'False',
  ANSIBLE_INVENTORY_UNPARSED_WARNING: 'False',
  ANSIBLE_NOCOLOR: '1',
  // Twice as fast.
  ANSIBLE_PIPELINING: '1',
}

const start = (address: string, env: Record<string, string> = {}, playbook = 'bulk-job') =>
  run(['ansible-playbook', example(`ansible/${playbook}.yml`)], { ...quiet, CIPHERTRUST_ADDRESS: address, ...env })

const poll = (port: number, variables: object) => {
  const extra = JSON.stringify({ server_ip: `localhost:${port}`, auth_domain_path: 't-42', ...variables })
  return run(['ansible-playbook', example('ansible/poll-like-the-collection.yml'), '-e', extra], quiet)
}

if (missing('ansible-playbook').length > 0)
  describe('The Ansible example', () => {
    it.skip('is skipped: ansible-playbook is missing', () => undefined)
  })
else
  describe('The Ansible example', () => {
    it('creates, polls, cancels and deletes jobs, with a CA file and in another domain', async () => {
      const { httpsUrl, port } = await serve()
      const env = { CIPHERTRUST_CA_FILE: await caFileOf(port), CIPHERTRUST_DOMAIN: 't-42' }
      const { code, output } = await start(httpsUrl.replace('127.0.0.1', 'localhost'), env)
      expect({ code, output }).toEqual({
        code: 0,
        output: expect.stringMatching(/cancel: (aborted|completed)/) as string,
      })
      for (const item of ITEMS) expect(output).toContain(`'${item}': 'Success'`)
    })

    it('synchronizes an account, lists its keys, starts jobs over them, and finds them disabled and their backups gone', async () => {
      const { httpsUrl, keysById, resources } = await serveEstate()
      const record = { id: 'made-in-aws', kms: 'kms', region: 'us-east-1' }
      await resources.add({ kind: 'aws.key', record, appears: 'on-sync' })
      const { code, output } = await start(httpsUrl, {}, 'keys')
      expect({ code, output }).toEqual({
        code: 0,
        output: expect.stringContaining('1 backups are gone, Test-key is AVAILABLE') as string,
      })
      expect(output).toContain("'123456789012/us-east-1': 'region synchronized successfully'")
      expect(output).toContain('3 enabled keys in kms')
      expect(Object.values(await keysById())).toEqual(['Enabled', 'Enabled', 'Enabled'])
    })

    it('retries after a 503, and signs in again when its token expires while it polls', async () => {
      const { code, output } = await start(await serveBadMoments())
      expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining('TASK [Go on polling]') as string })
      expect(output).toMatch(/no good any more\] \*+\nincluded:/)
    })

    // 2 is Ansible's exit code for a failed host.
    it.each([
      ['a server that the CA file does not verify', {}, { CIPHERTRUST_CA_FILE: '/dev/null' }, /FAILED!/],
      ['a failed item', { scenario: 'partial' }, {}, /not every item succeeded.*Error: no/],
      ['a job that never completes', { scenario: 'stuck' }, { CIPHERTRUST_TIMEOUT: '2' }, /in_progress/],
      ['a wrong password', {}, { CIPHERTRUST_PASSWORD: 'wrong' }, /FAILED!/],
      ['a missing address', {}, { CIPHERTRUST_ADDRESS: '' }, /CIPHERTRUST_ADDRESS is not set/],
    ])('fails with an error at %s', async (_what, options, env, message) => {
      const { httpsUrl } = await serve(options)
      const { code, output } = await start(httpsUrl, env)
      expect({ code, output }).toEqual({ code: 2, output: expect.stringMatching(message) as string })
    })

    it.each([
      ['instant', {}, 1],
      ['third-poll', { delay: 1 }, 3],
    ])("completes the collection's loop for %s after %s polls, as in its guide", async (scenario, variables, polls) => {
      const { port, url } = await serve({ scenario })
      const { code, output } = await poll(port, variables)
      expect({ code, output }).toEqual({
        code: 0,
        output: expect.stringContaining(`done after ${polls} polls`) as string,
      })
      const world = connect(url).domain('t-42')
      expect(await world.countRequests({ operation: 'aws.bulkjob.get' })).toEqual({ count: polls })
    })

    it("continues the collection's loop after failed polls", async () => {
      const { port, url } = await serve({ scenario: 'third-poll' })
      const world = connect(url).domain('t-42')
      await world.fault({ on: { operation: 'aws.bulkjob.get' }, times: 3, do: { respond: { status: 503 } } })
      const { code, output } = await poll(port, { delay: 1 })
      expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining('done after') as string })
    })

    it("fails the collection's loop for a failed job, and names its items", async () => {
      const { port } = await serve({ scenario: 'partial' })
      const { code, output } = await poll(port, { delay: 1 })
      expect({ code, output }).toEqual({ code: 2, output: expect.stringContaining('Error: no') as string })
    })
  })
