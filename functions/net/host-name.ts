/** Host names as the wire and people spell them, made comparable. */

/**
 * The canonical spelling of a host name: lower case, without port and trailing dot.
 *
 * A name has labels of 1 to 63 letters, digits, hyphens and underscores, at most 253 characters in all (RFC 1035, section
 * 2.3.4; the underscore is what servers such as `_dmarc` use although RFC 952 has none). Internationalised names are expected
 * in their `xn--` form, as they are on the wire (RFC 5890, section 2.3.2.1).
 *
 * @param text a Host header, a server name, or a DNS name in text form
 * @returns null where the text cannot be a DNS name: other characters, an empty label, too long, or an address literal
 */
export function canonicalHost(text: string): string | null {
  // The longest spelling of a name is 253 characters, a dot, and a port of six (`:65535`).
  if (text.length > 260) return null
  const match = /^((?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63})\.?(?::\d{1,5})?$/i.exec(text)
  const name = match?.[1]?.toLowerCase()
  if (name === undefined || name.length > 253) return null
  // A last label of digits alone makes it an IPv4 address, or nothing (RFC 1123, section 2.1; RFC 3696, section 2).
  if (/(?:^|\.)\d+$/.test(name)) return null
  return name
}

/**
 * Whether a canonical host is what a pattern speaks of: the name itself, or for `*.suffix` any name below the suffix, at any
 * depth, but not the suffix itself.
 */
export function matchesPattern(host: string, pattern: string): boolean {
  if (!pattern.startsWith('*.')) return host === pattern
  // At least one character stands for the asterisk.
  return host.length >= pattern.length && host.endsWith(pattern.slice(1))
}
