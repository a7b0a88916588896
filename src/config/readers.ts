import { isIP } from 'node:net'
import { MAX_RATE } from '../model/domain.ts'
import { DURATION_EXPECTED, parseDuration } from '../model/duration.ts'
import type { Micros } from '../model/time.ts'
import { complain, list, mapReading, single, type Parse, type Reader } from './reader.ts'
import { nearest, oneOf } from './suggest.ts'

// The kinds of value that more than one setting has.

export const parseText: Parse<string> = (text) => {
  if (text.trim() === '') return complain('is empty: give a value, or leave it out')
  return hasStray(text) ? complain(`${escaped(text)} ${STRAY}`) : { value: text }
}

const STRAY = 'begins or ends with white space, or has a control character: is there a CR at the end of its line?'

/** Nobody means these: they come from files with the line ends of Windows, and from copying. */
export function hasStray(text: string): boolean {
  return text !== text.trim() || /\p{Cc}/u.test(text)
}

/** In quotes, with each control character as its number: JSON leaves some of them as they are. */
function escaped(text: string): string {
  return JSON.stringify(text).replace(
    /\p{Cc}/gu,
    (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

export const text: Reader<string> = single(parseText)

/** A text that no message repeats. */
export const secretText: Reader<string> = single((given) =>
  given.trim() !== '' && hasStray(given) ? complain(STRAY) : parseText(given),
)

/** What a file calls relative counts from the file's folder. */
export const path: Reader<string> = {
  texts: text.texts,
  value: (value, locate) => mapReading(text.value(value, locate), locate),
}

export function choice<T extends string>(choices: readonly T[]): Reader<T> {
  return single(choiceParse(choices), ['number', 'boolean'])
}

export function choiceParse<T extends string>(choices: readonly T[]): Parse<T> {
  return (given) => {
    const found = choices.find((each) => each === given)
    if (found !== undefined) return { value: found }
    return complain(`${JSON.stringify(given)} is not ${oneOf(choices)}`, nearest(given, choices))
  }
}

const TRUE = ['true', '1', 'yes', 'on']
const FALSE = ['false', '0', 'no', 'off']

/** `meaning` is what saying yes stands for. */
export function yesOrNo(meaning = true): Reader<boolean> {
  const parse: Parse<boolean> = (given) => {
    if (TRUE.includes(given.toLowerCase())) return { value: meaning }
    if (FALSE.includes(given.toLowerCase())) return { value: !meaning }
    return complain(`${JSON.stringify(given)} is not true or false`)
  }
  return { isSwitch: true, ...single(parse, ['boolean']) }
}

/** A plain decimal number: no signs, exponents or other bases, which only slips of the finger make. */
function number(isRight: (value: number) => boolean, expected: string): Reader<number> {
  const parse: Parse<number> = (given) => {
    const value = /^\d+(\.\d+)?$/.test(given) ? Number(given) : NaN
    return isRight(value) ? { value } : complain(`${JSON.stringify(given)} is not ${expected}`)
  }
  return single(parse, ['number'])
}

export const port = number((value) => Number.isInteger(value) && value <= 65_535, 'a port: a whole number up to 65535')
export const count = number((value) => Number.isSafeInteger(value) && value > 0, 'a whole number above 0')
export const wholeNumber = number(Number.isSafeInteger, 'a whole number')
export const rate = number(
  (value) => value > 0 && value <= MAX_RATE,
  `a number above 0 and up to ${MAX_RATE}, such as 60`,
)

const parseDurationAboveZero: Parse<Micros> = (given) => {
  const value = parseDuration(given)
  if (value === undefined) return complain(`${JSON.stringify(given)} is not ${DURATION_EXPECTED}`)
  return value > 0 ? { value } : complain(`${JSON.stringify(given)} is no time at all: give a duration above zero`)
}

export const duration: Reader<Micros> = single(parseDurationAboveZero, ['number'])

/** Kept as it was written, once it is known to be a duration. */
export const parseDurationText: Parse<string> = (given) => mapReading(parseDurationAboveZero(given), () => given)
export const durationText: Reader<string> = single(parseDurationText, ['number'])

const HOST_NAME = /^[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?\.?$/

/** A name or an address, with nothing before or after it. */
const parseHost: Parse<string> = (given) => {
  if (isIP(given) > 0 || HOST_NAME.test(given)) return { value: given }
  const bare = given.replace(/^[a-z]+:\/\//i, '').replace(/[/?#].*$/, '')
  const inner = /^\[(.*)\](:\d+)?$/.exec(bare)?.[1] ?? bare.replace(/:\d+$/, '')
  const isNearby = inner !== given && (isIP(inner) > 0 || HOST_NAME.test(inner))
  return complain(`${JSON.stringify(given)} is not a host name or address alone`, isNearby ? inner : undefined)
}

export const host: Reader<string> = single(parseHost)
export const hosts: Reader<readonly string[]> = list(parseHost)

/** It travels in a header, as one word. */
const parseSecret: Parse<string> = (given) =>
  /^[\x21-\x7e]+$/.test(given) ? { value: given } : complain('is not one word of printable ASCII')

export const secret: Reader<string> = single(parseSecret)
