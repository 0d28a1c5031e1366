/** Words that a field can hold, told apart by their bytes: no text is made of what stands in every event. */
export class Words<W extends string> {
  readonly #words: readonly { readonly word: W; readonly bytes: Uint8Array }[]

  constructor(...words: readonly W[]) {
    const encoder = new TextEncoder()
    this.#words = words.map((word) => ({ word, bytes: encoder.encode(word) }))
  }

  /** The word that stands from `from` up to `end`; null where it is another. */
  read(bytes: Uint8Array, from: number, end: number): W | null {
    const length = end - from
    for (const known of this.#words) {
      if (known.bytes.length !== length) continue
      let same = 0
      while (same < length && bytes[from + same] === known.bytes[same]) same++
      if (same === length) return known.word
    }
    return null
  }
}
