/** Which host a flow was for, from the names that are known of it, and what the declaration says of that host. */
import type { Declaration, Name, Service, Via } from '../model.ts'
import { canonicalHost, matchesPattern } from '../net/host-name.ts'

/**
 * What a flow was for. `vendor`: a host that a service declares or that is below a suffix of the vendor. `foreign`: somebody
 * else's. `fronted`: it names somebody else's, at an address that a resolver gave for a host of the vendor. `unknown`: no
 * usable name.
 */
export interface Meant {
  /** Its own number among those of one {@link Hosts}. */
  readonly number: number
  /** The list that was classified. */
  readonly names: readonly Name[]
  /** Whether the flows' ClientHello has an encrypted part (ECH), so that its server name may be only the outer one. */
  readonly encrypted: boolean
  readonly kind: 'vendor' | 'foreign' | 'fronted' | 'unknown'
  /** The vendor's hosts that decide, the one that a finding names first. */
  readonly hosts: readonly string[]
  /** How the first of them is known. */
  readonly via: readonly Via[]
  /** The services that declare these hosts, by id. */
  readonly services: readonly Service[]
  /** Those of `hosts` that no service declares. */
  readonly undeclared: readonly string[]
  /** What the flows name as well in their own payload, and what decides nothing. */
  readonly besides: readonly string[]
  /** Names of others at the same address: nothing in the flow says which of them it was for. */
  readonly elsewhere: readonly string[]
  /** The name by which flows of a `foreign` or `fronted` host are listed; null for the others. */
  readonly foreign: string | null
  /** Server names that only the outside of an encrypted ClientHello gives; whom the flow was for need not be among them. */
  readonly outer: readonly string[]
  /** The flows ask a proxy to reach the vendor's host: their remote is the proxy. */
  readonly proxied: boolean
  /** Names that cannot be host names, as they were seen. */
  readonly unusable: readonly string[]
  /** Vendor's names that the flow asks for over HTTP-DNS. */
  readonly asked: readonly Asked[]
  /** Vendor's names that were seen inside the flows, which are a tunnel: their hosts stand behind its end. */
  readonly tunnelled: readonly Tunnelled[]
}

export interface Tunnelled extends Asked {
  /** How it is known inside. */
  readonly via: readonly Via[]
}

export interface Asked {
  readonly host: string
  /** Empty where the name is the vendor's but no service declares it. */
  readonly services: readonly Service[]
}

/**
 * What the flow itself says comes before what an answer of a resolver says; the rest is the order in which a finding
 * prefers its host.
 */
const VIAS: readonly Via[] = [
  'tls-sni',
  'quic-sni',
  'http-host',
  'http-connect',
  'mipush',
  'log',
  'dns',
  'http-dns',
  'dns-cname',
]
const RESOLVED: ReadonlySet<Via> = new Set(['dns', 'http-dns', 'dns-cname'])
const SERVER_NAMES: ReadonlySet<Via> = new Set(['tls-sni', 'quic-sni'])

/** Whom a host belongs to: the services of the most specific pattern, `undeclared` below a vendor's suffix, or `foreign`. */
type Owner = readonly Service[] | 'undeclared' | 'foreign'

/** Classifies lists of names; a list that was classified before costs one step a name. */
export class Hosts {
  readonly #patterns: readonly { readonly pattern: string; readonly services: readonly Service[] }[]
  readonly #suffixes: readonly string[]
  readonly #owners = new Map<string, Owner>()
  /** Lists of names in the clear, and beside an encrypted ClientHello. */
  readonly #roots: readonly [Node, Node] = [newNode(), newNode()]
  readonly #all: Meant[] = []

