/** Patterns of hosts: exact names and `*.suffix`. */
import { domainToASCII } from 'node:url'
import { canonicalHost } from '../net/host-name.ts'
import { quoted } from './path.ts'

/**
 * Second levels under which a country's registry sells names (`co.uk`, `com.cn`): a wildcard right below one would claim the
 * hosts of everybody.
 */
const REGISTRY_LEVELS = new Set([
  'ac',
  'co',
  'com',
  'edu',
  'go',
  'gob',
  'gov',
  'ltd',
  'mil',
  'ne',
  'net',
  'nom',
  'or',
  'org',
  'web',
])

/**
 * What is wrong with a host pattern, and what to write instead; null where it is right.
 *
 * @param text an exact name or `*.suffix`
 */
export function hostPatternFault(text: string): string | null {
  const say = quoted(text)
  if (text.length > 260)
    return `${say} is longer than the 253 characters that a name can have: write the name of one host`
  const url = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(text)
  const bare = (url?.[1] ?? text.replace(/[/?#].*$/s, '')).replace(/^.*@/, '').replace(/:\d*$/, '').trim()
  const host = plainPattern(bare)
  const instead = host === null ? 'write a host such as `api.example.com` or `*.example.com`' : `write ${quoted(host)}`
  if (url) return `${say} is a URL: ${instead}`
  if (/[/?#]/.test(text)) return `${say} has a path: ${instead}`
  if (/^[^:]+:\d*$/.test(text)) return `${say} has a port: ${instead}; a service is judged by host, on every port`
  if (/^\[?[0-9a-f]*:[0-9a-f:.]*\]?$/i.test(text) || /^(\d+\.)+\d+$/.test(text))
    return `${say} is an address: write the name of the host that the device asks for`
  if (text.trim() !== text || /\s/.test(text)) return `${say} has white space: ${instead}`
  if (text === '*' || text === '*.')
    return `${say} is every host: name the suffixes that are the vendor's, such as \`*.example.com\``
  const rest = text.startsWith('*.') ? text.slice(2) : text
  if (rest.includes('*'))
    return `${say} has a \`*\` that does not stand alone in front: write ${quoted(`*.${rest.slice(rest.lastIndexOf('*') + 1).replace(/^[^.]*\./, '')}`)}, which holds at any depth`
  if (text.startsWith('.')) return `${say} begins with a dot: write ${quoted(`*${text.toLowerCase()}`)}`
  if (text.endsWith('.')) return `${say} ends with a dot: ${instead}`
  if (host !== null && host !== text)
    return host.includes('xn--') && !text.includes('xn--')
      ? `${say} is not as it goes over the wire: ${instead}`
      : `${say} has capital letters: ${instead}`
  if (host === null) return `${say} is no host name: ${instead}`
  const labels = rest.split('.')
  if (labels.length < 2)
    return text === rest
      ? `${say} is a single label: write the whole name, such as ${quoted(`${text}.example.com`)}`
      : `${say} is a whole top-level domain: write ${quoted(`*.vendor.${rest}`)} with the vendor's own name`
  if (text !== rest && isRegistrySuffix(rest))
    return `${say} is a public suffix, below which anybody can have a name: write ${quoted(`*.vendor.${rest}`)} with the vendor's own name`
  return null
}

/**
 * What is wrong with a suffix of the vendor's, below which every host is meant; null where it is right.
 *
 * @param text a name without `*`
 */
export function suffixFault(text: string): string | null {
  if (/^\*?\./.test(text))
    return `every host below a suffix is meant anyway: write ${quoted(text.replace(/^\*?\./, ''))}`
  return hostPatternFault(text) ?? hostPatternFault(`*.${text}`)?.replaceAll('`*.', '`') ?? null
}

/** Whether names directly below this suffix belong to whoever registers them. */
export function isRegistrySuffix(suffix: string): boolean {
  const labels = suffix.split('.')
  if (labels.length === 1) return true
  const [second = '', top = ''] = labels
  return labels.length === 2 && top.length === 2 && REGISTRY_LEVELS.has(second)
}

/** The pattern in the spelling of the wire; null where there is none. */
function plainPattern(text: string): string | null {
  const wildcard = text.startsWith('*.') ? '*.' : ''
  const rest = text.slice(wildcard.length)
  const name = /^[\x20-\x7e]*$/.test(rest) ? rest : domainToASCII(rest)
  const host = name === '' ? null : canonicalHost(name)
  return host === null ? null : wildcard + host
}

/** The hosts that a pattern speaks of, as a suffix with its dot; null for an exact name. */
const suffixOf = (pattern: string) => (pattern.startsWith('*.') ? pattern.slice(1) : null)

/**
 * Whether every host of `pattern` is one of `wider` too, which is another pattern.
 */
export function isCoveredBy(pattern: string, wider: string): boolean {
  const suffix = suffixOf(wider)
  return suffix !== null && pattern !== wider && (suffixOf(pattern) ?? pattern).endsWith(suffix)
}
