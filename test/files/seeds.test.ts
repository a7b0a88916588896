import { chmodSync, rmSync, symlinkSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openSeeds, type OpenSeedsOptions } from '../../src/files/seeds.ts'
import type { SeedJob } from '../../src/model/seed.ts'
import { FAMILIES } from '../../src/wire/families/index.ts'
import { folderOf, problemsOf, type Files } from './folder.ts'

const document = (id: string, more: object = {}) => ({
  id,
  uri: `kylo:kylo:cckm:bulkjob:${id}`,
  createdAt: '2023-02-10T08:19:48.558869Z',
  overall_status: 'completed',
  cloud: 'aws',
  operation: 'enablekey',
  ...more,
})
const FAMILY_NAMES = FAMILIES.map(({ name }) => name).join(' or ')
const text = (id: string, more?: object) => JSON.stringify(document(id, more))
const lines = (...all: string[]) => `${all.join('\n')}\n`

async function jobsIn(files: Files, options?: OpenSeedsOptions): Promise<SeedJob[]> {
  const set = await openSeeds([folderOf(files)], options)
  return [...set.seeds()].flatMap(({ jobs }) => [...jobs])
}

const idsIn = async (files: Files) => (await jobsIn(files)).map((job) => (job.kind === 'captured' ? job.id : job.kind))

async function complaints(files: Files, options?: OpenSeedsOptions): Promise<readonly string[]> {
  const folder = folderOf(files)
  return problemsOf(folder, async () => {
    for (const { jobs } of (await openSeeds([folder], options)).seeds()) for (const _ of jobs);
  })
}

describe('forms of a seed', () => {
  it.each<[string, Files]>([
    [
      'a document of jobs',
      { 'a.json': JSON.stringify({ domain: 'root', jobs: [{ job: document('a') }, document('b')] }) },
    ],
    ['a list of jobs', { 'a.json': `[${text('a')}, {"job": ${text('b')}}]` }],
    [
      'a page of a list, as CM answers',
      { 'a.json': `{"skip":0,"limit":10,"total":2,"resources":[${text('a')},${text('b')}]}` },
    ],
    ['one document a file', { 'a.json': text('a'), 'b.json': `{"job":${text('b')}}` }],
    ['one job a line', { 'a.ndjson': lines(text('a'), '', `{"job":${text('b')}}`) }],
    ['Windows line ends', { 'a.jsonl': `${text('a')}\r\n${text('b')}` }],
    ['a byte order mark', { 'a.json': `\uFEFF${text('a')}`, 'b.ndjson': `\uFEFF${text('b')}` }],
    ['YAML', { 'a.yaml': `jobs:\n  - job: ${text('a')}\n  - ${text('b')}\n` }],
  ])('reads %s', async (_form, files) => {
    expect(await idsIn(files)).toEqual(['a', 'b'])
  })

  it('reads the files of a folder in the order of their names, except hidden ones and subfolders', async () => {
    const files = {
      'b.yml': text('b'),
      'a.json': text('a'),
      'README.md': '# Seeds',
      '.c.json': text('c'),
      'd/d.json': text('d'),
    }
    expect(await idsIn(files)).toEqual(['a', 'b'])
  })

  it('reads symbolic links, as Kubernetes mounts files', async () => {
    const folder = folderOf({ '..data/a.json': text('a') })
    symlinkSync('..data/a.json', join(folder, 'a.json'))
    const [seed] = (await openSeeds([folder])).seeds()
    expect([...seed!.jobs]).toHaveLength(1)
  })

  it.each<[string, Files]>([
    ['a document', { 'a.json': `{"$schema":"./seed.schema.json","jobs":[${text('a')}]}` }],
    ['YAML', { 'a.yaml': `$schema: ./seed.schema.json\njobs:\n  - ${text('a')}\n` }],
    ['a job alone', { 'a.json': `{"$schema":"./seed.schema.json",${text('a').slice(1)}` }],
  ])('ignores a reference to the JSON Schema: %s', async (_form, files) => {
    const [job] = await jobsIn(files)
    expect(job).toMatchObject({ id: 'a', text: text('a') })
  })

  it('reads the domains of a seed: root, a name or a glob', async () => {
    const folder = folderOf({
      'a.json': text('a'),
      'b.json': `{"domain":"ci-*","jobs":[${text('b')}]}`,
      'c.ndjson': lines('{"domain":"t-42"}', text('c')),
    })
    const seeds = [...(await openSeeds([folder])).seeds()].map(({ domain, jobs }) => ({
      domain,
      jobs: [...jobs].length,
    }))
    expect(seeds).toEqual([
      { domain: 'root', jobs: 1 },
      { domain: 'ci-*', jobs: 1 },
      { domain: 't-42', jobs: 1 },
    ])
  })
})

