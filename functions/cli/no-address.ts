/** What is wrong with a text that is no address, and what to write instead. */
import { parseAddress } from '../net/address.ts'

/** A clause that begins with the text. */
export function noAddress(text: string): string {
  const what = `${JSON.stringify(text.slice(0, 100))} is no IP address`
  const inside = addressIn(text)
  return inside === null
    ? `${what}; write one such as 54.222.0.1`
    : `${what} but ${inside.what}; write ${inside.address} alone`
}

/** The forms that people paste: prefixes, addresses with a port or a zone, URLs. */
const forms: readonly (readonly [what: string, form: RegExp])[] = [
  ['a prefix', /^([0-9a-f:.]+)\/\d+$/i],
  ['a URL', /^[a-z][a-z0-9+.-]*:\/\/\[?([0-9a-f:.]*[0-9a-f])\]?(?::\d+)?(?:[/?#].*)?$/i],
  ['an address with a port', /^\[([0-9a-f:.]+)\]:\d+$/i],
  ['an address with a port', /^([\d.]+):\d+$/],
  ['an address in brackets', /^\[([0-9a-f:.]+)\]$/i],
]

function addressIn(text: string): { readonly what: string; readonly address: string } | null {
  for (const [what, form] of forms) {
    // A URL of an IPv4 address and a port has both in what looks like IPv6.
    const address = form.exec(text)?.[1]?.replace(/^(\d+(?:\.\d+){3}):\d+$/, '$1')
    if (address !== undefined && parseAddress(address)) return { what, address }
  }
  return null
}
