import { createCipheriv, createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { Conversation, hex, join, sized16, text, u16 } from './conversation.ts'
import { helloBody, helloMessage } from './hello.ts'

/** What RFC 9001, appendix A.1, and RFC 9369, appendix A.1, derive for the connection id 8394c8f03e515708. */
const keys = {
  v1: {
    version: '00000001',
    key: '1f369613dd76d5467730efcbe3b1a22d',
    iv: 'fa044b2f42a3fd3b46fb255c',
    hp: '9f50449e04a0e810283a1e9933adedd2',
    type: 0xc0,
  },
  v2: {
    version: '6b3343cf',
    key: '8b1a0bc121284290a29e0971b5cd045d',
    iv: '91f73e2351d8fa91660e909f',
    hp: '45b95e15235d6f45a6b19cbcb0294ba9',
    type: 0xd0,
  },
} as const

interface InitialSecret {
  readonly version: string
  readonly key: string
  readonly iv: string
  readonly hp: string
  readonly type: number
}

const SALTS: Readonly<Record<string, string>> = {
  '00000001': '38762cf7f55934b34d179ae6a4c80cadccbb7f0a',
  ff00001b: 'c3eef712c72ebb5a11a7d2432bb46365bef9f502',
  ff00001d: 'afbfec289993d24c9e9786f19c6111e04390a899',
  ff000020: 'afbfec289993d24c9e9786f19c6111e04390a899',
  faceb002: 'c3eef712c72ebb5a11a7d2432bb46365bef9f502',
}

/** What RFC 9001, section 5.2, derives for a connection id, and the drafts before it with other salts. */
function derived(version: string, id: string): InitialSecret {
  const hmac = (key: Uint8Array, data: Uint8Array) => hex(createHmac('sha256', key).update(data).digest('hex'))
  const expand = (secret: Uint8Array, label: string, length: number) =>
    hmac(secret, join(u16(length), sized8(text(`tls13 ${label}`)), 0, 1)).subarray(0, length)
  const client = expand(hmac(hex(SALTS[version] ?? ''), hex(id)), 'client in', 32)
  const of = (label: string, length: number) => Buffer.from(expand(client, label, length)).toString('hex')
  return { version, key: of('quic key', 16), iv: of('quic iv', 12), hp: of('quic hp', 16), type: 0xc0 }
}

/** A protected Initial packet (RFC 9001, section 5). */
function initial(
  by: keyof typeof keys | InitialSecret,
  number: number,
  frames: Uint8Array,
  id = '8394c8f03e515708',
): Uint8Array {
  const secret = typeof by === 'string' ? keys[by] : by
  const body = join(frames, new Uint8Array(Math.max(0, 40 - frames.length)))
  const before = join(secret.type | 1, hex(secret.version), sized8(hex(id)), sized8(hex('0a0b')), 0)
  const header = join(before, u16(0x4000 | (2 + body.length + 16)), u16(number))
  const nonce = hex(secret.iv)
  nonce[11] = (nonce[11] ?? 0) ^ number
  const cipher = createCipheriv('aes-128-gcm', hex(secret.key), nonce)
  cipher.setAAD(header)
  const sealed = join(cipher.update(body), cipher.final(), cipher.getAuthTag())
  const ecb = createCipheriv('aes-128-ecb', hex(secret.hp), null)
  const mask = ecb.update(sealed.subarray(2, 18))
  const packet = join(header, sealed)
  packet[0] = (packet[0] ?? 0) ^ ((mask[0] ?? 0) & 15)
  for (const i of [0, 1]) packet[header.length - 2 + i] = (packet[header.length - 2 + i] ?? 0) ^ (mask[1 + i] ?? 0)
  return packet
}
const sized8 = (bytes: Uint8Array) => join(bytes.length, bytes)
const crypto = (message: Uint8Array, from: number, to: number) =>
  join(6, u16(0x4000 | from), u16(0x4000 | (to - from)), message.subarray(from, to))
const quic = () => new Conversation({ protocol: 17 })

describe('QUIC', () => {
  const message = helloMessage({ name: 'quic.example', padding: 900 })
  const half = 500

  it.each(['v1', 'v2'] as const)('finds the server name in the Initial packets of %s, in any order', (version) => {
    const first = initial(version, 0, join([2, 0, 0, 0, 0], crypto(message, 0, half)))
    const second = initial(version, 1, join(0, 1, crypto(message, half, message.length)))
    expect(quic().datagram('a', first).datagram('a', second).close()).toEqual(['quic-sni:quic.example'])
    expect(quic().datagram('b', second).datagram('b', first).close()).toEqual(['quic-sni:quic.example'])
    expect(quic().datagram('a', join(first, second)).close()).toEqual(['quic-sni:quic.example'])
  })

  it('goes on with the same keys where the client writes to another connection id', () => {
    const first = initial('v1', 0, crypto(message, 0, half))
    const second = initial('v1', 1, crypto(message, half, message.length), '1122334455667788')
    expect(quic().datagram('a', first).datagram('a', second).close()).toEqual(['quic-sni:quic.example'])
  })

  it('begins anew with the keys of the connection id that a Retry gave', () => {
    const retry = join(0xf0, hex('00000001'), 0, sized8(hex('1122334455667788')), new Uint8Array(32))
    const asked = initial('v1', 0, crypto(message, 0, half))
    const again = (number: number, from: number, to: number) =>
      initial(derived('00000001', '1122334455667788'), number, crypto(message, from, to), '1122334455667788')
    const talk = quic().datagram('a', asked).datagram('b', retry)
    talk.datagram('a', again(1, half, message.length)).datagram('a', again(2, 0, half))
    expect(talk.close()).toEqual(['quic-sni:quic.example'])
  })

  it('passes over what comes before: 0-RTT, packets of the server, what cannot be opened', () => {
    const first = initial('v1', 0, crypto(message, 0, half))
    const second = initial('v1', 1, crypto(message, half, message.length))
    const early = join(0xd0, hex('00000001'), sized8(hex('8394c8f03e515708')), sized8(hex('0a0b')), 0x40, 64)
    const zeroRtt = join(early, new Uint8Array(64).fill(0x5a))
    const garbled = first.slice()
    garbled[100] = (garbled[100] ?? 0) ^ 1
    expect(quic().datagram('a', join(zeroRtt, first)).datagram('a', join(second, zeroRtt)).close()).toEqual([
      'quic-sni:quic.example',
    ])
    const talk = quic().datagram('a', zeroRtt).datagram('a', garbled).datagram('b', garbled)
    expect(talk.datagram('a', second).datagram('a', first).close()).toEqual(['quic-sni:quic.example'])
  })

  it('finds the name in a hello that is scattered over frames and packets, as Chrome scatters it', () => {
    const pieces = Array.from({ length: Math.ceil(message.length / 37) }, (_, i) =>
      crypto(message, i * 37, Math.min(message.length, (i + 1) * 37)),
    )
    const shuffled = [...pieces.filter((_, i) => i % 3 === 2), ...pieces.filter((_, i) => i % 3 !== 2).reverse()]
    const [one, two] = [shuffled.slice(0, 9), shuffled.slice(9)]
    const packets = [one, two].map((frames, i) => initial('v1', i, join(...frames.map((frame) => join(frame, 0, 1)))))
    for (const [a = join(), b = join()] of [packets, [...packets].reverse()])
      expect(quic().datagram('a', a).datagram('a', b).close()).toEqual(['quic-sni:quic.example'])
  })

  it.each(['ff00001d', 'ff000020', 'ff00001b', 'faceb002'])('knows the keys of the draft %s', (version) => {
    const packet = initial(derived(version, '8394c8f03e515708'), 0, crypto(message, 0, message.length))
    expect(quic().datagram('a', packet).close()).toEqual(['quic-sni:quic.example'])
  })

  it('says so where the name stays hidden', () => {
    const talk = quic().datagram('a', initial('v1', 0, crypto(message, 0, half)))
    expect(talk.close()).toEqual([])
    expect(talk.flow.hidden).toBe('quic')
    const nameless = quic().datagram('a', initial('v1', 0, crypto(helloMessage({}), 0, helloMessage({}).length)))
    expect(nameless.close()).toEqual([])
    expect(nameless.flow.hidden).toBe('quic')
    const unknown = quic().datagram('a', hex('c0 ff0000 63 08 0102030405060708 00 00 4004 01020304'))
    unknown.close()
    expect(unknown.flow.hidden).toBe('quic')
  })

  it('keeps the outer name of an encrypted hello', () => {
    const ech = helloMessage({ name: 'front.example', ech: true })
    const talk = quic().datagram('a', initial('v1', 0, crypto(ech, 0, ech.length)))
    expect(talk.close()).toEqual(['quic-sni:front.example'])
    expect(talk.flow.hidden).toBe('tls-ech')
  })

  it("finds the name in the hello of Google's QUIC", () => {
    const le32 = (n: number) => [n & 255, n >> 8, 0, 0]
    const chlo = join(
      text('CHLO'),
      [2, 0, 0, 0],
      text('PAD\0'),
      le32(3),
      text('SNI\0'),
      le32(3 + 9),
      text('xxxg.example'),
    )
    const q043 = join(0x09, new Uint8Array(8), text('Q043'), 1, new Uint8Array(12), 0xa0, 1, u16(chlo.length), chlo)
    expect(quic().datagram('a', q043).close()).toEqual(['quic-sni:g.example'])
    const q046 = join(
      0xc3,
      text('Q046'),
      0x50,
      new Uint8Array(8),
      [0, 0, 0, 1],
      new Uint8Array(12),
      0xa0,
      1,
      u16(chlo.length),
      chlo,
    )
    expect(quic().datagram('a', q046).close()).toEqual(['quic-sni:g.example'])
  })
})

describe('DTLS', () => {
  const body = helloBody({ name: 'dtls.example', cookie: hex('01020304'), padding: 200 })
  const u24 = (n: number) => [n >> 16, ...u16(n & 0xffff)]
  const fragment = (from: number, to: number) =>
    join(
      [22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0],
      sized16(1, u24(body.length), u16(1), u24(from), u24(to - from), body.subarray(from, to)),
    )

  it('finds the server name in a hello, whole or in fragments that overlap and come in any order', () => {
    const whole = new Conversation({ protocol: 17 }).datagram('a', fragment(0, body.length))
    expect(whole.close()).toEqual(['tls-sni:dtls.example'])
    const parts = new Conversation({ protocol: 17 })
    parts.datagram('a', fragment(150, body.length)).datagram('a', fragment(0, 90)).datagram('a', fragment(80, 160))
    expect(parts.close()).toEqual(['tls-sni:dtls.example'])
  })

  it('finds none where a fragment is missing', () => {
    expect(new Conversation({ protocol: 17 }).datagram('a', fragment(0, 90)).close()).toEqual([])
  })
})

it('a UDP flow in which nothing is recognised is soon no longer watched', () => {
  const talk = new Conversation({ protocol: 17, portB: 9999 })
  for (let i = 0; i < 20; i++) talk.datagram('a', hex('40 11 22 33 44'))
  expect(talk.flow.watch).toBe(false)
})