describe('a captured job', () => {
  it('reads a captured job and its scenario, by name or as an object', async () => {
    const running = { overall_status: 'in_progress', keys: ['k1', 'k2'], detailed_status: { k1: 'Success' } }
    const [named, inline] = await jobsIn({
      'a.ndjson': lines(
        `{"job":${text('a', running)},"scenario":"slow"}`,
        `{"job":${text('b', { uri: undefined, cloud: undefined })},"family":"azure.bulkjobs","scenario":{"after":"3s"}}`,
      ),
    })
    expect(named).toMatchObject({
      kind: 'captured',
      id: 'a',
      family: 'aws.bulkjob',
      results: [{ id: 'k1', status: 'Success' }],
      pending: ['k2'],
      scenario: 'slow',
    })
    expect(inline).toMatchObject({ id: 'b', family: 'azure.bulkjobs', scenario: { after: '3s' } })
  })

  it.each(['json', 'ndjson', 'yaml'])(
    'keeps the results in the order of the document in .%s, also for numeric ids',
    async (ending) => {
      const json = text('a').replace('{', '{"detailed_status":{"10":"Success","9":"Error: {no}"},')
      const [job] = await jobsIn({ [`a.${ending}`]: json })
      expect(job).toMatchObject({
        text: json,
        results: [
          { id: '10', status: 'Success' },
          { id: '9', status: 'Error: {no}' },
        ],
      })
    },
  )
})

describe('a requested job', () => {
  const requested = (more: object) => ({
    family: 'aws.bulkjob',
    request: { keys: ['k'], operation: 'enablekey' },
    ...more,
  })

  it.each([
    [undefined, { before: 0 }],
    ['now', { before: 0 }],
    ['now-2s', { before: 2_000_000 }],
    ['now-PT5M', { before: 300_000_000 }],
    ['2024-02-06T09:22:54.5Z', { at: 1_707_211_374_500_000 }],
  ])('sets its creation to %s', async (createdAt, expected) => {
    const [job] = await jobsIn({ 'a.json': JSON.stringify([requested({ createdAt })]) })
    expect(job).toEqual({ kind: 'requested', ...requested({ scenario: undefined }), createdAt: expected })
  })
})

