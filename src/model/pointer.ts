import { Pointer } from 'typebox/value'

/** The JSON pointer to a place, given the keys that lead there. */
export function pointerTo(...keys: readonly string[]): string {
  return keys.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

/** The keys along a JSON pointer. */
export function keysOf(pointer: string): string[] {
  return Pointer.Indices(pointer)
}

/** The pointer to what holds the place that a pointer names. */
export function parentOf(pointer: string): string {
  return pointer.slice(0, pointer.lastIndexOf('/'))
}

/** What a value has at a pointer; undefined where there is no such place. */
export function valueAt(root: unknown, pointer: string): unknown {
  return Pointer.Get(root, pointer)
}
