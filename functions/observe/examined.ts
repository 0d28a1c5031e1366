/** What was found in the flows of one observation: the same whatever the order in which they come. */
import type { Examined, Hit, Opaque } from '../model.ts'

/** Places and ways of one observation that are told apart; a device that sends its identifiers to one host uses few. */
const MOST_KINDS = 1000

const compareText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

const hitKey = ({ seed, kind, part, method, path, field, chain }: Hit) =>
  JSON.stringify([seed, kind, part, method, path, field, chain])
const opaqueKey = ({ part, method, path, field, looks }: Opaque) => JSON.stringify([part, method, path, field, looks])

/** Of two hits of one kind the excerpt that stands first, of equal ones the one that sorts first. */
const isBefore = (a: Hit, b: Hit) => a.offset - b.offset || compareText(a.excerpt, b.excerpt)

function together(a: Hit, b: Hit): Hit {
  const first = isBefore(a, b) <= 0 ? a : b
  return { ...first, count: a.count + b.count }
}

/** @param fold makes one of two of the same key */
function united<T>(lists: readonly (readonly T[])[], keyOf: (one: T) => string, fold: (a: T, b: T) => T): T[] {
  const byKey = new Map<string, T>()
  for (const list of lists)
    for (const one of list) {
      const key = keyOf(one)
      const known = byKey.get(key)
      byKey.set(key, known === undefined ? one : fold(known, one))
    }
  return [...byKey]
    .sort(([a], [b]) => compareText(a, b))
    .slice(0, MOST_KINDS)
    .map(([, one]) => one)
}

/** Brings together what was found in the flows of one observation. */
export function mergedExamined(parts: readonly Examined[]): Examined {
  const sum = (count: (part: Examined) => number) => parts.reduce((total, part) => total + count(part), 0)
  return {
    whole: sum(({ whole }) => whole),
    partly: sum(({ partly }) => partly),
    unread: sum(({ unread }) => unread),
    hits: united(
      parts.map(({ hits }) => hits),
      hitKey,
      together,
    ),
    opaque: united(
      parts.map(({ opaque }) => opaque),
      opaqueKey,
      (a, b) => ({ ...a, bytes: a.bytes + b.bytes, count: a.count + b.count }),
    ),
  }
}
