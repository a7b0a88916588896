// `exec --sleep virtual`: clients that sleep, unmodified, over a job of ten minutes. What counts is what they did, by the
// domain's clock: polls, sign-ins, when they gave up. A client that slept for real would run into the test's time limit.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runCli, temporaryFolder } from '../cli/run-cli.ts'
import { example, missing } from './serve.ts'

interface Requested {
  readonly at: string
  readonly operation: string
  readonly status: number
}

interface Run {
  readonly status: number
  readonly output: string
  readonly requests: readonly Requested[]
}

/** Runs a command in the shims' environment, and then prints what it did. */
const REPORT = `
const { spawnSync } = require('node:child_process')
const { status, stdout, stderr } = spawnSync(process.argv[1], process.argv.slice(2), { encoding: 'utf8' })
fetch(process.env.CCKM_EMULATOR_URL + '/__admin/requests')
  .then((answer) => answer.json())
  .then(({ requests }) => console.log(JSON.stringify({ status, output: stdout + stderr, requests })))`

async function run(flags: string[], command: string[], env: Record<string, string> = {}): Promise<Run> {
  const exec = ['exec', '--seed', 'none', '--sleep', 'virtual', ...flags, '--']
  const { code, stdout, stderr } = await runCli([...exec, process.execPath, '-e', REPORT, ...command], env)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return JSON.parse(stdout) as Run
}

/** The command for a script in a file of its own. */
function script(program: string, name: string, text: string): string[] {
  const file = join(temporaryFolder(), name)
  writeFileSync(file, text)
  return [program, file]
}

const of = (requests: readonly Requested[], operation: string) =>
  requests.filter((request) => request.operation === operation)

/**
 * For each poll how many pauses after the create it came, by the domain's clock. What a client does between two sleeps
 * takes real time, and much of it on a busy machine.
 */
function rounds(requests: readonly Requested[], pauseS: number): number[] {
  const [created] = of(requests, 'aws.bulkjob.create')
  return of(requests, 'aws.bulkjob.get').map(({ at }) =>
    Math.floor((Date.parse(at) - Date.parse(created?.at ?? '')) / 1000 / pauseS + 0.05),
  )
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1)

const PYTHON = `
import json, os, sys, time, urllib.request
from base64 import urlsafe_b64decode
from datetime import datetime
try:
    import requests
except ImportError:
    requests = None
URL = os.environ["CCKM_EMULATOR_URL"] + "/api/v1"
expires, token, give_up = 0, "", float(sys.argv[1]) if len(sys.argv) > 1 else 3600

def send(method, path, body=None, headers={}):
    if requests:
        return requests.request(method, URL + path, json=body, headers=headers, timeout=30).json()
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(URL + path, data, {"content-type": "application/json", **headers}, method=method)
    return json.load(urllib.request.urlopen(request, timeout=30))

def call(method, path, body=None):
    global token, expires
    if time.time() > expires - 10:
        user = {"username": os.environ["CCKM_EMULATOR_USERNAME"], "password": os.environ["CCKM_EMULATOR_PASSWORD"]}
        token = send("POST", "/auth/tokens", user)["jwt"]
        expires = json.loads(urlsafe_b64decode(token.split(".")[1] + "=="))["exp"]
    return send(method, path, body, {"authorization": "Bearer " + token})

`

const PYTHON_LOOP = `${PYTHON}
began, clock, moment = time.time(), time.monotonic(), datetime.now()
job = call("POST", "/cckm/aws/bulkjob", {"keys": ["k1"], "operation": "enablekey"})
while job["overall_status"] == "in_progress":
    if time.monotonic() - clock > give_up:
        sys.exit(3)
    time.sleep(10)
    job = call("GET", "/cckm/aws/bulkjob/" + job["id"])
print(*[round(each / 10) for each in (time.time() - began, time.monotonic() - clock, (datetime.now() - moment).total_seconds())])
`

