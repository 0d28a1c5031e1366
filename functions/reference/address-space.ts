/** How much of the addresses that one table covers another one does not. */
import type { PrefixTable } from '../net/prefix.ts'

type Table = PrefixTable<{ readonly prefix: { readonly words: readonly number[]; readonly length: number } }>

/** Disjoint spans in ascending order, `[from, until)`. */
type Spans = readonly (readonly [from: number, until: number])[]

/**
 * The spans that a family's prefixes cover: of IPv4 in addresses, of IPv6 in blocks of 48 bits, the smallest that is
 * announced, so that numbers stay exact; a longer prefix counts as its block.
 */
function spansOf(table: Table, family: 4 | 6): Spans {
  const bits = family === 4 ? 32 : 48
  const spans: [number, number][] = []
  for (const { prefix } of table.values(family)) {
    const [w0 = 0, w1 = 0] = prefix.words
    const from = family === 4 ? w0 : w0 * 2 ** 16 + (w1 >>> 16)
    const until = from + 2 ** Math.max(0, bits - prefix.length)
    const last = spans.at(-1)
    // By start they are in order, so that one can only lie in the span before, or begin at or after its end.
    if (last && from <= last[1]) last[1] = Math.max(last[1], until)
    else spans.push([from, until])
  }
  return spans
}

const sizeOf = (spans: Spans) => spans.reduce((sum, [from, until]) => sum + until - from, 0)

/** Size of what two lists of spans have in common. */
function overlapOf(one: Spans, other: Spans): number {
  let overlap = 0
  let i = 0
  for (const [from, until] of one) {
    for (; i < other.length; i++) {
      const [start, end] = other[i] ?? [0, 0]
      if (start >= until) break
      overlap += Math.max(0, Math.min(until, end) - Math.max(from, start))
      // It may reach into the next span of `one`.
      if (end > until) break
    }
  }
  return overlap
}

/**
 * The share of a family's addresses in `before` that are not in `after`.
 *
 * @returns 0 to 1; 0 where there were none
 */
export function lostShare(before: Table, after: Table, family: 4 | 6): number {
  const old = spansOf(before, family)
  const all = sizeOf(old)
  return all === 0 ? 0 : 1 - overlapOf(old, spansOf(after, family)) / all
}

/**
 * What two tables have in common of a family's addresses, as a share of the smaller one: lists grow, and an old one is then a
 * part of the new one.
 *
 * @returns 0 to 1; null where one of them has none
 */
export function commonShare(one: Table, other: Table, family: 4 | 6): number | null {
  const [spans, others] = [spansOf(one, family), spansOf(other, family)]
  const smaller = Math.min(sizeOf(spans), sizeOf(others))
  return smaller === 0 ? null : overlapOf(spans, others) / smaller
}
