/** What reading payloads knows of a flow, and what it gives. */
import type { Hidden, Name } from '../../model.ts'

/** One TCP or UDP flow that carries payload, as the flow table knows it. */
export interface PayloadFlow {
  /** IANA protocol number. */
  readonly protocol: number
  /** 4 or 6. */
  readonly family: number
  /** Four words in network order; an IPv4 address stands in the first. */
  readonly addressA: readonly number[]
  readonly addressB: readonly number[]
  readonly portA: number
  readonly portB: number
  /** Who sent the opening SYN, as far as it was seen by now: 1 A, 2 B, 0 none seen. */
  readonly opener: number
  /** False once nothing more can be learnt from the flow: the flow table then stops handing its payload over. */
  watch: boolean
  names: Name[] | undefined
  hidden: Hidden | undefined
  lacksNames?: boolean
  /** Private to the payload reader. */
  state: unknown
}

/**
 * Takes a name and its address as the answer that one end of a flow got, with its TTL in seconds. `unasked` where the flow
 * shows no question at all: the capture may have begun after it.
 */
export type ResolvedTo = (
  flow: PayloadFlow,
  clientIsA: boolean,
  name: string,
  address: string,
  via: 'dns' | 'dns-cname' | 'http-dns',
  ttl: number,
  unasked: boolean,
) => void
