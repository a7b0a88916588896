import { v4 } from 'uuid'
import { drawBytes, type DrawKey } from '../simulator/random.ts'

/** An identifier drawn for a purpose: the same for the same request and random seed. */
export function drawnId(key: DrawKey, purpose: string): string {
  return v4({ random: drawBytes(key, purpose) })
}
