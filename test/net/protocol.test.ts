import { expect, it } from 'vitest'
import { protocolKeyword, protocolName } from '../../functions/net/protocol.ts'

it.each([
  [6, 'tcp'],
  [17, 'udp'],
  [1, 'icmp'],
  [58, 'ipv6-icmp'],
  [132, 'sctp'],
  [0, 'hopopt'],
])('protocol %i is %s', (number, keyword) => {
  expect(protocolKeyword(number)).toBe(keyword)
  expect(protocolName(number)).toBe(keyword)
})

it('a protocol without keyword is its number', () => {
  expect(protocolKeyword(253)).toBe(253)
  expect(protocolName(253)).toBe('253')
})