describe('invalid seeds', () => {
  it.each<[string, Files, string[]]>([
    ['an empty file', { 'a.json': ' \n' }, ['a.json: is empty']],
    ['an empty file of lines', { 'a.ndjson': '\n' }, ['a.ndjson: is empty']],
    ['a head without jobs', { 'a.ndjson': '{"domain":"root"}\n' }, ['a.ndjson: has no job and no resource']],
    ['bytes that are not text', { 'a.json': Buffer.from([0x7b, 0xe9]) }, ['a.json: is not UTF-8']],
    [
      'a line that is not text',
      { 'a.ndjson': Buffer.concat([Buffer.from(lines(text('a'))), Buffer.from([0xe9])]) },
      ['a.ndjson:2: is not UTF-8'],
    ],
    [
      'UTF-16',
      { 'a.json': Buffer.from(`\uFEFF${text('a')}`, 'utf16le') },
      ['a.json: is not UTF-8: it looks like UTF-16, so save it as UTF-8'],
    ],
    [
      'an extra comma',
      { 'a.json': '{\n  "jobs": [\n    {},\n  ]\n}' },
      ['a.json:4: expected JSON, with a value here (found ])'],
    ],
    [
      'truncated text',
      { 'a.json': '[\n{"job": ' },
      ['a.json:2: expected complete JSON, with a value here (the text ends)'],
    ],
    [
      'a document across several lines',
      { 'a.ndjson': '{\n"id": 1}\n' },
      [
        'a.ndjson:1: expected complete JSON, with a key in double quotes or } here (the text ends), column 2; a line has one complete job',
        'a.ndjson:2: expected JSON, with nothing more here (found :), column 5; a line has one complete job',
      ],
    ],
    [
      'broken YAML',
      { 'a.yaml': 'jobs:\n  - job: a\n  - job: [\n' },
      [
        'a.yaml:4: expected valid YAML (Flow sequence in block collection must be sufficiently indented and end with a ])',
      ],
    ],
    [
      'a schema that is not a string',
      { 'a.json': '{\n"$schema":1,\n"jobs":[]}' },
      ['a.json:2: /$schema: must be text (found 1)'],
    ],
    [
      'several documents of YAML',
      { 'a.yaml': 'a: 1\n---\nb: 2\n' },
      ['a.yaml:2: expected valid YAML (another document begins here; a file holds one)'],
    ],
    [
      'an alias without an anchor',
      { 'a.yaml': 'jobs: *all\n' },
      ['a.yaml:1: /jobs: *all has no anchor &all before it'],
    ],
    [
      'a number',
      { 'a.json': '5' },
      ['a.json:1: must be an object with `jobs` or `resources`, or a list of jobs (found 5)'],
    ],
    [
      'a document that misspells jobs',
      { 'a.json': '{\n"job_s": []}' },
      [
        'a.json:2: /job_s: is not a known field (did you mean jobs?)',
        'a.json:1: must have `jobs`, a list of jobs, or `resources`',
      ],
    ],
    [
      'jobs that are not a list',
      { 'a.json': '{\n"jobs": {}}' },
      ['a.json:2: /jobs: must be a list of jobs (found an object)'],
    ],
    [
      'an invalid domain name',
      { 'a.yaml': 'domain: a b\njobs: []\n' },
      ['a.yaml:1: /domain: must be a name or a glob of 1 to 64 of A-Z a-z 0-9 . _ - * ? (found "a b")'],
    ],
    [
      'an invalid domain name in a first line',
      { 'a.ndjson': '{"domain":5}\n' },
      ['a.ndjson:1: /domain: must be a name or a glob of 1 to 64 of A-Z a-z 0-9 . _ - * ? (found 5)'],
    ],
    [
      'an unknown field',
      { 'a.json': `{"jobs": [\n  {"job": ${text('a')},\n   "scenaro": "slow"}]}` },
      ['a.json:3: /jobs/0/scenaro: is not a known field (did you mean scenario?)'],
    ],
    [
      'a field of the other form',
      { 'a.ndjson': lines(`{"job":${text('a')},"createdAt":"soon"}`, `{"job":${text('b')},"request":{}}`) },
      [
        'a.ndjson:1: /createdAt: must be an RFC 3339 instant, now, or now- and a duration such as 150ms, 5s, 11m, 2h, 365d, 1h30m0s or PT5M (a bare number has no unit: write 5s) (found "soon")',
        'a.ndjson:2: /request: is not a field beside `job`: a job is captured or requested, not both',
      ],
    ],
    [
      'neither form',
      { 'a.ndjson': '{"famly":"aws.bulkjob"}\n5\n' },
      [
        'a.ndjson:1: /famly: is not a known field (did you mean family?)',
        'a.ndjson:1: must have `job` (a document as CM sends it) or `request` (with `family`), or be such a document itself',
        'a.ndjson:2: must be an object (found 5)',
      ],
    ],
    [
      'wrong types in a document, in JSON',
      {
        'a.json': `[\n${text('a')},\n{"job": {\n"id": 7,\n"overall_status": "completed", "operation": "x",\n"createdAt": "yesterday"}}]`,
      },
      ['a.json:4: /1/job/id: must be string (found 7)'],
    ],
    [
      'an invalid instant, in YAML',
      {
        'a.yaml':
          'jobs:\n  - job:\n      id: a\n      uri: x:y:z:bulkjob:a\n      createdAt: yesterday\n      overall_status: completed\n      operation: x\n',
      },
      [
        'a.yaml:5: /jobs/0/job/createdAt: is not an RFC 3339 instant such as 2024-02-06T09:22:54.517569Z (found "yesterday")',
      ],
    ],
    [
      'a document of an unknown family',
      { 'a.ndjson': lines(text('a', { uri: 'kylo:kylo:cckm:replicate:a' })) },
      [`a.ndjson:1: /uri: does not identify a family; name one: ${FAMILY_NAMES}`],
    ],
    [
      'a request with several errors',
      { 'a.ndjson': '{"family":"aws","request":[],"createdAt":"now+1s","scenario":5}\n' },
      [
        'a.ndjson:1: /scenario: must be the name of a scenario, or a scenario (found 5)',
        `a.ndjson:1: /family: must be ${FAMILY_NAMES} (found "aws")`,
        'a.ndjson:1: /request: must be an object, the body of a create call (found a list)',
        expect.stringMatching(
          /^a.ndjson:1: \/createdAt: must be an RFC 3339 instant, now, or now- and a duration.* \(found "now\+1s"\)$/,
        ),
      ],
    ],
    [
      'an invalid scenario',
      { 'a.json': `[{"job": ${text('a')},\n"scenario": {\n"aftr": "3s"}}]` },
      ['a.json:3: /0/scenario/aftr: is not a known field (did you mean after?)'],
    ],
    [
      'a misspelled field deep in a scenario',
      { 'a.ndjson': lines(`{"job":${text('a')},"scenario":{"after":"3s","cancel":{"efective":"1s"}}}`) },
      ['a.ndjson:1: /scenario/cancel/efective: is not a known field (did you mean effective?)'],
    ],
    [
      'a duplicate id in a document',
      { 'a.json': `[${text('a')},\n{"job": \n${text('a')}}]` },
      ['a.json:3: /1/job/id: repeats the id of /0: a'],
    ],
    [
      'a duplicate id in two files',
      { 'a.json': text('a'), 'b.json': `[\n${text('a')}]` },
      ['b.json:2: /0/id: repeats the id at a.json:1: a'],
    ],
  ])('reports file, line and pointer for %s', async (_case, files, expected) => {
    expect(await complaints(files)).toEqual(expected)
  })

  it('reports an unknown scenario if the scenarios are known', async () => {
    const scenarios = {
      source: (name: string) => (name === 'slow' ? { after: '10m' } : undefined),
      names: () => ['slow'],
    }
    const files = { 'a.ndjson': lines(...['slow', 'slwo'].map((name) => `{"job":${text(name)},"scenario":"${name}"}`)) }
    expect(await complaints(files, { scenarios })).toEqual([
      'a.ndjson:2: /scenario: names no scenario: "slwo" (did you mean slow?)',
    ])
    const inline = { 'a.ndjson': lines(`{"job":${text('a')},"scenario":{"extends":"slow","never":true,"after":"1s"}}`) }
    expect(await complaints(inline, { scenarios })).toEqual([
      'a.ndjson:1: /scenario/never: never ends, so after can never apply',
    ])
  })

  it.each<[string, Files, string, string]>([
    ['a path that does not exist', {}, 'seeds.json', 'seeds.json: there is no such file or folder'],
    [
      'a folder without seeds',
      { 'seeds/README.md': '' },
      'seeds',
      'seeds: contains no seed: no file ends in .json, .ndjson, .jsonl, .yaml, .yml',
    ],
    [
      'a file with an unknown extension',
      { 'seeds.txt': '' },
      'seeds.txt',
      'seeds.txt: is not a seed: its name does not end in one of .json, .ndjson, .jsonl, .yaml, .yml',
    ],
  ])('reports %s', async (_case, files, path, expected) => {
    const folder = folderOf(files)
    expect(await problemsOf(folder, () => openSeeds([join(folder, path)]))).toEqual([expected])
  })

  it('reports a file without read permission', async ({ skip }) => {
    const folder = folderOf({ 'a.json': text('a'), 'b.ndjson': text('b') })
    for (const name of ['a.json', 'b.ndjson']) chmodSync(join(folder, name), 0)
    const told = await problemsOf(folder, () => openSeeds([folder]))
    if (told.length === 0) skip('the superuser may read anything')
    expect(told).toEqual([
      'a.json: may not be read (permission denied)',
      'b.ndjson: may not be read (permission denied)',
    ])
  })

  it('reports a line that is too long, which is a document without line breaks', async () => {
    const long = text('b', { account: 'x'.repeat(17 * 2 ** 20) })
    expect(await complaints({ 'a.ndjson': lines(text('a'), long) })).toEqual([
      'a.ndjson:2: expected one job a line (this line is longer than 16 MiB; a document of many jobs is a .json file)',
    ])
  })

  it('reports at most twenty problems of all files together', async () => {
    const bad = Array.from({ length: 15 }, () => '{"id":5}')
    expect(await complaints({ 'a.json': `[${bad.join()}]`, 'b.json': `[${bad.join()}]` })).toHaveLength(20)
    expect(await complaints({ 'a.ndjson': lines(...bad, ...bad) })).toHaveLength(20)
  })

  it('reports problems at the start, even for a domain that does not exist yet', async () => {
    const folder = folderOf({ 'a.ndjson': lines('{"domain":"ci-*"}', text('a'), 'nonsense') })
    expect(await problemsOf(folder, () => openSeeds([folder]))).toEqual([
      'a.ndjson:3: expected JSON, with a value here (found nonsense), column 1; a line has one complete job',
    ])
  })
})

