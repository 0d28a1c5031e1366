/**
 * Plants identifiers in every coding and container, with the encoders of Node and a few lines of its own: nothing of the program's is
 * used, so that both can disagree.
 */
import { createHash } from 'node:crypto'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import type { Content } from '../../functions/model.ts'

type Encode = (value: Buffer) => Buffer

const base64 = (value: Buffer) => value.toString('base64')
const text = (value: string) => Buffer.from(value)

function base32(value: Buffer): string {
  const bits = [...value].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  const groups = bits.match(/.{1,5}/g) ?? []
  const letters = groups.map((group) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[Number.parseInt(group.padEnd(5, '0'), 2)])
  return letters.join('').padEnd(Math.ceil(letters.length / 8) * 8, '=')
}

const percented = (value: Buffer) => [...value].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
const hash = (name: string, value: Buffer, salt = '') => createHash(name).update(salt).update(value).digest()

/** What stands between in clear keeps the value from being the whole of what is encoded, at each alignment. */
const at = (before: number, value: Buffer) =>
  Buffer.concat([text('{id='.slice(0, 1 + before)), text('='), value, text(';t=1}')])

/** Codings of a value by the chain that a hit must end with. */
export const encodings: Readonly<Record<string, readonly [chain: readonly string[], encode: Encode]>> = {
  clear: [[], (v) => v],
  percent: [['url'], (v) => text(percented(v))],
  'percent twice': [['url', 'url'], (v) => text(encodeURIComponent(percented(v)))],
  base64: [['base64'], (v) => text(base64(v))],
  'base64, unpadded and URL-safe': [['base64'], (v) => text(v.toString('base64url'))],
  'base64, first alignment': [['base64'], (v) => text(base64(at(0, v)))],
  'base64, second alignment': [['base64'], (v) => text(base64(at(1, v)))],
  'base64, third alignment': [['base64'], (v) => text(base64(at(2, v)))],
  'base64 twice': [['base64', 'base64'], (v) => text(base64(text(base64(at(1, v)))))],
  'base64 thrice': [['base64', 'base64', 'base64'], (v) => text(base64(text(base64(text(base64(at(1, v)))))))],
  'base64 in percent': [['base64'], (v) => text(encodeURIComponent(base64(at(2, v))))],
  hex: [['hex'], (v) => text(v.toString('hex'))],
  'hex in capitals': [['hex'], (v) => text(v.toString('hex').toUpperCase())],
  base32: [['base32'], (v) => text(base32(v))],
  'base32 inside': [['base32'], (v) => text(base32(at(1, v)))],
  'JSON escapes': [
    ['json'],
    (v) => text(v.toString().replace(/[\s\S]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)),
  ],
  'HTML escapes': [['html'], (v) => text([...v.toString()].map((c) => `&#${c.codePointAt(0)};`).join(''))],
  reversed: [['reversed'], (v) => text([...v.toString()].reverse().join(''))],
  'UTF-16': [['utf-16le'], (v) => Buffer.from(v.toString(), 'utf16le')],
  md5: [['md5-hex'], (v) => text(hash('md5', v).toString('hex'))],
  'sha1 in capitals': [['sha1-hex'], (v) => text(hash('sha1', v).toString('hex').toUpperCase())],
  sha256: [['sha256-hex'], (v) => text(hash('sha256', v).toString('hex'))],
  'sha256 in base64': [['base64', 'sha256'], (v) => text(base64(hash('sha256', v)))],
  'md5 raw': [['md5'], (v) => hash('md5', v)],
  'salted sha256': [['salted-sha256-hex'], (v) => text(hash('sha256', v, 'pepper:').toString('hex'))],
  'gzip in base64': [['base64', 'gzip'], (v) => text(base64(gzipSync(at(1, v))))],
  'zlib in hex': [['hex', 'deflate'], (v) => text(deflateSync(at(1, v)).toString('hex'))],
}

type Place = Partial<Content> & { readonly bytes: Buffer }

/** Protocol buffers, one field of the length-delimited kind. */
function field(number: number, value: Buffer): Buffer {
  const length: number[] = []
  for (let rest = value.length; rest > 0; rest >>>= 7) length.push((rest & 127) | (rest > 127 ? 128 : 0))
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...length]), value])
}

/** A value as a text of JSON, whose escapes of its own stay as they are. */
const quoted = (value: Buffer) =>
  Buffer.concat([
    text('"'),
    value.includes(0x5c) ? value : text(JSON.stringify(value.toString()).slice(1, -1)),
    text('"'),
  ])
const json = (value: Buffer) => Buffer.concat([text('{"v":2,"device":{"list":["a",'), quoted(value), text(']}}')])
const plus = (value: Buffer) => text(new URLSearchParams({ app: 'x', 'device[id]': value.toString() }).toString())

/** Containers, with the path of the field that a hit must name. A container of text takes no raw bytes. */
export const containers: Readonly<
  Record<string, { readonly binary: boolean; readonly field: string | null; readonly put: (value: Buffer) => Place }>
> = {
  plain: { binary: true, field: null, put: (v) => ({ bytes: v, part: 'stream' }) },
  header: { binary: false, field: 'x-device', put: (v) => ({ bytes: v, part: 'header', field: 'x-device' }) },
  query: {
    binary: false,
    field: 'id',
    put: (v) => ({ bytes: text(`/v1/up?n=1&id=${encodeURIComponent(v.toString())}&z=9`), part: 'url' }),
  },
  form: {
    binary: false,
    field: 'device[id]',
    put: (v) => ({ bytes: plus(v), mediaType: 'application/x-www-form-urlencoded' }),
  },
  json: { binary: false, field: 'device.list[1]', put: (v) => ({ bytes: json(v), mediaType: 'application/json' }) },
  'JSON in JSON': {
    binary: false,
    field: 'data.device.list[1]',
    put: (v) => ({ bytes: text(JSON.stringify({ a: 1, data: json(v).toString() })) }),
  },
  gzip: { binary: true, field: null, put: (v) => ({ bytes: gzipSync(v), codings: ['gzip'] }) },
  deflate: { binary: true, field: null, put: (v) => ({ bytes: deflateRawSync(v), codings: ['deflate'] }) },
  'JSON in brotli': {
    binary: false,
    field: 'device.list[1]',
    put: (v) => ({ bytes: brotliCompressSync(json(v)), codings: ['br'] }),
  },
  multipart: {
    binary: true,
    field: 'file',
    put: (v) => ({
      bytes: Buffer.concat([
        text('--b1\r\ncontent-disposition: form-data; name="file"\r\n\r\n'),
        v,
        text('\r\n--b1--\r\n'),
      ]),
      mediaType: 'multipart/form-data; boundary=b1',
    }),
  },
  protobuf: {
    binary: true,
    field: '3.2',
    put: (v) => ({
      bytes: Buffer.concat([Buffer.from([8, 150, 1]), field(3, Buffer.concat([field(1, text('phone')), field(2, v)]))]),
      mediaType: 'application/x-protobuf',
    }),
  },
}