  constructor(declaration: Declaration) {
    const byPattern = new Map<string, Service[]>()
    for (const service of declaration.services)
      for (const pattern of new Set(service.hosts)) byPattern.set(pattern, [...(byPattern.get(pattern) ?? []), service])
    // An exact name is more specific than any suffix, a longer suffix than a shorter one.
    const specificity = (pattern: string) => (pattern.startsWith('*.') ? pattern.length : 1000 + pattern.length)
    this.#patterns = [...byPattern]
      .map(([pattern, services]) => ({ pattern, services }))
      .sort((a, b) => specificity(b.pattern) - specificity(a.pattern))
    this.#suffixes = declaration.undeclaredHosts.vendorSuffixes.map((suffix) => suffix.replace(/^\*?\./, ''))
  }

  /**
   * What a flow with these names was for. The same list gives the same object.
   *
   * @param encrypted whether its ClientHello has an encrypted part
   */
  meant(names: readonly Name[], encrypted = false): Meant {
    let node = this.#roots[encrypted ? 1 : 0]
    for (const name of names) node = step(node, name)
    if (!node.meant) {
      node.meant = this.#classify(names, encrypted)
      this.#all.push(node.meant)
    }
    return node.meant
  }

  /** What was classified, by its number. */
  at(number: number): Meant {
    const meant = this.#all[number]
    if (!meant) throw new RangeError(`there is no list of names ${number}`)
    return meant
  }

  /** The services of the most specific pattern that a host name in canonical form fits; none where it is nobody's. */
  servicesOf(host: string): readonly Service[] {
    const owner = this.#owner(host)
    return typeof owner === 'string' ? [] : owner
  }

  #owner(host: string): Owner {
    let owner = this.#owners.get(host)
    if (owner === undefined) {
      owner = this.#patterns.find(({ pattern }) => matchesPattern(host, pattern))?.services
      owner ??= this.#suffixes.some((s) => host === s || matchesPattern(host, `*.${s}`)) ? 'undeclared' : 'foreign'
      this.#owners.set(host, owner)
    }
    return owner
  }

  #classify(names: readonly Name[], encrypted: boolean): Meant {
    const unusable: string[] = []
    const known: Known[] = []
    const asked = new Map<string, Asked>()
    const tunnelled = new Map<string, Tunnelled>()
    for (const { name, via, asked: isAsked, inside } of names) {
      const host = canonicalHost(name)
      if (host === null) {
        unusable.push(name)
        continue
      }
      const owner = this.#owner(host)
      const services = typeof owner === 'string' ? [] : owner
      if (!isAsked && !inside) known.push({ host, via, owner })
      else if (owner === 'foreign') continue
      else if (inside)
        tunnelled.set(host, { host, services, via: [...new Set([...(tunnelled.get(host)?.via ?? []), via])] })
      else asked.set(host, { host, services })
    }
    known.sort((a, b) => VIAS.indexOf(a.via) - VIAS.indexOf(b.via) || (a.host < b.host ? -1 : a.host > b.host ? 1 : 0))
    const { inner, outer } = encrypted ? withoutOuter(known) : { inner: known, outer: [] }
    const { hosts, elsewhere, besides, fronted } = decide(inner, outer)
    const owners = hosts.map((host) => this.#owner(host))
    const services = new Set(owners.flatMap((owner) => (typeof owner === 'string' ? [] : owner)))
    return {
      number: this.#all.length,
      names,
      encrypted,
      kind: fronted ? 'fronted' : hosts.length > 0 ? 'vendor' : inner.length > 0 ? 'foreign' : 'unknown',
      hosts,
      via: known.filter(({ host }) => host === hosts[0]).map(({ via }) => via),
      services: [...services].sort((a, b) => (a.id < b.id ? -1 : 1)),
      undeclared: hosts.filter((_, i) => owners[i] === 'undeclared'),
      besides,
      elsewhere,
      foreign: fronted || hosts.length === 0 ? (inner[0]?.host ?? null) : null,
      outer: hostsOf(outer),
      proxied:
        hosts.length > 0 &&
        !fronted &&
        names.some(({ via, asked: isAsked, inside }) => via === 'http-connect' && !isAsked && !inside),
      unusable: unusable.sort(),
      asked: [...asked.values()].sort((a, b) => (a.host < b.host ? -1 : 1)),
      tunnelled: [...tunnelled.values()]
        .filter(({ host }) => !hosts.includes(host))
        .sort((a, b) => (a.host < b.host ? -1 : 1)),
    }
  }
}

