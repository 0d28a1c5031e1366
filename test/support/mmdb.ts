/** Writes small MaxMind-style databases (MaxMind DB file format 2.0) for tests: 24-bit records, every value in place. */
import { parsePrefix } from '../../functions/net/prefix.ts'

type Value = string | number | readonly Value[] | { readonly [key: string]: Value }

/** Control byte, or control and type byte, of a value that is shorter than 29 bytes or longer. */
function control(type: number, size: number): Buffer {
  const head = size < 29 ? size : size < 285 ? 29 : 30
  const first = type <= 7 ? [(type << 5) | head] : [head, type - 7]
  const rest = size < 29 ? [] : size < 285 ? [size - 29] : [(size - 285) >> 8, (size - 285) & 255]
  return Buffer.from([...first, ...rest])
}

function encode(value: Value): Buffer {
  if (typeof value === 'string') return Buffer.concat([control(2, Buffer.byteLength(value)), Buffer.from(value)])
  if (typeof value === 'number') {
    if (!Number.isInteger(value)) {
      const double = Buffer.alloc(8)
      double.writeDoubleBE(value)
      return Buffer.concat([control(3, 8), double])
    }
    const hex = value.toString(16)
    const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex')
    return Buffer.concat([control(bytes.length > 4 ? 9 : 6, bytes.length), bytes])
  }
  if (Array.isArray(value)) return Buffer.concat([control(11, value.length), ...value.map(encode)])
  const pairs = Object.entries(value)
  return Buffer.concat([control(7, pairs.length), ...pairs.flatMap(([key, v]) => [encode(key), encode(v)])])
}

interface Node {
  readonly children: [Node | Buffer | null, Node | Buffer | null]
  number: number
}

/**
 * @param records by prefix; of nested prefixes the longer must come later
 * @param options.built seconds since 1970
 */
export function mmdb(
  records: Readonly<Record<string, Value | Buffer>>,
  options: { readonly built: number; readonly ipVersion?: 4 | 6; readonly type?: string },
): Buffer {
  const ipVersion = options.ipVersion ?? 6
  const node = (): Node => ({ children: [null, null], number: -1 })
  const root = node()
  for (const [text, record] of Object.entries(records)) {
    const prefix = parsePrefix(text)
    if (!prefix) throw new Error(`not a prefix: ${text}`)
    const word = (i: number) => prefix.words[i] ?? 0
    const own = (i: number) => (word(i >> 5) >>> (31 - (i & 31))) & 1
    // In an IPv6 tree IPv4 addresses stand under ::/96.
    const shift = prefix.family === 4 && ipVersion === 6 ? 96 : 0
    const length = prefix.length + shift
    let at = root
    for (let bit = 0; bit < length; bit++) {
      const side = bit < shift ? 0 : own(bit - shift)
      if (bit === length - 1) at.children[side] = Buffer.isBuffer(record) ? record : encode(record)
      else {
        const child = at.children[side] ?? null
        const next = child && !Buffer.isBuffer(child) ? child : node()
        if (Buffer.isBuffer(child)) next.children.fill(child)
        at.children[side] = next
        at = next
      }
    }
  }
  const nodes: Node[] = []
  const number = (n: Node) => {
    n.number = nodes.push(n) - 1
    for (const child of n.children) if (child && !Buffer.isBuffer(child)) number(child)
  }
  number(root)
  const tree = Buffer.alloc(nodes.length * 6)
  const data: Buffer[] = []
  let dataLength = 0
  const places = new Map<Buffer, number>()
  const pointer = (child: Node | Buffer | null): number => {
    if (!child) return nodes.length
    if (!Buffer.isBuffer(child)) return child.number
    let place = places.get(child)
    if (place === undefined) {
      place = dataLength
      places.set(child, place)
      data.push(child)
      dataLength += child.length
    }
    return nodes.length + 16 + place
  }
  for (const [index, { children }] of nodes.entries())
    for (const side of [0, 1]) tree.writeUIntBE(pointer(children[side] ?? null), index * 6 + side * 3, 3)
  const metadata = {
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: options.built,
    database_type: options.type ?? 'Test-City',
    description: {},
    ip_version: ipVersion,
    languages: ['en'],
    node_count: nodes.length,
    record_size: 24,
  }
  return Buffer.concat([
    tree,
    Buffer.alloc(16),
    ...data,
    Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1'),
    encode(metadata),
  ])
}
