import { expect, it } from 'vitest'
import { AskedBefore } from '../../functions/locate/asked-before.ts'

it('an address was asked before from the second time on', () => {
  const asked = new AskedBefore()
  for (const ip of ['192.0.2.1', '192.0.2.10', '2001:db8::1', '']) {
    expect(asked.again(ip)).toBe(false)
    expect(asked.again(ip)).toBe(true)
    expect(asked.again(ip)).toBe(true)
  }
})

it('of as many addresses as a capture has, hardly any is forgotten or taken for another', () => {
  const asked = new AskedBefore()
  const ips = Array.from({ length: 5000 }, (_, i) => `10.${i >> 8}.${i & 255}.7`)
  expect(ips.filter((ip) => asked.again(ip)).length).toBeLessThan(10)
  expect(ips.filter((ip) => asked.again(ip)).length).toBeGreaterThan(4500)
})
