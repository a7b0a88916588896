// The Ansible example works against a real https port. It needs nothing but ansible-core.

import { describe, expect, it } from 'vitest'
import { connect } from '../../src/index.ts'
import { caFileOf, example, ITEMS, missing, run, serve, serveBadMoments } from './serve.ts'

const quiet = {
  ANSIBLE_LOCALHOST_WARNING: 'False',
  ANSIBLE_INVENTORY_UNPARSED_WARNING: 'False',
  ANSIBLE_NOCOLOR: '1',
  // Twice as fast.
  ANSIBLE_PIPELINING: '1',
}

const start = (address: string, env: Record<string, string> = {}) =>
  run(['ansible-playbook', example('ansible/bulk-job.yml')], { ...quiet, CIPHERTRUST_ADDRESS: address, ...env })

const poll = (port: number, variables: object) => {
  const extra = JSON.stringify({ server_ip: `localhost:${port}`, auth_domain_path: 't-42', ...variables })
  return run(['ansible-playbook', example('ansible/poll-like-the-collection.yml'), '-e', extra], quiet)
}

if (missing('ansible-playbook').length > 0)
  describe('The Ansible example', () => {
    it.skip('is not run: ansible-playbook is missing', () => undefined)
  })
else
  describe('The Ansible example', () => {
    it('lives the full life of jobs, with a CA file and in another domain', async () => {
      const { httpsUrl, port } = await serve()
      const env = { CIPHERTRUST_CA_FILE: await caFileOf(port), CIPHERTRUST_DOMAIN: 't-42' }
      const { code, output } = await start(httpsUrl.replace('127.0.0.1', 'localhost'), env)
      expect({ code, output }).toEqual({
        code: 0,
        output: expect.stringMatching(/cancel: (aborted|completed)/) as string,
      })
      for (const item of ITEMS) expect(output).toContain(`'${item}': 'Success'`)
    })

    it('asks again at a bad moment, and renews a token that ends while it polls', async () => {
      const { code, output } = await start(await serveBadMoments())
      expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining('TASK [Go on polling]') as string })
      expect(output).toMatch(/no good any more\] \*+\nincluded:/)
    })

    // 2 is Ansible's own code for a host that failed.
    it.each([
      ['a server that the CA file does not vouch for', {}, { CIPHERTRUST_CA_FILE: '/dev/null' }, /FAILED!/],
      ['an item that failed', { scenario: 'partial' }, {}, /not every item succeeded.*Error: no/],
      ['a job that is never done', { scenario: 'stuck' }, { CIPHERTRUST_TIMEOUT: '2' }, /in_progress/],
      ['a wrong password', {}, { CIPHERTRUST_PASSWORD: 'wrong' }, /FAILED!/],
      ['a missing address', {}, { CIPHERTRUST_ADDRESS: '' }, /CIPHERTRUST_ADDRESS is not set/],
    ])('ends with an error at %s', async (_what, options, env, message) => {
      const { httpsUrl } = await serve(options)
      const { code, output } = await start(httpsUrl, env)
      expect({ code, output }).toEqual({ code: 2, output: expect.stringMatching(message) as string })
    })

    it.each([
      ['instant', {}, 1],
      ['third-poll', { delay: 1 }, 3],
    ])('with the loop of the collection and %s polls as its guide says', async (scenario, variables, polls) => {
      const { port, url } = await serve({ scenario })
      const { code, output } = await poll(port, variables)
      expect({ code, output }).toEqual({
        code: 0,
        output: expect.stringContaining(`done after ${polls} polls`) as string,
      })
      const world = connect(url).domain('t-42')
      expect(await world.countRequests({ operation: 'aws.bulkjob.get' })).toEqual({ count: polls })
    })

    it('with that loop goes on after polls that failed', async () => {
      const { port, url } = await serve({ scenario: 'third-poll' })
      const world = connect(url).domain('t-42')
      await world.fault({ on: { operation: 'aws.bulkjob.get' }, times: 3, do: { respond: { status: 503 } } })
      const { code, output } = await poll(port, { delay: 1 })
      expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining('done after') as string })
    })

    it('with that loop sees that a job failed, and which items', async () => {
      const { port } = await serve({ scenario: 'partial' })
      const { code, output } = await poll(port, { delay: 1 })
      expect({ code, output }).toEqual({ code: 2, output: expect.stringContaining('Error: no') as string })
    })
  })
