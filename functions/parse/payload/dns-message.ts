/** Answers of DNS messages (RFC 1035, section 4; SVCB and HTTPS by RFC 9460): which names stand for which addresses. */
import { formatAddress } from '../../net/address.ts'
import { canonicalHost } from '../../net/host-name.ts'

/** A name that an answer gave an address. */
export interface ResolvedName {
  readonly name: string
  /** Text form (RFC 5952). */
  readonly address: string
  /** Seconds: the smallest of the records on the way from the name to the address. */
  readonly ttl: number
  /** Whether it is the name that was asked, or one that the answer led to. */
  readonly asked: boolean
}

/** A record that leads from one name to another, or to an address. */
interface Step {
  readonly owner: string
  readonly to: string
  /** Whether `to` is an address; a name may be spelt like one. */
  readonly arrives: boolean
  readonly ttl: number
}

const [A, CNAME, AAAA, SVCB, HTTPS] = [1, 5, 28, 64, 65]
/** Keys of service parameters (RFC 9460, section 14.3.2). */
const [IPV4HINT, IPV6HINT] = [4, 6]
/** A message of 64 kB holds at most some thousand records; chains are short in practice. */
const MOST_RECORDS = 4096
const LONGEST_CHAIN = 16

const LONGEST_NAME = 255
const DOT = 46
/** Where a name is put together, so that only the whole of it becomes text. */
const spelling = Buffer.alloc(LONGEST_NAME)