const PYTHON_ASYNC = `${PYTHON}
import asyncio
async def poll():
    job = call("POST", "/cckm/aws/bulkjob", {"keys": ["k1"], "operation": "enablekey"})
    while job["overall_status"] == "in_progress":
        await asyncio.sleep(10)
        job = call("GET", "/cckm/aws/bulkjob/" + job["id"])
async def beside(order):
    # Between the sixth poll and a seventh.
    await asyncio.sleep(65)
    order.append("slow")
async def main():
    order = []
    other = asyncio.create_task(beside(order))
    await poll()
    order.append("poll")
    await other
    print(*order)
asyncio.run(main())
`

const NODE = `
const { CCKM_EMULATOR_URL: url, CCKM_EMULATOR_USERNAME: username, CCKM_EMULATOR_PASSWORD: password } = process.env
const giveUp = Number(process.argv[2] ?? 3600) * 1000
let [token, expires] = ['', 0]
const send = async (method, path, body, headers = {}) => {
  const sent = { method, body: body && JSON.stringify(body), signal: AbortSignal.timeout(30_000) }
  return (await fetch(url + '/api/v1' + path, { ...sent, headers: { 'content-type': 'application/json', ...headers } })).json()
}
const call = async (method, path, body) => {
  if (Date.now() / 1000 > expires - 10) {
    token = (await send('POST', '/auth/tokens', { username, password })).jwt
    expires = JSON.parse(Buffer.from(token.split('.')[1], 'base64url')).exp
  }
  return send(method, path, body, { authorization: 'Bearer ' + token })
}
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
const [began, clock] = [Date.now(), performance.now()]
let job = await call('POST', '/cckm/aws/bulkjob', { keys: ['k1'], operation: 'enablekey' })
while (job.overall_status === 'in_progress') {
  if (Date.now() - began > giveUp) process.exit(3)
  await pause(10_000)
  job = await call('GET', '/cckm/aws/bulkjob/' + job.id)
}
console.log([Date.now() - began, performance.now() - clock, new Date() - began].map((ms) => Math.round(ms / 10_000)).join(' '))
`

const SHELL = `
set -e
api="$CCKM_EMULATOR_URL/api/v1/cckm/aws/bulkjob"
call() { curl -sS -H "Authorization: Bearer $CCKM_EMULATOR_TOKEN" "$@"; }
id=$(call "$api" --json '{"keys":["k1"],"operation":"enablekey"}' | sed 's/.*"id":"\\([^"]*\\)".*/\\1/')
until call "$api/$id" | grep -q completed; do sleep 1m; done
`

/** Rounds stay exact although a client needs longer than the five seconds of the default between two sleeps. */
const PATIENT_CLOCK = `curl -s -X PUT $CCKM_EMULATOR_URL/__admin/clock --json '{"mode":"auto","lease":"1h"}' >/dev/null`

/** A job of a minute. */
const MINUTE = JSON.stringify({ extends: 'default', after: '60s' })

