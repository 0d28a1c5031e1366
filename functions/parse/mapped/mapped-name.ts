/** What a log's column says of the host that a flow went to. */
import { canonicalAddress } from '../../net/address.ts'
import { canonicalHost } from '../../net/host-name.ts'

/** Of a URL, its authority without what stands before the last `@` (RFC 3986, section 3.2). */
const AUTHORITY = /^(?:[a-z][a-z0-9+.-]*:)?\/\/(?:[^/?#\\]*@)?([^/?#\\]*)/i

/**
 * The host in a value: a host name or an address, with or without a port, or that of a URL. Paths, queries and user names of URLs
 * tell of persons and are never part of it.
 *
 * @returns null where the value is neither
 */
export function hostIn(value: string): string | null {
  const text = value.trim()
  const host = AUTHORITY.exec(text)?.[1] ?? text
  const name = canonicalHost(host)
  if (name !== null) return name
  const bracketed = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(host)?.[1]
  return canonicalAddress(bracketed ?? host) ?? canonicalAddress(host.replace(/:\d{1,5}$/, ''))
}
