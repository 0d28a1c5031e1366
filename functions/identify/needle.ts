/** What is searched for: the bytes of an identifier in one spelling and coding, and what must stand beside them. */
import type { Seed } from '../model.ts'

/** Codings of which a part can be recognized anywhere in a longer value. */
export type TextCoding = 'base64' | 'hex' | 'base32'

/**
 * What must not touch a needle, lest a part of something longer pass for it. `word`: letters or digits; `address`: nor what goes on in
 * an e-mail address; `hex`: hexadecimal digits; `varint`: a byte before that goes on into it; `value`: anything but what delimits a
 * field's value; `none`: nothing, the bytes are too many to be there by chance.
 */
export type Flank = 'word' | 'address' | 'hex' | 'varint' | 'value' | 'none'

interface Searched {
  readonly seed: Seed
  readonly bytes: Uint8Array
  /** ASCII letters match in both cases, and a blank matches the plus of a form. */
  readonly folds: boolean
}

/** The identifier itself. */
export interface Spelling extends Searched {
  readonly is: 'spelling'
  readonly chain: readonly string[]
  readonly flank: Flank
  /** Bytes a character: 2 in UTF-16. */
  readonly unit: 1 | 2
}

/** The inner part of an encoded identifier: where it stands, decoding must begin so that groups begin at `phase`. */
export interface Trace extends Searched {
  readonly is: 'trace'
  readonly coding: TextCoding
  /** The needle's first character stands so many characters after the beginning of a group. */
  readonly phase: number
}

/** The first digits of a latitude; the rest and the longitude are read where it stands. */
export interface Latitude extends Searched {
  readonly is: 'latitude'
}

export type Needle = Spelling | Trace | Latitude

/** Characters of a group of each coding. */
export const GROUP: Readonly<Record<TextCoding, number>> = { base64: 4, hex: 2, base32: 8 }

/** Lower case of an ASCII letter, and every other byte as it is. */
export const lower = (byte: number): number => (byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte)

/** Whether the needle's bytes stand at a place, without regard to what stands beside them. */
export function standsAt(needle: Needle, bytes: Uint8Array, at: number): boolean {
  const sought = needle.bytes
  if (at < 0 || at + sought.length > bytes.length) return false
  for (let i = 0; i < sought.length; i++) {
    const want = sought[i] as number
    const is = bytes[at + i] as number
    if (want === is) continue
    if (!needle.folds || !(lower(want) === lower(is) || (want === 0x20 && is === 0x2b))) return false
  }
  return true
}
