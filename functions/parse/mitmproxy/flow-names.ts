/** Names of the server of a flow in a mitmproxy dump, the surest first. */
import type { Name, Via } from '../../model.ts'
import { parseAddress } from '../../net/address.ts'
import { canonicalHost } from '../../net/host-name.ts'
import { addName, type NamedFlow, shownName } from '../payload/flow-names.ts'
import type { FlowLists } from './flow-lists.ts'
import { dictOf, hostPortOf } from './small-values.ts'
import { textOf, type Value } from './tnetstring.ts'

export function namesOf(flow: ReadonlyMap<string, Value>, lists: FlowLists, isUdp: boolean): readonly Name[] {
  const named: NamedFlow = { names: undefined }
  const request = dictOf(flow.get('request'))
  const client = dictOf(flow.get('client_conn'))
  const server = dictOf(flow.get('server_conn'))
  // A proxy in front of one server is called by its own name, and calls the server by the server's.
  const sni = textOf(server.get('sni')) ?? textOf(client.get('sni'))
  const serverName = sni === null ? null : canonicalHost(sni)
  const isConnect = textOf(request.get('method')) === 'CONNECT'
  const via: Via = isConnect ? 'http-connect' : 'http-host'
  const add = (host: string, by: Via) => {
    const name = shownName(host)
    if (name !== null) addName(named, name, by)
  }
  for (const host of lists.request.hosts) add(host, via)
  if (named.names === undefined) {
    const authority = textOf(request.get('authority'))
    const host = textOf(request.get('host'))
    if (authority) add(authority, via)
    // Where the client's packets were taken over, the host is the address that they were sent to.
    else if (host && (sni === null || parseAddress(host) === null)) add(host, via)
  }
  if (serverName !== null) addName(named, serverName, isUdp && !isDtls(server) ? 'quic-sni' : 'tls-sni')
  if (named.names === undefined) {
    // What the client asked the proxy to connect to, or what the proxy is set up for.
    const address = hostPortOf(server.get('address'))
    const name = address && address.address === null ? canonicalHost(address.host) : null
    if (name !== null) addName(named, name, 'log')
  }
  return named.names ?? []
}

const isDtls = (connection: ReadonlyMap<string, Value>) => /^DTLS/.test(textOf(connection.get('tls_version')) ?? '')
