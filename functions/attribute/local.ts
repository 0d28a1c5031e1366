/** Which of two ends is in a local network. */
import { specialPurpose } from '../net/special-purpose.ts'

const UNKNOWN = 0
/** In a block that a rig's own network uses. */
const LOCAL = 1
/** A host elsewhere: global, or one that documentation or a benchmark puts in its place. */
const ELSEWHERE = 2
/** No host: multicast, broadcast, reserved. */
const NO_HOST = 3

const LOCAL_REASONS: ReadonlySet<string> = new Set([
  'private-use',
  'shared-address-space',
  'link-local',
  'unique-local',
  'site-local',
  'loopback',
  // The host itself, where a log does not state its own address (RFC 1122, section 3.2.1.3; RFC 4291, section 2.5.2).
  'this-network',
  'unspecified',
])

function kindOf(reason: string | null): number {
  if (reason === null || reason === 'documentation' || reason === 'benchmarking') return ELSEWHERE
  return LOCAL_REASONS.has(reason) ? LOCAL : NO_HOST
}

/** The /16 blocks of IPv4 of which a registered block is only a part (IANA's registry, see `net/special-purpose.ts`). */
const DIVIDED: ReadonlySet<number> = new Set([0xc000, 0xc633, 0xcb00, 0xffff])
/** Kinds of the other /16 blocks, as far as they were asked for: a row of a log costs one look, not a search. */
const KINDS = new Uint8Array(65536)

function kindAt(family: number, w0: number, w1: number, w2: number, w3: number): number {
  if (family !== 4) return kindOf(specialPurpose(family, w0, w1, w2, w3))
  const block = w0 >>> 16
  const known = KINDS[block] ?? UNKNOWN
  if (known !== UNKNOWN) return known
  const kind = kindOf(specialPurpose(4, w0, 0, 0, 0))
  if (!DIVIDED.has(block)) KINDS[block] = kind
  return kind
}

/**
 * The end that is in a local network where the other is a host elsewhere.
 *
 * @param a addresses of ends A, four words a row; `at` is the first word of the row
 * @returns 1 A, 2 B, 0 neither: both are local, or none is, or the other is no host
 */
export function localEnd(family: number, a: Uint32Array, b: Uint32Array, at: number): 0 | 1 | 2 {
  const kindA = kindAt(family, a[at] ?? 0, a[at + 1] ?? 0, a[at + 2] ?? 0, a[at + 3] ?? 0)
  const kindB = kindAt(family, b[at] ?? 0, b[at + 1] ?? 0, b[at + 2] ?? 0, b[at + 3] ?? 0)
  if (kindA === LOCAL && kindB === ELSEWHERE) return 1
  return kindB === LOCAL && kindA === ELSEWHERE ? 2 : 0
}