class Reader {
  at: number
  readonly #bytes: Uint8Array
  readonly #start: number
  readonly #end: number
  /** Compression pointers that may still be followed in the whole message. */
  #jumps = 16384
  /** The question's name, to which most records point, and where it stands. */
  #question = ''
  #questionAt = -1

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.#bytes = bytes
    this.#start = start
    this.#end = end
    this.at = start
  }

  /** Whether `count` bytes are left. */
  has(count: number): boolean {
    return this.at + count <= this.#end
  }

  u16(): number {
    this.at += 2
    return ((this.#bytes[this.at - 2] ?? 0) << 8) | (this.#bytes[this.at - 1] ?? 0)
  }

  u32(): number {
    return this.u16() * 65536 + this.u16()
  }

  /**
   * A domain name in lower case, with `.` between labels and none at the end. Pointers (RFC 1035, section 4.1.4) have to
   * point backwards, so no name is endless. Null where the name is broken or over 255 bytes; `at` is then undefined.
   */
  name(): string | null {
    const bytes = this.#bytes
    const end = this.#end
    let length = 0
    let at = this.at
    let behind = -1
    for (;;) {
      const label = bytes[at]
      if (label === undefined || at >= end) return null
      if (label >= 0xc0) {
        const target = this.#start + (((label & 0x3f) << 8) | (bytes[at + 1] ?? 0))
        if (at + 2 > end || target >= at || --this.#jumps < 0) return null
        if (behind < 0) behind = at + 2
        if (length === 0 && target === this.#questionAt) {
          this.at = behind
          return this.#question
        }
        at = target
        continue
      }
      if (label > 63 || at + 1 + label > end) return null
      at++
      if (label === 0) break
      if (length > 0) spelling[length++] = DOT
      if (length + label > LONGEST_NAME) return null
      for (const next = at + label; at < next; at++) spelling[length++] = bytes[at] ?? 0
    }
    this.at = behind < 0 ? at : behind
    return spelling.toString('latin1', 0, length).toLowerCase()
  }

  /** The name of the question, which stands first. */
  question(): string | null {
    const at = this.at
    const name = this.name()
    if (name === null) return null
    this.#question = name
    this.#questionAt = at
    return name
  }

  /** An address of 4 or 16 bytes. */
  address(family: 4 | 6): string {
    if (family === 4) return formatAddress(4, this.u32(), 0, 0, 0)
    return formatAddress(6, this.u32(), this.u32(), this.u32(), this.u32())
  }
}

/** The steps of one record; nothing for types that lead nowhere. */
function stepsOf(reader: Reader, owner: string, type: number, ttl: number, end: number): Step[] {
  const step = (to: string, arrives: boolean): Step => ({ owner, to, arrives, ttl })
  if (type === A && end - reader.at === 4) return [step(reader.address(4), true)]
  if (type === AAAA && end - reader.at === 16) return [step(reader.address(6), true)]
  if (type === CNAME) {
    const target = reader.name()
    return target ? [step(target, false)] : []
  }
  if ((type !== SVCB && type !== HTTPS) || end - reader.at < 3) return []
  reader.u16() // priority; 0 is an alias (RFC 9460, section 2.4.2)
  const target = reader.name()
  if (target === null) return []
  // An empty target is the owner itself (RFC 9460, section 2.5).
  const steps = target === '' || target === owner ? [] : [step(target, false)]
  const host = target === '' ? owner : target
  while (reader.at + 4 <= end) {
    const key = reader.u16()
    const next = reader.u16() + reader.at
    if (next > end) break
    const size = key === IPV4HINT ? 4 : key === IPV6HINT ? 16 : 0
    while (size > 0 && reader.at + size <= next) {
      steps.push({ owner: host, to: reader.address(size === 4 ? 4 : 6), arrives: true, ttl })
    }
    reader.at = next
  }
  return steps
}

/** A host name without the labels that name a service (`_8443._https`, RFC 9460, section 2.3). */
function hostOf(name: string): string | null {
  return canonicalHost(name.startsWith('_') ? name.replace(/^(?:_[^.]*\.)+/, '') : name)
}

/**
 * Reads the answers of a DNS response.
 *
 * @returns nothing where the message is no successful answer to exactly one question, or is broken before its first answer
 */
export function readDnsAnswers(bytes: Uint8Array, offset: number, end: number): ResolvedName[] {
  const reader = new Reader(bytes, offset, end)
  if (!reader.has(12)) return []
  reader.u16()
  const flags = reader.u16()
  // A response (QR) to a standard query (OPCODE 0) without error (RCODE 0), RFC 1035, section 4.1.1.
  if ((flags & 0xf80f) !== 0x8000 || reader.u16() !== 1) return []
  const answers = reader.u16()
  const records = Math.min(answers + reader.u16() + reader.u16(), MOST_RECORDS)
  const question = reader.question()
  if (!question || !reader.has(4) || answers === 0) return []
  reader.u32()

  const steps: Step[] = []
  for (let i = 0; i < records; i++) {
    const owner = reader.name()
    if (owner === null || !reader.has(10)) break
    const type = reader.u16()
    const recordClass = reader.u16()
    const ttl = reader.u32()
    const length = reader.u16()
    const next = reader.at + length
    if (!reader.has(length)) break
    if (recordClass === 1) {
      // A TTL with its highest bit set counts as zero (RFC 2181, section 8).
      steps.push(...stepsOf(reader, owner, type, ttl > 0x7fffffff ? 0 : ttl, next))
    }
    reader.at = next
  }
  return follow(question, steps)
}

/** Every name from the question on, with every address that it leads to. */
function follow(question: string, steps: readonly Step[]): ResolvedName[] {
  const [first] = steps
  if (first === undefined) return []
  // Most answers are one address of the name that was asked.
  if (steps.length === 1 && first.arrives && first.owner === question) {
    const name = hostOf(question)
    return name === null ? [] : [{ name, address: first.to, ttl: first.ttl, asked: true }]
  }
  const byOwner = new Map<string, Step[]>()
  for (const step of steps) {
    const known = byOwner.get(step.owner)
    if (known) known.push(step)
    else byOwner.set(step.owner, [step])
  }
  const found = new Map<string, ResolvedName>()
  const note = (owner: string, address: string, ttl: number) => {
    const name = hostOf(owner)
    const key = `${name} ${address}`
    const known = found.get(key)
    if (name !== null && (!known || known.ttl < ttl)) found.set(key, { name, address, ttl, asked: owner === question })
  }
  const visited = new Set([question])
  const walk = (path: readonly { name: string; ttl: number }[]) => {
    const last = path.at(-1)
    for (const step of last ? (byOwner.get(last.name) ?? []) : []) {
      if (found.size >= MOST_RECORDS) return
      if (step.arrives) {
        let ttl = step.ttl
        for (const link of [...path].reverse()) {
          note(link.name, step.to, ttl)
          ttl = Math.min(ttl, link.ttl)
        }
      } else if (path.length < LONGEST_CHAIN && !visited.has(step.to)) {
        visited.add(step.to)
        walk([...path, { name: step.to, ttl: step.ttl }])
      }
    }
  }
  walk([{ name: question, ttl: Number.POSITIVE_INFINITY }])
  return [...found.values()]
}
