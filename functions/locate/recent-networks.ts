/**
 * What was found out lately, by the network of which it holds. Every network has one slot, which the next that falls on it takes
 * over: neighbours share one answer, and for an address whose network nobody asks about again this costs next to nothing.
 */
import type { Prefix } from '../net/prefix.ts'

export class RecentNetworks<Value> {
  readonly #held = new Map<number, { readonly network: Prefix; readonly value: Value }>()

  get(network: Prefix): Value | undefined {
    const held = this.#held.get(slotOf(network))
    return held && isSame(held.network, network) ? held.value : undefined
  }

  set(network: Prefix, value: Value): void {
    this.#held.set(slotOf(network), { network, value })
  }

  clear(): void {
    this.#held.clear()
  }
}

/**
 * One of 256 slots: the upper bits of a product with 2^32 divided by the golden ratio, which spreads neighbours (Knuth, The Art of
 * Computer Programming, 6.4). Few, because what is held long enough to be taken for lasting is collected late: eight times as many
 * slots cost 150 MB where each address is of another network.
 */
function slotOf({ words, length }: Prefix): number {
  const mixed = words[0] ^ Math.imul(words[1], 31) ^ Math.imul(words[2], 961) ^ Math.imul(words[3], 29_791) ^ length
  return Math.imul(mixed, 0x9e3779b1) >>> 24
}

function isSame(one: Prefix, other: Prefix): boolean {
  return (
    one.family === other.family &&
    one.length === other.length &&
    one.words[0] === other.words[0] &&
    one.words[1] === other.words[1] &&
    one.words[2] === other.words[2] &&
    one.words[3] === other.words[3]
  )
}
