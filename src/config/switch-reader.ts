import { SettingsSchema, type Settings } from '../model/settings.ts'
import { checkOf } from '../model/validate.ts'
import {
  collect,
  complain,
  isRecord,
  linesOrCommas,
  mapReading,
  placed,
  type Parse,
  type Reader,
  type Reading,
} from './reader.ts'
import { parseDurationText } from './readers.ts'
import { nearest, oneOf } from './suggest.ts'

const SWITCHES = Object.keys(SettingsSchema.properties) as readonly (keyof Settings)[]

const parseSwitch: Parse<Partial<Settings>> = (text) => {
  const [, name, value] = /^([^=]*)=([^]*)$/.exec(text) ?? []
  if (name === undefined || value === undefined)
    return complain(`${JSON.stringify(nameIn(text))} is not SWITCH=VALUE, such as createStatus=200`)
  return prefixed(
    nameIn(name),
    readSwitch(name, [value, Number(value), value === 'true' || (value === 'false' ? false : value)]),
  )
}

/** The name that a text begins with. What follows may be the value of a setting that is no switch. */
function nameIn(text: string): string {
  return /^[\w.-]*/.exec(text)?.[0] ?? ''
}

/** On a command line all switches share a flag, so a complaint says which of them it is about. */
function prefixed<T>(name: string, reading: Reading<T>): Reading<T> {
  if ('value' in reading) return reading
  return { complaints: reading.complaints.map((each) => ({ ...each, message: `${name}: ${each.message}` })) }
}

/** The first of the candidates that the schema takes: on a command line everything is text, in a file it has a type. */
function readSwitch(name: string, candidates: readonly [unknown, ...unknown[]]): Reading<Partial<Settings>> {
  const known = SWITCHES.find((each) => each === name)
  if (known === undefined) return complain('is not a known switch', nearest(name, SWITCHES))
  const check = checkOf(SettingsSchema.properties[known])
  const value = candidates.find((candidate) => 'value' in check(candidate))
  if (value === undefined) return complain(`${JSON.stringify(candidates[0])} is not ${expectedOf(known)}`)
  const reading: Reading<unknown> =
    known === 'tokenTtl' && typeof value === 'string' ? parseDurationText(value) : { value }
  return mapReading(reading, (read) => ({ [name]: read }))
}

function expectedOf(name: keyof Settings): string {
  const schema: { type?: unknown; pattern?: unknown; anyOf?: readonly { const?: unknown }[] } =
    SettingsSchema.properties[name]
  if (schema.anyOf !== undefined) return oneOf(schema.anyOf.map((each) => String(each.const)))
  if (schema.type === 'boolean') return 'true or false'
  return schema.pattern === undefined ? 'text (put it in quotes), and not empty' : 'text such as "2.18"'
}

export const settings: Reader<Partial<Settings>> = {
  split: linesOrCommas,
  texts: (texts) => merged(texts.map(parseSwitch)),
  value: (value) => {
    if (!isRecord(value)) return complain('takes a map of switches')
    return merged(Object.entries(value).map(([name, each]) => placed(readSwitch(name, [each]), `.${name}`)))
  },
}

function merged(readings: readonly Reading<Partial<Settings>>[]): Reading<Partial<Settings>> {
  return mapReading(collect(readings), (all) => Object.assign({}, ...all) as Partial<Settings>)
}
