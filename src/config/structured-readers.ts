import type { ClockMode } from '../model/domain.ts'
import { ScenarioSchema, type ScenarioSource } from '../model/scenario.ts'
import { checkOf } from '../model/validate.ts'
import { parseInstant, whyNoInstant } from '../wire/timestamps.ts'
import { toComplaints, unknownKeys } from './complaints.ts'
import {
  asList,
  collect,
  complain,
  isRecord,
  linesOrCommas,
  mapReading,
  parts,
  placed,
  single,
  type Locate,
  type Parse,
  type Reader,
  type Reading,
} from './reader.ts'
import { choiceParse, parseText, path, text } from './readers.ts'
import { nearest } from './suggest.ts'
import type { ClockChoice, TlsChoice } from './types.ts'

// The settings that have a form of their own.

const parseMode = choiceParse<ClockMode>(['running', 'frozen', 'step'])

const parseClock: Parse<ClockChoice> = (text) => {
  const at = text.indexOf('@')
  const mode = parseMode(at < 0 ? text : text.slice(0, at))
  return 'complaints' in mode ? mode : withInstant(mode.value, at < 0 ? undefined : text.slice(at + 1))
}

function withInstant(mode: ClockMode, text: unknown): Reading<ClockChoice> {
  if (text === undefined) return { value: { mode } }
  const now = typeof text === 'string' ? parseInstant(text) : undefined
  if (now !== undefined) return { value: { mode, now } }
  return complain(`${JSON.stringify(text)} ${whyNoInstant(text)}`)
}

/** `frozen@2026-01-01T00:00:00Z`; a file may also write a map of `mode` and `now`, as the control API does. */
export const clock: Reader<ClockChoice> = {
  texts: single(parseClock).texts,
  value: (value, locate) => {
    if (!isRecord(value)) return single(parseClock).value(value, locate)
    const unknown = unknownKeys(value, ['mode', 'now'])
    if (unknown.length > 0) return { complaints: unknown }
    const mode = placed(single(parseMode).value(value.mode === undefined ? '' : value.mode, locate), '.mode')
    return 'complaints' in mode ? mode : placed(withInstant(mode.value, value.now), '.now')
  },
}

const TLS_EXPECTED = 'auto, off, or two files: CERT,KEY'

const parseTls: Parse<TlsChoice> = (text) => {
  if (text === 'auto' || text === 'off') return { value: text }
  const [certFile, keyFile, ...rest] = parts(text, ',')
  if (certFile !== undefined && keyFile !== undefined && rest.length === 0) return { value: { certFile, keyFile } }
  return complain(`${JSON.stringify(text)} is not ${TLS_EXPECTED}`, nearest(text, ['auto', 'off']))
}

export const tls: Reader<TlsChoice> = {
  texts: single(parseTls).texts,
  value: (value, locate) => {
    if (isRecord(value)) return readTlsFiles(value, locate)
    return mapReading(single(parseTls).value(value, locate), (choice) =>
      typeof choice === 'string' ? choice : { certFile: locate(choice.certFile), keyFile: locate(choice.keyFile) },
    )
  },
}

function readTlsFiles(value: Readonly<Record<string, unknown>>, locate: (path: string) => string): Reading<TlsChoice> {
  const keys = ['certFile', 'keyFile']
  const unknown = unknownKeys(value, keys)
  if (unknown.length > 0) return { complaints: unknown }
  const files = collect(
    keys.map((key) => placed(path.value(value[key] === undefined ? '' : value[key], locate), `.${key}`)),
  )
  return mapReading(files, ([certFile = '', keyFile = '']) => ({ certFile, keyFile }))
}

const parseDomains: Parse<string> = (text) =>
  /^[A-Za-z0-9._*?-]{1,64}$/.test(text)
    ? { value: text }
    : complain(`${JSON.stringify(text)} is not auto, fixed, or a glob such as ci-* (of A-Z a-z 0-9 . _ - * ?)`)

export const domains: Reader<string> = single(parseDomains)

const checkScenario = checkOf(ScenarioSchema)

/** Only their form: what they extend may be in a folder, so whether they make sense is seen at the start. */
export const scenarios: Reader<Readonly<Record<string, ScenarioSource>>> = {
  texts: () => complain('is for a file'),
  value: (value) => {
    if (!isRecord(value)) return complain('takes a map of scenarios by name, or the folder that holds them')
    const readings = Object.entries(value).map(([name, source]) =>
      mapReading(placed(readScenarioSource(source), `.${name}`), (read): [string, ScenarioSource] => [name, read]),
    )
    return mapReading(collect(readings), (entries) => Object.fromEntries(entries))
  },
}

function readScenarioSource(source: unknown): Reading<ScenarioSource> {
  const checked = checkScenario(source)
  if ('value' in checked) return checked
  return { complaints: toComplaints(checked.issues, Object.keys(ScenarioSchema.properties)) }
}

/** A scenario by name, or in place: an object, which flags and the environment write as JSON. */
export const scenario: Reader<string | ScenarioSource> = {
  texts: (texts) => {
    const given = texts.at(-1) ?? ''
    return given.trimStart().startsWith('{') ? parseScenario(given) : text.texts(texts)
  },
  value: (value, locate) => (isRecord(value) ? readScenarioSource(value) : text.value(value, locate)),
}

function parseScenario(given: string): Reading<ScenarioSource> {
  try {
    return readScenarioSource(JSON.parse(given))
  } catch {
    return complain(`${JSON.stringify(given)} is neither the name of a scenario nor a JSON object`)
  }
}

const parseSeed: Parse<string> = (given) => {
  // A number here nearly always means the random seed.
  if (/^\d+$/.test(given))
    return complain(`${JSON.stringify(given)} is a number, not a seed file`, { name: 'randomSeed', value: given })
  return parseText(given)
}

/** Files and folders, or `none`. */
export const seeds: Reader<readonly string[] | 'none'> = {
  split: linesOrCommas,
  texts: (texts) => toSeeds(texts, (each) => each),
  value: (value, locate) => toSeeds(asList(value), locate),
}

function toSeeds(given: readonly unknown[], locate: Locate): Reading<readonly string[] | 'none'> {
  if (given.length === 1 && given[0] === 'none') return { value: 'none' }
  if (given.includes('none')) return complain('none stands alone: leave it out, or leave the files out')
  const parse: Parse<string> = (each) => mapReading(parseSeed(each), locate)
  return collect(given.map((each) => single(parse, ['number']).value(each, locate)))
}
