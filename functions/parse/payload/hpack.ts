/** Header compression of HTTP/2 (HPACK, RFC 7541): the decoder of one direction. */
import { latin1 } from './flow-names.ts'
import { decodeHuffman } from './huffman.ts'

type Field = readonly [name: string, value: string]

/** RFC 7541, appendix A. Of the values, only those that a request may have are filled in. */
const STATIC: readonly Field[] = (
  ':authority|:method GET|:method POST|:path /|:path /index.html|:scheme http|:scheme https|:status 200|:status 204|' +
  ':status 206|:status 304|:status 400|:status 404|:status 500|accept-charset|accept-encoding gzip, deflate|' +
  'accept-language|accept-ranges|accept|access-control-allow-origin|age|allow|authorization|cache-control|' +
  'content-disposition|content-encoding|content-language|content-length|content-location|content-range|content-type|' +
  'cookie|date|etag|expect|expires|from|host|if-match|if-modified-since|if-none-match|if-range|if-unmodified-since|' +
  'last-modified|link|location|max-forwards|proxy-authenticate|proxy-authorization|range|referer|refresh|retry-after|' +
  'server|set-cookie|strict-transport-security|transfer-encoding|user-agent|vary|via|www-authenticate'
)
  .split('|')
  .map((entry): Field => {
    const space = entry.indexOf(' ')
    return space < 0 ? [entry, ''] : [entry.slice(0, space), entry.slice(space + 1)]
  })

/** The table's size before SETTINGS say another (RFC 9113, section 6.5.2), and the most that is followed. */
const DEFAULT_SIZE = 4096
const LARGEST_SIZE = 65536

/** Decodes the header blocks of a connection, in order. */
export class HpackDecoder {
  /** Newest first. */
  #table: Field[] = []
  #size = 0
  #limit = DEFAULT_SIZE

  /** Of its table, in bytes as section 4.1 counts them. */
  get size(): number {
    return this.#size
  }

  /** @returns the fields of a whole header block; null where it is broken, after which no other can be decoded */
  decode(block: Uint8Array): Field[] | null {
    const fields: Field[] = []
    const end = block.length
    let at = 0
    /** An integer with a prefix of some bits (section 5.1); -1 where it is broken. */
    const integer = (bits: number): number => {
      const most = 2 ** bits - 1
      let value = (block[at++] ?? 0) & most
      if (value < most) return value
      for (let shift = 1; at < end; shift *= 128) {
        const byte = block[at++] ?? 0
        value += (byte & 0x7f) * shift
        if (value > 2 ** 24) return -1
        if (byte < 0x80) return value
      }
      return -1
    }
    /** A string literal (section 5.2). */
    const string = (): string | null => {
      const coded = ((block[at] ?? 0) & 0x80) !== 0
      const length = integer(7)
      if (length < 0 || at + length > end) return null
      at += length
      return coded ? decodeHuffman(block, at - length, at) : latin1(block, at - length, at)
    }
    while (at < end) {
      const first = block[at] ?? 0
      if (first >= 0x80) {
        const field = this.#at(integer(7))
        if (!field) return null
        fields.push(field)
      } else if (first >= 0x20 && first < 0x40) {
        const limit = integer(5)
        if (limit < 0 || limit > LARGEST_SIZE) return null
        this.#limit = limit
        this.#evict()
      } else {
        const indexed = first >= 0x40
        const index = integer(indexed ? 6 : 4)
        const name = index === 0 ? string() : this.#at(index)?.[0]
        const value = string()
        if (name === undefined || name === null || value === null) return null
        fields.push([name, value])
        if (indexed) this.#add([name, value])
      }
    }
    return fields
  }

  #at(index: number): Field | undefined {
    return index <= STATIC.length ? STATIC[index - 1] : this.#table[index - STATIC.length - 1]
  }

  #add(field: Field): void {
    this.#table.unshift(field)
    this.#size += sizeOf(field)
    this.#evict()
  }

  #evict(): void {
    while (this.#size > this.#limit) {
      const oldest = this.#table.pop()
      if (!oldest) return
      this.#size -= sizeOf(oldest)
    }
  }
}

/** RFC 7541, section 4.1. */
function sizeOf([name, value]: Field): number {
  return name.length + value.length + 32
}
