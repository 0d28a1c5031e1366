import { describe, expect, it } from 'vitest'
import { formatAddress, parseAddress } from '../../functions/net/address.ts'
import { notWhereItSeems, reachedAddress, specialPurpose } from '../../functions/net/special-purpose.ts'

function address(ip: string) {
  const parsed = parseAddress(ip)
  if (!parsed) throw new Error(`not an address: ${ip}`)
  return parsed
}
const reason = (ip: string) => specialPurpose(address(ip).family, ...address(ip).words)

describe('a special-purpose address', () => {
  // First and last address of each block, and the neighbours that are not in it.
  it.each([
    ['0.0.0.0', 'this-network'],
    ['0.255.255.255', 'this-network'],
    ['1.0.0.0', null],
    ['9.255.255.255', null],
    ['10.0.0.0', 'private-use'],
    ['10.255.255.255', 'private-use'],
    ['11.0.0.0', null],
    ['100.63.255.255', null],
    ['100.64.0.0', 'shared-address-space'],
    ['100.127.255.255', 'shared-address-space'],
    ['100.128.0.0', null],
    ['127.0.0.1', 'loopback'],
    ['169.254.169.254', 'link-local'],
    ['172.15.255.255', null],
    ['172.16.0.0', 'private-use'],
    ['172.31.255.255', 'private-use'],
    ['172.32.0.0', null],
    ['192.0.0.170', 'ietf-protocol-assignments'],
    ['192.0.1.0', null],
    ['192.0.2.255', 'documentation'],
    ['192.167.255.255', null],
    ['192.168.255.255', 'private-use'],
    ['192.169.0.0', null],
    ['198.17.255.255', null],
    ['198.18.0.0', 'benchmarking'],
    ['198.19.255.255', 'benchmarking'],
    ['198.20.0.0', null],
    ['198.51.100.7', 'documentation'],
    ['203.0.113.7', 'documentation'],
    ['223.255.255.255', null],
    ['224.0.0.251', 'multicast'],
    ['239.255.255.255', 'multicast'],
    ['240.0.0.0', 'reserved'],
    ['255.255.255.254', 'reserved'],
    ['255.255.255.255', 'limited-broadcast'],
    ['::', 'unspecified'],
    ['::1', 'loopback'],
    ['::2', 'reserved'],
    ['64:ff9b:1::1', 'local-use-translation'],
    ['64:ff9b:2::1', 'reserved'],
    ['100::1', 'discard-only'],
    ['100:0:0:1::1', 'dummy-prefix'],
    ['1fff:ffff::', 'reserved'],
    ['2000::', null],
    ['2001::1', null],
    ['2001:1::1', 'ietf-protocol-assignments'],
    ['2001:2::1', 'benchmarking'],
    ['2001:2:1::1', 'ietf-protocol-assignments'],
    ['2001:10::1', 'deprecated-orchid'],
    ['2001:2f:ffff::1', 'orchidv2'],
    ['2001:30::1', 'drone-remote-id'],
    ['2001:1ff:ffff::', 'ietf-protocol-assignments'],
    ['2001:200::', null],
    ['2001:db8::1', 'documentation'],
    ['2001:db9::1', null],
    ['2002:102:304::1', null],
    ['3fff:fff::1', 'documentation'],
    ['3fff:1000::1', null],
    ['4000::', 'reserved'],
    ['5f00::1', 'segment-routing-sid'],
    ['fbff::1', 'reserved'],
    ['fc00::1', 'unique-local'],
    ['fdff:ffff::1', 'unique-local'],
    ['fe80::1', 'link-local'],
    ['febf:ffff::1', 'link-local'],
    ['fec0::1', 'site-local'],
    ['ff02::fb', 'multicast'],
    ['2600:1f14::1', null],
  ])('%s is %s', (ip, expected) => expect(reason(ip)).toBe(expected))

  it.each([
    ['::ffff:192.168.1.1', 'private-use'],
    ['::ffff:8.8.8.8', null],
    ['64:ff9b::127.0.0.1', 'loopback'],
    ['64:ff9b::8.8.8.8', null],
  ])('%s is what the IPv4 address within is: %s', (ip, expected) => expect(reason(ip)).toBe(expected))
})

describe('the address that packets reach', () => {
  it.each([
    ['::ffff:54.222.0.1', '54.222.0.1'],
    ['64:ff9b::54.222.0.1', '54.222.0.1'],
    ['64:ff9b:1::54.222.0.1', '64:ff9b:1::36de:1'],
    ['2002:36de:1::1', '2002:36de:1::1'],
    ['54.222.0.1', '54.222.0.1'],
  ])('for %s is %s', (ip, expected) => {
    const reached = reachedAddress(address(ip))
    expect(formatAddress(reached.family, ...reached.words)).toBe(expected)
  })
})

describe('an address that does not tell where its traffic goes', () => {
  it.each([
    '1.1.1.1',
    '8.8.8.8',
    '9.9.9.9',
    '208.67.222.222',
    '2606:4700:4700::1111',
    '192.31.196.1',
    '192.52.193.1',
    '192.88.99.1',
    '192.175.48.42',
    '2001:0:1::1',
    '2002:102:304::1',
    '2001:4:112::1',
    '2620:4f:8000::42',
  ])('%s is global, and named as such', (ip) => {
    expect(reason(ip)).toBeNull()
    expect(notWhereItSeems(address(ip).family, ...address(ip).words)).toMatch(/RFC \d+|anycast/)
  })

  it.each(['8.8.7.8', '192.175.49.0', '2001:db8::1', '2620:4f:8001::'])('%s is none', (ip) =>
    expect(notWhereItSeems(address(ip).family, ...address(ip).words)).toBeNull(),
  )
})
