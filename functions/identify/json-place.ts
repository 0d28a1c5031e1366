/** Where in a JSON text (RFC 8259) a byte stands. Reads forward and forgives what is cut off or not quite JSON. */
import type { Place } from './place.ts'

interface Level {
  readonly isArray: boolean
  index: number
  key: string
  /** Whether the next text is a key. */
  atKey: boolean
}

const QUOTE = 0x22
const BACKSLASH = 0x5c

/** @returns null where the bytes do not begin as an object or array */
export function jsonPlace(bytes: Uint8Array, at: number): Place | null {
  const levels: Level[] = []
  for (let i = 0; i < bytes.length; i++) {
    const character = String.fromCharCode(bytes[i] as number)
    const level = levels.at(-1)
    if (level === undefined && !'{[ \t\r\n,'.includes(character)) return null
    if (character === '"') {
      const until = endOfText(bytes, i + 1)
      if (at <= until) return { path: pathOf(levels), value: { from: i + 1, until } }
      if (level?.atKey) level.key = Buffer.from(bytes.subarray(i + 1, until)).toString()
      i = until
      continue
    }
    if (i >= at) return { path: pathOf(levels), value: null }
    if (character === '{' || character === '[')
      levels.push({ isArray: character === '[', index: 0, key: '', atKey: character === '{' })
    else if (character === '}' || character === ']') levels.pop()
    else if (character === ':' && level !== undefined) level.atKey = false
    else if (character === ',' && level !== undefined) {
      if (level.isArray) level.index++
      else level.atKey = true
    }
  }
  return null
}

function endOfText(bytes: Uint8Array, from: number): number {
  let i = from
  while (i < bytes.length && bytes[i] !== QUOTE) i += bytes[i] === BACKSLASH ? 2 : 1
  return i
}

/** A key that is being read belongs to the object, not to itself. */
function pathOf(levels: readonly Level[]): readonly string[] {
  return levels.flatMap(({ isArray, index, key, atKey }) => (isArray ? [`[${index}]`] : atKey ? [] : [key]))
}