describe('a file with one job a line', () => {
  it('yields no job from its first invalid line on', async () => {
    const folder = folderOf({ 'a.ndjson': lines(text('a'), 'x', text('b')) })
    const given: SeedJob[] = []
    const [seed] = (await openSeeds([folder])).seeds()
    await problemsOf(folder, () => {
      for (const job of seed!.jobs) given.push(job)
    })
    expect(given).toMatchObject([{ id: 'a' }])
  })

  it('can be read again, and reports its progress', async () => {
    const folder = folderOf({
      'a.ndjson': lines(...Array.from({ length: 25_000 }, (_, index) => text(`job-${index}`))),
    })
    const told: number[] = []
    const set = await openSeeds([folder], { onProgress: (jobs) => told.push(jobs) })
    for (const times of [1, 2]) {
      const [seed] = set.seeds()
      expect([...seed!.jobs].map((job) => job.kind === 'captured' && job.id).at(-1)).toBe('job-24999')
      expect(told).toHaveLength(2 * times)
    }
    expect(told).toEqual([10_000, 20_000, 10_000, 20_000])
  })

  it('reads a job with very many items, and reports garbled ones at once', async () => {
    const items = Array.from({ length: 100_000 }, (_, index) => `"key-${index}":"Success"`)
    const line = text('a').replace('{', `{"detailed_status":{${items.join()}},`)
    expect((await jobsIn({ 'a.ndjson': line }))[0]).toHaveProperty('results.length', 100_000)
    const garbled = text('a').replace('{', `{"detailed_status":{${items.slice(0, 1000).join('    ')}},`)
    expect(await complaints({ 'a.ndjson': garbled })).toEqual([
      'a.ndjson:1: expected JSON, with a comma or } here (found "key-1"), column 42; a line has one complete job',
    ])
  })

  it('reads lines longer than a chunk, with multi-byte characters across chunks', async () => {
    const long = 'é€😀'.repeat(30_000)
    const jobs = await jobsIn({ 'a.ndjson': lines(text('a', { account: long }), text('b')) })
    expect(jobs).toMatchObject([{ id: 'a', text: text('a', { account: long }) }, { id: 'b' }])
  })
})

