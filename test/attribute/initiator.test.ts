import { expect, it } from 'vitest'
import { initiatorOf } from '../../functions/attribute/initiator.ts'

it.each<[string, number, number, number, 1 | 2]>([
  ['the end that sent the SYN, whatever the ports', 1, 443, 40000, 1],
  ['the end that sent the SYN, also as B', 2, 40000, 443, 2],
  ['the end that is not on a system port', 0, 443, 40000, 2],
  ['the end that is not on a system port, also as A', 0, 40000, 443, 1],
  ['a client whose port is a registered one', 0, 1030, 443, 1],
  ['the client of a well-known service', 0, 5222, 1030, 2],
  ['the client of a well-known service, above an older client port', 0, 3389, 2000, 2],
  ['the end on the ephemeral port', 0, 20000, 50000, 2],
  ['the end with the higher of two registered ports', 0, 12000, 20000, 2],
  ['the end with the higher of two registered ports, also as A', 0, 20000, 12000, 1],
  ['the first sender between two ephemeral ports', 0, 40000, 60000, 1],
  ['the first sender between two servers', 0, 443, 80, 1],
  ['the first sender on the same port', 0, 5353, 5353, 1],
  ['the first sender without ports', 0, -1, -1, 1],
])('%s is the initiator', (_, opener, portA, portB, initiator) => {
  expect(initiatorOf(opener, portA, portB)).toBe(initiator)
})
