/** Writes the clear part of TLS 1.0 to 1.2: records, hellos and what follows them (RFC 2246, RFC 5246, RFC 6066). */
import { Buffer } from 'node:buffer'

export const Version = { tls10: 0x0301, tls11: 0x0302, tls12: 0x0303 } as const
const ContentType = { changeCipherSpec: 20, handshake: 22, applicationData: 23 } as const

/**
 * What Android 4.3 offered by default, in its order of preference: RC4 first, and the signal that renegotiation is
 * understood (RFC 5746) last.
 */
export const android43CipherSuites: readonly number[] = [
  0x0004, 0x0005, 0x002f, 0x0035, 0xc002, 0xc004, 0xc005, 0xc00c, 0xc00e, 0xc00f, 0xc007, 0xc009, 0xc00a, 0xc011,
  0xc013, 0xc014, 0x0033, 0x0039, 0x0032, 0x0038, 0x000a, 0xc003, 0xc00d, 0xc008, 0xc012, 0x0016, 0x0013, 0x0009,
  0x0015, 0x0012, 0x0003, 0x0008, 0x0014, 0x0011, 0x00ff,
]

/** The curves that OpenSSL 1.0.1 offered, which Android 4.3 carries. */
const openssl101Curves: readonly number[] = [
  14, 13, 25, 11, 12, 24, 9, 10, 22, 23, 8, 6, 7, 20, 21, 4, 5, 18, 19, 1, 2, 3, 15, 16, 17,
]

const u8 = (value: number) => Buffer.from([value])
const u16 = (value: number) => Buffer.from([value >>> 8, value & 255])
const u24 = (value: number) => Buffer.from([value >>> 16, (value >>> 8) & 255, value & 255])
const list16 = (values: readonly number[]) => Buffer.concat(values.map(u16))

/** One record (RFC 5246, 6.2.1): a type, a version, and at most 2^14 octets. */
function record(type: number, version: number, fragment: Uint8Array): Buffer {
  return Buffer.concat([u8(type), u16(version), u16(fragment.length), fragment])
}

const handshake = (type: number, body: Uint8Array) => Buffer.concat([u8(type), u24(body.length), body])
const extension = (type: number, body: Uint8Array) => Buffer.concat([u16(type), u16(body.length), body])

/** The server_name extension (RFC 6066, section 3) with one host_name. */
function serverName(host: string): Buffer {
  const name = Buffer.from(host, 'latin1')
  const entry = Buffer.concat([u8(0), u16(name.length), name])
  return extension(0, Buffer.concat([u16(entry.length), entry]))
}

/** A ClientHello in its record. `host` null leaves the server_name extension out. */
export function clientHello(hello: {
  readonly host: string | null
  /** 32 octets. */
  readonly random: Uint8Array
  /** At most 32 octets; not empty where a session is to be resumed. */
  readonly sessionId?: Uint8Array
  /** Offered version; the record carries TLS 1.0 where this is higher, as clients do (RFC 5246, appendix E.1). */
  readonly version?: number
  readonly cipherSuites?: readonly number[]
}): Buffer {
  const version = hello.version ?? Version.tls10
  const suites = list16(hello.cipherSuites ?? android43CipherSuites)
  const sessionId = hello.sessionId ?? Buffer.alloc(0)
  const curves = list16(openssl101Curves)
  const extensions = Buffer.concat([
    ...(hello.host === null ? [] : [serverName(hello.host)]),
    extension(11, Buffer.from([3, 0, 1, 2])),
    extension(10, Buffer.concat([u16(curves.length), curves])),
    extension(35, Buffer.alloc(0)),
  ])
  const body = Buffer.concat([
    u16(version),
    hello.random,
    u8(sessionId.length),
    sessionId,
    u16(suites.length),
    suites,
    Buffer.from([1, 0]),
    u16(extensions.length),
    extensions,
  ])
  return record(ContentType.handshake, Math.min(version, Version.tls10), handshake(1, body))
}

/**
 * The server's first flight where it resumes the session (RFC 5246, 7.3): ServerHello, ChangeCipherSpec and an encrypted
 * Finished. No certificate passes.
 */
export function resumingServerFlight(flight: {
  readonly random: Uint8Array
  /** The client's, sent back. */
  readonly sessionId: Uint8Array
  /** Octets of the encrypted Finished. */
  readonly finished: Uint8Array
  readonly version?: number
  readonly cipherSuite?: number
}): Buffer {
  const version = flight.version ?? Version.tls10
  const body = Buffer.concat([
    u16(version),
    flight.random,
    u8(flight.sessionId.length),
    flight.sessionId,
    u16(flight.cipherSuite ?? 0x0005),
    u8(0),
    u16(5),
    extension(0xff01, u8(0)),
  ])
  return Buffer.concat([
    record(ContentType.handshake, version, handshake(2, body)),
    changeCipherSpec(flight.finished, version),
  ])
}

/** ChangeCipherSpec and an encrypted Finished. */
export function changeCipherSpec(finished: Uint8Array, version: number = Version.tls10): Buffer {
  return Buffer.concat([
    record(ContentType.changeCipherSpec, version, u8(1)),
    record(ContentType.handshake, version, finished),
  ])
}

/** Encrypted application data, whatever its octets. */
export function applicationData(ciphertext: Uint8Array, version: number = Version.tls10): Buffer {
  return record(ContentType.applicationData, version, ciphertext)
}
