/** The cipher suites that are opened: all of IANA's registry with AES-GCM, AES-CCM or ChaCha20-Poly1305, whatever the key exchange. */

export interface CipherSuite {
  /** As node:crypto names it. */
  readonly cipher: 'aes-128-gcm' | 'aes-256-gcm' | 'aes-128-ccm' | 'aes-256-ccm' | 'chacha20-poly1305'
  /** Of the PRF of TLS 1.2, and of HKDF in TLS 1.3. */
  readonly hash: 'sha256' | 'sha384'
  /** Bytes. */
  readonly keyLength: number
  readonly tagLength: number
}

const suite = (cipher: CipherSuite['cipher'], hash: CipherSuite['hash'], tagLength = 16): CipherSuite => ({
  cipher,
  hash,
  keyLength: cipher.startsWith('aes-128') ? 16 : 32,
  tagLength,
})

const AES_128_GCM = suite('aes-128-gcm', 'sha256')
const AES_256_GCM = suite('aes-256-gcm', 'sha384')
const CHACHA20 = suite('chacha20-poly1305', 'sha256')
const AES_128_CCM = suite('aes-128-ccm', 'sha256')
const AES_256_CCM = suite('aes-256-ccm', 'sha256')
const AES_128_CCM_8 = suite('aes-128-ccm', 'sha256', 8)
const AES_256_CCM_8 = suite('aes-256-ccm', 'sha256', 8)

/** RFC 8446, appendix B.4. */
const OF_TLS13: ReadonlyMap<number, CipherSuite> = new Map([
  [0x1301, AES_128_GCM],
  [0x1302, AES_256_GCM],
  [0x1303, CHACHA20],
  [0x1304, AES_128_CCM],
  [0x1305, AES_128_CCM_8],
])

const numbered = (cipherSuite: CipherSuite, ...numbers: number[]) => numbers.map((n) => [n, cipherSuite] as const)

/** RFC 5288, 5289, 5487, 6655, 7251, 7905 and 8442. */
const OF_TLS12: ReadonlyMap<number, CipherSuite> = new Map([
  ...numbered(
    AES_128_GCM,
    0x9c,
    0x9e,
    0xa0,
    0xa2,
    0xa4,
    0xa6,
    0xa8,
    0xaa,
    0xac,
    0xc02b,
    0xc02d,
    0xc02f,
    0xc031,
    0xd001,
  ),
  ...numbered(
    AES_256_GCM,
    0x9d,
    0x9f,
    0xa1,
    0xa3,
    0xa5,
    0xa7,
    0xa9,
    0xab,
    0xad,
    0xc02c,
    0xc02e,
    0xc030,
    0xc032,
    0xd002,
  ),
  ...numbered(AES_128_CCM, 0xc09c, 0xc09e, 0xc0a4, 0xc0a6, 0xc0ac, 0xd005),
  ...numbered(AES_256_CCM, 0xc09d, 0xc09f, 0xc0a5, 0xc0a7, 0xc0ad),
  ...numbered(AES_128_CCM_8, 0xc0a0, 0xc0a2, 0xc0a8, 0xc0aa, 0xc0ae, 0xd003),
  ...numbered(AES_256_CCM_8, 0xc0a1, 0xc0a3, 0xc0a9, 0xc0ab, 0xc0af),
  ...numbered(CHACHA20, 0xcca8, 0xcca9, 0xccaa, 0xccab, 0xccac, 0xccad, 0xccae),
])

/** @returns null for a suite that is not opened */
export function cipherSuite(version: 'tls12' | 'tls13', number: number): CipherSuite | null {
  return (version === 'tls13' ? OF_TLS13 : OF_TLS12).get(number) ?? null
}
