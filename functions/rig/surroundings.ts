/** What the rig is like: its resolvers, the families of its public addresses, the versions of its programs. Nothing outside is asked. */
import { execFile } from 'node:child_process'
import { getServers } from 'node:dns'
import { readFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { parseAddress } from '../net/address.ts'
import { specialPurpose } from '../net/special-purpose.ts'

/** Where systemd-resolved writes whom it asks; `/etc/resolv.conf` then only names itself. */
const BEHIND_STUB = '/run/systemd/resolve/resolv.conf'

/** Addresses of the resolvers, without ports and zones. */
export function resolversOf(): readonly string[] {
  const plain = (server: string) => server.replace(/^\[(.*)\](:\d+)?$/, '$1').replace(/%.*$/, '')
  const servers = getServers()
    .map(plain)
    .map((server) => (/^[\d.]+:\d+$/.test(server) ? server.replace(/:\d+$/, '') : server))
  if (!servers.every((server) => server.startsWith('127.'))) return servers
  try {
    const named = [...readFileSync(BEHIND_STUB, 'utf8').matchAll(/^nameserver\s+(\S+)/gm)]
    return named.length > 0 ? named.map(([, server = '']) => plain(server)) : servers
  } catch {
    return servers
  }
}

/** Which families have a public address; the addresses themselves are nobody's business. */
export function familiesOf(): { readonly families: readonly ('ipv4' | 'ipv6')[]; readonly behindNat: boolean } {
  const own = Object.values(networkInterfaces()).flatMap((interfaces = []) =>
    interfaces.filter(({ internal }) => !internal),
  )
  const isPublic = (text: string) => {
    const address = parseAddress(text)
    return address !== null && specialPurpose(address.family, ...address.words) === null
  }
  const of = (family: 'IPv4' | 'IPv6') => own.filter((address) => address.family === family)
  const has = (family: 'IPv4' | 'IPv6') => of(family).some(({ address }) => isPublic(address))
  return {
    families: [...(has('IPv4') ? (['ipv4'] as const) : []), ...(has('IPv6') ? (['ipv6'] as const) : [])],
    behindNat: of('IPv4').length > 0 && !has('IPv4'),
  }
}

/** The first line of what a program says of its version; null where it is not there. */
export function versionOf(program: string, option = '--version'): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(program, [option], { timeout: 5000 }, (error, stdout, stderr) => {
      const [first = ''] = (stdout || stderr).split('\n')
      resolve(error && first.trim() === '' ? null : first.trim() || null)
    })
  })
}
