import { Pointer } from 'typebox/value'

/** The JSON pointer to a place, given the keys that lead there. */
export function pointerTo(...keys: readonly string[]): string {
  return keys.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

/** The keys along a JSON pointer. */
export function keysOf(pointer: string): string[] {
  return Pointer.Indices(pointer)
}

/** The pointer to the object or list around a place. */
export function parentOf(pointer: string): string {
  return pointer.slice(0, pointer.lastIndexOf('/'))
}

/** The value at a pointer; undefined if there is no such place. */
export function valueAt(root: unknown, pointer: string): unknown {
  return Pointer.Get(root, pointer)
}
