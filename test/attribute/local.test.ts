import fc from 'fast-check'
import { expect, it } from 'vitest'
import { localEnd } from '../../functions/attribute/local.ts'
import { parseAddress } from '../../functions/net/address.ts'
import { specialPurpose } from '../../functions/net/special-purpose.ts'

const LOCAL = ['private-use', 'shared-address-space', 'link-local', 'loopback', 'this-network']
const global = Uint32Array.of(0x08080808, 0, 0, 0)

it('every IPv4 address is local or not as the registry says, also beside one that was asked for before', () => {
  const notable = fc.constantFrom(
    '192.0.0.1',
    '192.0.2.1',
    '192.168.0.1',
    '192.167.255.255',
    '198.51.100.1',
    '203.0.113.9',
    '255.255.255.255',
    '172.31.255.255',
    '172.32.0.0',
    '100.127.0.1',
    '100.128.0.0',
  )
  const near = fc.tuple(notable, fc.nat(512)).map(([text, by]) => ((parseAddress(text)?.words[0] ?? 0) + by) >>> 0)
  fc.assert(
    fc.property(fc.oneof(near, fc.nat(0xffffffff)), (address) => {
      const reason = specialPurpose(4, address, 0, 0, 0)
      const local = reason !== null && LOCAL.includes(reason)
      expect(localEnd(4, Uint32Array.of(address, 0, 0, 0), global, 0) === 1).toBe(local)
      // As the other end it counts only where it can be a host elsewhere.
      const elsewhere = reason === null || reason === 'documentation' || reason === 'benchmarking'
      expect(localEnd(4, Uint32Array.of(0x0a000001, 0, 0, 0), Uint32Array.of(address, 0, 0, 0), 0) === 1).toBe(
        elsewhere,
      )
    }),
    { numRuns: 5000 },
  )
})

it('the unspecified address is the host that wrote the log', () => {
  const nobody = new Uint32Array(4)
  expect(localEnd(4, nobody, global, 0)).toBe(1)
  expect(localEnd(6, nobody, Uint32Array.of(0x26001f18, 0, 0, 1), 0)).toBe(1)
  // A host that asks for its address speaks to everybody, which is no host.
  expect(localEnd(4, nobody, Uint32Array.of(0xffffffff, 0, 0, 0), 0)).toBe(0)
})
