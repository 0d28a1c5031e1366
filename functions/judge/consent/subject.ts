/** Which hosts flows were for that a service with a claim names, and whether that is certain. */
import type { Declaration, Service, Via } from '../../model.ts'
import { matchesPattern } from '../../net/host-name.ts'
import type { Hosts, Meant } from '../host.ts'

/**
 * `named`: the flows were for the host. `tunnelled`: they were for it and for others, through a tunnel. `ambiguous`: they may
 * have been for another. `local`: they were for it, at an address that is no place on the Internet.
 */
export type Aim = 'named' | 'tunnelled' | 'ambiguous' | 'local'

export const AIMS: readonly Aim[] = ['named', 'tunnelled', 'ambiguous', 'local']

export interface Subject {
  readonly host: string
  readonly via: readonly Via[]
  /** The services that name the host, by id; at least one of them has a claim. */
  readonly services: readonly Service[]
  readonly aim: Aim
  /** Whom they may have been for instead, where the aim is ambiguous. */
  readonly others: readonly string[]
}

const RESOLVED: ReadonlySet<Via> = new Set(['dns', 'http-dns', 'dns-cname'])

/** Finds the subjects of lists of names, once each. */
export class Subjects {
  readonly #hosts: Hosts
  readonly #sharing: readonly Service[]
  /** By the number of what was meant. */
  readonly #known: (readonly Subject[])[] = []

  constructor(declaration: Declaration, hosts: Hosts) {
    this.#hosts = hosts
    this.#sharing = declaration.services.filter(({ consent }) => consent?.sharedHosts !== undefined)
  }

  of(meant: Meant): readonly Subject[] {
    const known = this.#known[meant.number]
    if (known) return known
    const subjects = [...this.#own(meant), ...this.#tunnelled(meant)].filter(({ services }) =>
      services.some(({ consent }) => consent !== undefined),
    )
    this.#known[meant.number] = subjects
    return subjects
  }

  /** One a list of services, of the hosts that the flows were for or may have been for. */
  #own(meant: Meant): readonly Subject[] {
    const { kind, hosts, via, elsewhere, outer } = meant
    if (kind === 'foreign' || kind === 'unknown') return this.#foreign(meant)
    const groups = new Map<string, { readonly host: string; readonly services: readonly Service[] }>()
    for (const host of hosts) {
      const services = this.#naming(host)
      const key = services.map(({ id }) => id).join()
      if (!groups.has(key)) groups.set(key, { host, services })
    }
    const isResolved = via.every((one) => RESOLVED.has(one))
    const isOuter = outer.some((host) => hosts.includes(host))
    const isAmbiguous = kind === 'fronted' || elsewhere.length > 0 || isOuter || (isResolved && groups.size > 1)
    return Array.from(groups.values(), ({ host, services }) => ({
      host,
      via,
      services,
      aim: isAmbiguous ? 'ambiguous' : 'named',
      others: isAmbiguous ? [...hosts.filter((other) => other !== host), ...elsewhere] : [],
    }))
  }

  /** A host of nobody's service, or somebody else's, that a claim names as shared. */
  #foreign({ kind, foreign, names }: Meant): readonly Subject[] {
    if (kind !== 'foreign' || foreign === null || this.#sharing.length === 0) return []
    const services = this.#naming(foreign)
    const via = names.filter(({ name, asked, inside }) => name === foreign && !asked && !inside).map((one) => one.via)
    return services.length === 0 ? [] : [{ host: foreign, via, services, aim: 'named', others: [] }]
  }

  #tunnelled({ tunnelled }: Meant): readonly Subject[] {
    return tunnelled.map(({ host, via }) => ({
      host,
      via,
      services: this.#naming(host),
      aim: 'tunnelled' as const,
      others: [],
    }))
  }

  #naming(host: string): readonly Service[] {
    const sharing = this.#sharing.filter(({ consent }) =>
      consent?.sharedHosts?.some((pattern) => matchesPattern(host, pattern)),
    )
    const services = new Set([...this.#hosts.servicesOf(host), ...sharing])
    return [...services].sort((a, b) => (a.id < b.id ? -1 : 1))
  }
}