interface Known {
  readonly host: string
  readonly via: Via
  readonly owner: Owner
}

const hostsOf = (list: readonly Known[]) => [...new Set(list.map(({ host }) => host))]

/**
 * Sets the server names of an encrypted ClientHello apart: the real one may be inside (TLS Encrypted Client Hello, section 3),
 * and a browser that only pretends cannot be told. One of the vendor's that a resolver gave as well is believed.
 */
function withoutOuter(known: readonly Known[]): { readonly inner: readonly Known[]; readonly outer: readonly Known[] } {
  const answered = new Set(known.filter(({ via }) => via === 'dns' || via === 'http-dns').map(({ host }) => host))
  const isOuter = ({ host, via, owner }: Known) => SERVER_NAMES.has(via) && (owner === 'foreign' || !answered.has(host))
  return { inner: known.filter((one) => !isOuter(one)), outer: known.filter(isOuter) }
}

/**
 * Which of the vendor's hosts decide, and which names of others stand beside them.
 *
 * A flow's own payload may name more than one (the domain of a push stream and the host that was dialled): one that is
 * declared is enough. Answers of resolvers are different: several names at one address mean that the flow was for one of
 * them, and nothing says for which. The links of a CNAME chain belong to the name that was asked, so they speak only where
 * no asked name is the vendor's. A payload that names only others says whom the flow was for as long as nobody pretends; at an
 * address that a resolver gave for the vendor's host, that is a question of where the address stands.
 *
 * @param outer server names that need not be those of the flow: the vendor's among them are as good as answers of a resolver
 */
function decide(
  known: readonly Known[],
  outer: readonly Known[],
): Pick<Meant, 'hosts' | 'elsewhere' | 'besides'> & { readonly fronted: boolean } {
  const isOurs = ({ owner }: Known) => owner !== 'foreign'
  const payload = known.filter(({ via }) => !RESOLVED.has(via))
  const queried = [...outer.filter(isOurs), ...known.filter(({ via }) => via === 'dns' || via === 'http-dns')]
  const ours = queried.filter(isOurs)
  if (payload.length > 0) {
    const declared = payload.filter(({ owner }) => typeof owner !== 'string')
    const hosts = hostsOf(declared.length > 0 ? declared : payload.filter(isOurs))
    if (hosts.length === 0 && ours.length > 0)
      return { hosts: hostsOf(ours), elsewhere: hostsOf(payload), besides: [], fronted: true }
    const besides = hostsOf(payload).filter((host) => !hosts.includes(host))
    return { hosts, elsewhere: [], besides, fronted: false }
  }
  return {
    hosts: hostsOf(ours.length > 0 ? ours : known.filter(isOurs)),
    elsewhere: hostsOf(queried.filter((one) => !isOurs(one))),
    besides: [],
    fronted: false,
  }
}

/** A trie over lists of names: a million observations share few lists, and a list is found without joining strings. */
interface Node {
  readonly next: Map<string, Node[]>
  meant: Meant | undefined
}

const newNode = (): Node => ({ next: new Map(), meant: undefined })

function step(node: Node, { name, via, asked, inside }: Name): Node {
  let branches = node.next.get(name)
  if (!branches) {
    branches = []
    node.next.set(name, branches)
  }
  const branch = VIAS.indexOf(via) * 4 + (asked ? 1 : 0) + (inside ? 2 : 0)
  let next = branches[branch]
  if (!next) {
    next = newNode()
    branches[branch] = next
  }
  return next
}