describe('the place of the last job', () => {
  it('is available to report a problem of the job', async () => {
    const folder = folderOf({
      'a.json': `[\n{"job":\n${text('a')}},\n${text('b')}]`,
      'b.yaml': `- job: ${text('c')}\n  scenario: slow\n`,
      'c.ndjson': lines('', text('d')),
    })
    const set = await openSeeds([folder])
    const places: string[] = []
    for (const { jobs } of set.seeds()) for (const _ of jobs) places.push(set.where().replace(`${folder}/`, ''))
    expect(places).toEqual(['a.json:2: /0', 'a.json:4: /1', 'b.yaml:1: /0', 'c.ndjson:2'])
    expect((await openSeeds([folder])).where()).toBe('seed')
  })

  it('can point into the job', async () => {
    const folder = folderOf({ 'a.json': `{"jobs":[\n{"job":${text('a')},\n"scenario":"slow"}]}` })
    const set = await openSeeds([folder])
    for (const { jobs } of set.seeds()) for (const _ of jobs);
    expect(set.where('/scenario')).toBe(`${folder}/a.json:3: /jobs/0/scenario`)
  })
})

describe('the fingerprint of a seed', () => {
  const fingerprint = async (files: Files) => (await openSeeds([folderOf(files)])).fingerprint

  it('depends on names and bytes, not on the folder', async () => {
    const files = { 'a.json': text('a'), 'b.ndjson': lines(text('b')) }
    const first = await fingerprint(files)
    expect(await fingerprint(files)).toBe(first)
    expect(await fingerprint({ ...files, 'a.json': `${text('a')}\n` })).not.toBe(first)
    expect(await fingerprint({ 'a.json': text('a'), 'c.ndjson': lines(text('b')) })).not.toBe(first)
  })

  it('is not computed again while size and time of each file are the same', async () => {
    const folder = folderOf({ 'a.json': text('a') })
    const stamp = async () => (await openSeeds([folder])).stamp
    const first = await stamp()
    expect(await stamp()).toBe(first)
    utimesSync(join(folder, 'a.json'), 1, 1)
    expect(await stamp()).not.toBe(first)
  })

  it('fails for a file that was deleted', async () => {
    const folder = folderOf({ 'a.json': text('a') })
    const set = await openSeeds([folder])
    rmSync(join(folder, 'a.json'))
    expect(await problemsOf(folder, () => set.fingerprint)).toEqual(['a.json: there is no such file or folder'])
  })
})

it('treats an empty list of paths as no seed', async () => {
  expect([...(await openSeeds([])).seeds()]).toEqual([])
})
