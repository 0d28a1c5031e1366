/** The server of a flow in a mitmproxy dump: the host that was reached behind all proxies, where the dump tells its address. */
import { type Address, parseAddress } from '../../net/address.ts'
import { dictOf, type HostPort, hostPortOf, isList, memberOf, numberOf } from './small-values.ts'
import { textOf, type Value } from './tnetstring.ts'

export interface Server {
  readonly address: Address
  /** -1 where it is not told. */
  readonly port: number
}

const NO_ADDRESS = 'no-server-address'
const BEHIND_PROXY = 'behind-upstream-proxy'
/** Why a flow has no server. */
export const WITHOUT_SERVER: ReadonlySet<string> = new Set([NO_ADDRESS, BEHIND_PROXY])

/** @returns why there is none, where there is none */
export function serverOf(flow: ReadonlyMap<string, Value>): Server | string {
  const request = dictOf(flow.get('request'))
  const connection = dictOf(flow.get('server_conn'))
  const asked = hostPortOf(connection.get('address'))
  const isUpstream = isBehindProxy(flow, connection)
  // Before 0.11 the address stands in the request.
  const ip = request.has('ip') ? literal(textOf(request.get('ip')), numberOf(request.get('port'))) : null
  const peers = ['peername', 'ip_address', 'peer_address'].map((key) => hostPortOf(connection.get(key)))
  const peer = peers.find((one) => one !== null) ?? ip
  if (!isUpstream && peer?.address) return { address: peer.address, port: peer.port }
  // Versions before 0.17 tell whom the connection was for, not where it went; behind another proxy that is all there is.
  const tellsPeer = ['peername', 'ip_address', 'peer_address'].some((key) => connection.has(key))
  const wasOpened = !Number.isNaN(numberOf(connection.get('timestamp_start')))
  if (asked?.address && wasOpened && (isUpstream || !tellsPeer)) return { address: asked.address, port: asked.port }
  return isUpstream ? BEHIND_PROXY : NO_ADDRESS
}

/**
 * Whether the connection goes to another proxy, whose address the peer's then is. `via` is that proxy from version 19 on, and
 * `via2` from 10 on; before, `via` is the connection to it, or a copy of the connection to the server itself.
 */
function isBehindProxy(flow: ReadonlyMap<string, Value>, connection: ReadonlyMap<string, Value>): boolean {
  const via = connection.get('via')
  if (isList(via) || isList(connection.get('via2'))) return true
  if (textOf(flow.get('mode')) === 'upstream') return true
  const proxy = hostPortOf(memberOf(via, 'address'))
  const server = hostPortOf(connection.get('address'))
  return proxy !== null && (proxy.host !== server?.host || proxy.port !== server?.port)
}

function literal(host: string | null, port: number): HostPort | null {
  return host === null ? null : { host, port, address: parseAddress(host) }
}