describe('exec --sleep virtual', () => {
  it.each([
    ['a Python client', () => script('python3', 'client.py', PYTHON_LOOP)],
    ['a Node client', () => script(process.execPath, 'client.mjs', NODE)],
  ])('lets %s poll, renew its token and measure time as in ten real minutes', async (_client, command) => {
    const { status, output, requests } = await run(['--scenario', 'slow'], command())
    expect({ status, output }).toEqual({ status: 0, output: '60 60 60\n' })
    expect(rounds(requests, 10)).toEqual(upTo(60))
    expect(of(requests, 'auth.tokens.create')).toHaveLength(3)
    expect(requests.filter((request) => request.status >= 400)).toEqual([])
  })

  it.each([
    ['a Python client', () => script('python3', 'client.py', PYTHON_LOOP)],
    ['a Node client', () => script(process.execPath, 'client.mjs', NODE)],
  ])('lets %s give up a stuck job after its own ninety-five seconds', async (_client, command) => {
    const { status, requests } = await run(['--scenario', 'stuck'], [...command(), '95'])
    expect(status).toBe(3)
    expect(rounds(requests, 10)).toEqual(upTo(10))
  })

  it('lets tasks of asyncio sleep side by side, in the order of their ends', async () => {
    const { status, output, requests } = await run(['--scenario', MINUTE], script('python3', 'client.py', PYTHON_ASYNC))
    expect({ status, output }).toEqual({ status: 0, output: 'poll slow\n' })
    expect(rounds(requests, 10)).toEqual(upTo(6))
  })

  it('lets a shell sleep between polls, and starts no Node for `sleep 0`', async () => {
    // Node does not start in so little memory.
    const text = `(ulimit -v 200000 && sleep 0) || exit 4\n${SHELL}`
    const { status, requests } = await run(['--scenario', 'slow'], script('sh', 'client.sh', text))
    expect(status).toBe(0)
    expect(rounds(requests, 60)).toEqual([0, ...upTo(10)])
  })

  it('wakes no Node client before its time, although it goes on working after it has set its timer', async () => {
    const work = `
      const guard = setTimeout(() => undefined, 3_600_000)
      const began = Date.now()
      for (let round = 0; round < 9; round += 1) {
        const slept = new Promise((resolve) => setTimeout(resolve, 10_000))
        for (const end = performance.now() + 60; performance.now() < end; );
        await slept
      }
      console.log(Date.now() - began >= 90_000)
      clearTimeout(guard)`
    expect(await run([], script(process.execPath, 'works.mjs', work))).toMatchObject({ status: 0, output: 'true\n' })
  })

  it('wakes a Node client on time that works for longer than the lease of the clock after it has set its timer', async () => {
    const work = `
      const slept = (workMs) => {
        const began = Date.now()
        const end = new Promise((resolve) => setTimeout(() => resolve(Date.now() - began), 10_000))
        if (workMs > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, workMs)
        return end
      }
      await slept(0)
      const ms = await slept(2000)
      console.log(ms >= 10_000 && ms < 11_900 ? 'on time' : ms)`
    const [node, file] = script(process.execPath, 'works.mjs', work)
    const text = `${PATIENT_CLOCK.replace('1h', '100ms')}\nexec '${node}' '${file}'`
    expect(await run([], script('sh', 'client.sh', text))).toMatchObject({ status: 0, output: 'on time\n' })
  })

  it('never lets a guard of ten minutes fire beside slow work, but lets it fire when nothing else is left', async () => {
    const work = `
      import { execFile } from 'node:child_process'
      import { pbkdf2, randomBytes, subtle } from 'node:crypto'
      import { readFile } from 'node:fs/promises'
      import { promisify } from 'node:util'
      import { gzip } from 'node:zlib'
      const guard = setTimeout(() => console.log('guard'), 600_000)
      await readFile(process.execPath)
      await promisify(gzip)(randomBytes(2_000_000))
      await promisify(pbkdf2)('a', 'b', 100_000, 64, 'sha512')
      await subtle.digest('SHA-512', Buffer.alloc(20_000_000))
      await promisify(execFile)(process.execPath, ['-e', '0'])
      await new Promise((resolve) => setTimeout(resolve, 20))
      console.log('done')
      if (process.argv[2] === 'clear') clearTimeout(guard)`
    const command = script(process.execPath, 'guard.mjs', work)
    expect(await run([], [...command, 'clear'])).toMatchObject({ status: 0, output: 'done\n' })
    expect(await run([], command)).toMatchObject({ status: 0, output: 'done\nguard\n' })
  })

  it('loads the sitecustomize that it hides, and passes on other sleeps and their errors', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'sitecustomize.py'), 'import os\nos.environ["HIDDEN"] = "loaded"\n')
    const text = `
import os, pickle, time, datetime
for wrong in ("x", -1, None):
    try: time.sleep(wrong)
    except (TypeError, ValueError) as error: print(type(error).__name__)
time.sleep(0)
print(os.environ["HIDDEN"], isinstance(datetime.datetime.now(), datetime.datetime))
print(isinstance(datetime.datetime.strptime("2026", "%Y"), datetime.date))
print(all(pickle.loads(pickle.dumps(each)) is each for each in (time.sleep, time.time, datetime.datetime)))`
    const { output } = await run([], script('python3', 'errors.py', text), { PYTHONPATH: folder })
    expect(output).toBe('TypeError\nValueError\nTypeError\nloaded True\nTrue\nTrue\n')
  })

  it('does not wait for a process that has ended after a sleep', async () => {
    const one = script('python3', 'ends.py', 'import time\ntime.sleep(3600)')
    const loop = `${PATIENT_CLOCK}; for _ in 1 2 3; do ${one.join(' ')}; done; sleep 1h; curl -s $CCKM_EMULATOR_URL/__admin/clock`
    const { status, output } = await run(['--clock', 'auto@2026-01-01T00:00:00Z'], ['sh', '-c', loop])
    const { now, sleepers } = JSON.parse(output) as { now: string; sleepers: { name: string }[] }
    expect([status, now.slice(0, 13)]).toEqual([0, '2026-01-01T04'])
    expect(sleepers.length).toBeLessThanOrEqual(2)
  })

  it.each([
    [['--sleep', 'virtually'], '--sleep: "virtually" is neither real nor virtual'],
    [['--sleep', 'virtual', '--clock', 'frozen'], 'does not go with the clock frozen'],
  ])('refuses %j', async (flags, message) => {
    const { code, stderr } = await runCli(['exec', ...flags, '--', 'true'])
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)])
  })
})

