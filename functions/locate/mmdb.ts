/**
 * MaxMind-style databases (MaxMind DB file format 2.0): a binary tree over the bits of an address, and records. The tree is
 * walked here over the address's words, and the records are read from where it leads; `mmdb-lib` reads the metadata.
 */
import { Reader } from 'maxmind'
import { SnapshotError } from '../errors.ts'
import type { Micros } from '../model.ts'
import type { Address } from '../net/address.ts'
import { RecordReader, type RecordValue } from './mmdb-record.ts'

/** 10000-01-01, in seconds: later dates have no four-digit year, and a database says none of them. */
const END_OF_DATES = 253402300800

/** Bytes of zeros between the tree and the records. */
const separatorBytes = 16

export interface Leaf {
  /** Where the record is, as the tree points to it; the same record has the same number. */
  readonly record: number
  /** Bits of the address that lead here, as the database counts them for the address's own family. */
  readonly length: number
}

export class Mmdb {
  readonly built: Micros
  /** Such as `GeoLite2-City`; written by whoever made the file. */
  readonly type: string
  /** 4: only IPv4; 6: IPv6, and IPv4 as ::/96. */
  readonly ipVersion: 4 | 6
  readonly nodeCount: number
  readonly #bytes: Buffer
  readonly #source: string
  readonly #nodeBytes: number
  /** The node under which IPv4 addresses begin, and 0 where it is a leaf already. */
  readonly #ipv4Root: number
  /**
   * What the first 16 bits of an IPv4 address lead to, by those bits: a node, or the leaf that ends the walk before them, and how
   * many bits lead there. Most of a walk's time is waiting for memory, and this spares most steps. An octet's part is filled when
   * the first address of it is asked for: going through the tree in its order is faster than a walk for each.
   */
  readonly #after16 = new Uint32Array(1 << 16)
  readonly #bits16 = new Uint8Array(1 << 16)
  readonly #filledOctets = new Uint8Array(256)
  /** Bits of the address that was looked up last, down to its leaf. */
  #walked = 0
  readonly #records: RecordReader
  /** What is added to the number of a record for its place in the file. */
  readonly #recordOffset: number

  /** @throws SnapshotError where the file is not a database whose tree can be walked */
  constructor(bytes: Buffer, source: string) {
    const refuse = (what: string, cause?: unknown) =>
      new SnapshotError(source, `opening it as a MaxMind-style database: ${what}`, cause === undefined ? {} : { cause })
    this.#bytes = bytes
    this.#source = source
    const { buildEpoch, databaseType, ipVersion, nodeCount, recordSize, searchTreeSize } = metadataOf(bytes, refuse)
    const built = buildEpoch instanceof Date ? buildEpoch.getTime() : Number.NaN
    if (!(built > 0 && built < END_OF_DATES * 1000))
      throw refuse('it does not say when it was built, or no time that can be (build_epoch)')
    if (ipVersion !== 4 && ipVersion !== 6) throw refuse(`its IP version is ${String(ipVersion)}, not 4 or 6`)
    if (!Number.isSafeInteger(nodeCount) || nodeCount < 1) throw refuse('its search tree is empty')
    if (searchTreeSize + separatorBytes > bytes.length)
      throw refuse(
        `its search tree should be ${searchTreeSize} bytes long, but the whole file has ${bytes.length}: it is cut off, download it again`,
      )
    this.built = built * 1000
    this.type = typeof databaseType === 'string' ? databaseType : ''
    this.ipVersion = ipVersion
    this.nodeCount = nodeCount
    this.#nodeBytes = recordSize / 4
    this.#recordOffset = searchTreeSize - nodeCount
    this.#records = new RecordReader(bytes, searchTreeSize + separatorBytes)
    let root = 0
    if (ipVersion === 6) for (let bit = 0; bit < 96 && root < nodeCount; bit++) root = this.child(root, 0)
    this.#ipv4Root = root
  }

