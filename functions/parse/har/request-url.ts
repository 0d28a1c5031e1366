/** What the URL of a logged request tells of its server. */
import { shownName } from '../payload/flow-names.ts'

/** Ports of the schemes that browsers send requests by (RFC 9110, section 4.2; RFC 6455, section 3). */
const PORTS: Readonly<Record<string, number>> = { http: 80, https: 443, ws: 80, wss: 443 }

export interface RequestUrl {
  /** Null where it is empty. */
  readonly host: string | null
  readonly port: number
  /** Length of what stands behind the authority. */
  readonly targetLength: number
}

/**
 * Scheme, host and port of a URL, and nothing else of it.
 *
 * @returns null where nothing is sent for such a URL, as for `data:` or `chrome-extension:`, or where it is none
 */
export function readUrl(url: string): RequestUrl | null {
  const match = /^([a-z][a-z0-9+.-]*):\/\/(?:[^/?#]*@)?([^/?#]*)/i.exec(url)
  const [all = '', scheme = '', authority = ''] = match ?? []
  const standard = PORTS[scheme.toLowerCase()]
  if (standard === undefined) return null
  const port = Number(/:(\d{1,5})$/.exec(authority)?.[1] ?? standard)
  return {
    host: shownName(asciiHost(authority)),
    port: port >= 1 && port <= 65535 ? port : standard,
    targetLength: Math.max(1, url.length - all.length),
  }
}

/** Browsers may log a host as people read it: on the wire it is what IDNA makes of it. */
function asciiHost(authority: string): string {
  for (let i = 0; i < authority.length; i++)
    if (authority.charCodeAt(i) > 127) {
      try {
        return new URL(`http://${authority}`).host
      } catch {
        return ''
      }
    }
  return authority
}