describe.skipIf(missing('ansible-playbook').length > 0)('exec --sleep virtual with ansible-playbook', () => {
  const PAUSE = `
- hosts: localhost
  gather_facts: false
  tasks:
    - ansible.builtin.pause: { minutes: 10 }
      register: paused
    - ansible.builtin.debug: { msg: '{{ paused.stdout }}' }
`

  it("runs the collection's loop with its own delay of ten seconds", async () => {
    // Each poll starts a Python of its own, which has ten seconds until it would count as the next one.
    const scenario = JSON.stringify({ extends: 'default', after: '100s' })
    const playbook = `ansible-playbook ${example('ansible/poll-like-the-collection.yml')} -e server_ip=\${CCKM_EMULATOR_HTTPS_URL#https://}`
    const { status, output, requests } = await run(
      ['--scenario', scenario],
      ['sh', '-c', `${PATIENT_CLOCK}; ${playbook}`],
    )
    expect({ status, output }).toEqual({ status: 0, output: expect.stringContaining('done after 11 polls') as string })
    expect(rounds(requests, 10)).toEqual([0, ...upTo(10)])
  })

  it('pauses for ten minutes of the domain', async () => {
    const { status, output } = await run([], script('ansible-playbook', 'pause.yml', PAUSE))
    expect({ status, output }).toEqual({
      status: 0,
      output: expect.stringMatching(/Paused for 10\.\d+ minutes/) as string,
    })
  })
})

describe('sweep --sleep virtual', () => {
  it('runs a client with pauses of ten seconds from the same instant in each run', async () => {
    const file = join(temporaryFolder(), 'clocks')
    const text = `${PYTHON}
job = call("POST", "/cckm/aws/bulkjob", {"keys": ["k1"], "operation": "enablekey"})
began = time.time()
while job["overall_status"] == "in_progress":
    time.sleep(10)
    job = call("GET", "/cckm/aws/bulkjob/" + job["id"])
open(os.environ["CLOCKS"], "a").write(f"{round((time.time() - began) / 10)} {datetime.now().year}\\n")
`
    const flags = [
      '--seed',
      'none',
      '--sleep',
      'virtual',
      '--scenario',
      MINUTE,
      '--only',
      'aws.bulkjob.get#6:slow',
      '--slow',
      '1s',
    ]
    const client = script('python3', 'client.py', text)
    const { code, stdout } = await runCli(['sweep', ...flags, '--', ...client], { CLOCKS: file })
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('1 survived') as string })
    expect(readFileSync(file, 'utf8')).toBe('6 2026\n'.repeat(3))
  })
})