  /** The left (0) or right (1) child of a node: a node, `nodeCount` for nothing, or the number of a record. */
  child(node: number, side: number): number {
    const bytes = this.#bytes
    const size = this.#nodeBytes
    const at = node * size + (size === 6 ? 3 * side : 4 * side)
    const three = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0)
    if (size === 6) return three
    if (size === 8) return three * 256 + (bytes[at + 3] ?? 0)
    // Records of 28 bits share the node's middle byte: its upper half belongs to the left one.
    const middle = bytes[node * size + 3] ?? 0
    return (side === 0 ? middle >>> 4 : middle & 15) * 0x1000000 + three
  }

  /** @returns null where the database has nothing on the address */
  find(address: Address): Leaf | null {
    const record = this.recordOf(address)
    return record === 0 ? null : { record, length: this.#walked }
  }

  /** The record of an address, as a {@link Leaf} names it; 0 where the database has nothing on it. Does not allocate. */
  recordOf({ family, words }: Address): number {
    if (family === 6 && this.ipVersion === 4) return 0
    return family === 4 ? this.#ipv4RecordOf(words[0]) : this.#ipv6RecordOf(words)
  }

  #ipv4RecordOf(word: number): number {
    const octet = word >>> 24
    if (this.#filledOctets[octet] === 0) {
      const node = this.#walk(this.#ipv4Root, word, 0, 8)
      this.#fill(node, octet << 8, this.#walked, 8)
      this.#filledOctets[octet] = 1
    }
    const half = word >>> 16
    this.#walked = this.#bits16[half] ?? 0
    const after16 = this.#after16[half] ?? 0
    const node = this.#walked < 16 ? after16 : this.#walk(after16, word, 16, 32)
    return node > this.nodeCount ? node : 0
  }

  /**
   * @param node what the bits before lead to
   * @param half the first of the 16 bits that begin so
   * @param bits how many lead to the node; fewer than those before where it is a leaf
   * @param before how many of the 16 are fixed
   */
  #fill(node: number, half: number, bits: number, before: number): void {
    if (before < 16 && node < this.nodeCount) {
      this.#fill(this.child(node, 0), half, before + 1, before + 1)
      this.#fill(this.child(node, 1), half | (1 << (15 - before)), before + 1, before + 1)
      return
    }
    const end = half + (1 << (16 - before))
    this.#after16.fill(node, half, end)
    this.#bits16.fill(bits, half, end)
  }

  #ipv6RecordOf(words: Address['words']): number {
    let node = 0
    for (let i = 0; i < 4 && node < this.nodeCount; i++) node = this.#walk(node, words[i] ?? 0, 32 * i, 32 * i + 32)
    return node > this.nodeCount ? node : 0
  }

  /** Goes down by some bits of an address, in their word, or to the leaf before their end. */
  #walk(from: number, word: number, first: number, end: number): number {
    let node = from
    let bit = first
    while (bit < end && node < this.nodeCount) node = this.child(node, (word >>> (31 - (bit++ & 31))) & 1)
    this.#walked = bit
    return node
  }

  /**
   * @param record as a {@link Leaf} names it
   * @throws SnapshotError where it cannot be decoded
   */
  decode(record: number): RecordValue {
    const at = this.#recordOffset + record
    try {
      return this.#records.read(at)
    } catch (cause) {
      const why = `the file is damaged (the record at byte ${at}: ${detailOf(cause)}): download it again`
      throw new SnapshotError(this.#source, why, { cause })
    }
  }
}

function metadataOf(bytes: Buffer, refuse: (what: string, cause: unknown) => SnapshotError) {
  try {
    return new Reader<never>(bytes).metadata
  } catch (cause) {
    // What the reader says is of its own insides.
    throw refuse('the file is damaged (its metadata cannot be read): download it again, if it is a .mmdb file', cause)
  }
}

/** What opens the metadata, which is the last thing in the file (MaxMind DB file format, "Database Metadata"). */
const marker = Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1')

/** The metadata stands within so many bytes of the end. */
export const metadataBytes = 128 * 1024

/**
 * When a database was built and which addresses it has, from the end of its file alone, so that it need not be loaded before
 * somebody asks for an address of its family.
 *
 * @param tail the file's last {@link metadataBytes} bytes, or all of it
 * @returns null where they are not written plainly; opening the database then tells
 */
export function peekMetadata(tail: Buffer): { readonly built: Micros; readonly ipVersion: 4 | 6 } | null {
  const start = tail.lastIndexOf(marker)
  if (start < 0) return null
  const metadata = tail.subarray(start + marker.length)
  const built = unsignedOf(metadata, 'build_epoch')
  const ipVersion = unsignedOf(metadata, 'ip_version')
  if (built === null || built <= 0 || built >= END_OF_DATES || (ipVersion !== 4 && ipVersion !== 6)) return null
  return { built: built * 1e6, ipVersion }
}

/** The unsigned integer (type 5, 6 or 9) that follows a key in a map. */
function unsignedOf(map: Buffer, key: string): number | null {
  const at = map.indexOf(key, 0, 'latin1')
  if (at < 0) return null
  const control = at + key.length
  const size = (map[control] ?? 0) & 31
  // A type above 7 stands in the byte after, less 7.
  const type = (map[control] ?? 0) >>> 5 || (map[control + 1] ?? 0) + 7
  const from = type === 9 ? control + 2 : control + 1
  if (![5, 6, 9].includes(type) || size < 1 || size > 6 || from + size > map.length) return null
  return map.readUIntBE(from, size)
}

/** What is wrong with a record, for a person: the reader's own words, and of other errors none. */
function detailOf(error: unknown): string {
  const says = error instanceof RangeError ? error.message : ''
  return says === '' || /call stack/.test(says) ? 'it cannot be decoded' : says.slice(0, 120)
}
