import { describe, expect, it } from 'vitest'
import type { Observation } from '../../functions/model.ts'
import { ADDRESSES, judged, observe } from './world.ts'

const to = (host: string, flows: number, over: Partial<Observation> = {}): Observation =>
  observe({ names: [{ name: host, via: 'tls-sni' }], flows, ...over })

describe('what was out of scope', () => {
  it('is listed by host, by address where no host is known, and by reason alone where there is no place', () => {
    const observations = [
      to('cdn.example.org', 2),
      to('Stat.Example.NET.', 3),
      to('cdn.example.org', 5, { session: 's2', remote: ADDRESSES.oregon }),
      observe({ names: [], flows: 4 }),
      observe({ remote: '192.168.1.1', flows: 6 }),
      observe({ remote: '192.168.1.2', flows: 1 }),
      to('api.account.xiaomi.com', 9),
    ]
    const { outOfScope } = judged(observations)
    expect(outOfScope).toEqual([
      { flows: 7, host: 'cdn.example.org', reason: "host is not the vendor's", remote: null },
      { flows: 7, host: null, reason: 'remote is private-use', remote: null },
      { flows: 4, host: null, reason: 'host unknown, in no denied place', remote: ADDRESSES.singapore },
      { flows: 3, host: 'stat.example.net', reason: "host is not the vendor's", remote: null },
    ])
    expect(judged([...observations].reverse()).outOfScope).toEqual(outOfScope)
  })

  it('lists the two hundred with the most flows, and counts the rest in a last entry', () => {
    const observations = Array.from({ length: 5000 }, (_, i) => to(`h${i}.example.org`, i + 1))
    const mixed = [...observations].sort((a, b) => ((a.flows * 7919) % 5003) - ((b.flows * 7919) % 5003))
    const { outOfScope, summary } = judged(mixed)
    expect(outOfScope).toHaveLength(201)
    expect(outOfScope[0]).toMatchObject({ flows: 5000, host: 'h4999.example.org' })
    expect(outOfScope[199]).toMatchObject({ flows: 4801, host: 'h4800.example.org' })
    expect(outOfScope[200]).toMatchObject({ host: null, remote: null, reason: expect.stringContaining('4800 more') })
    expect(outOfScope.reduce((sum, { flows }) => sum + flows, 0)).toBe(
      Object.values(summary.outOfScope).reduce((sum, flows) => sum + flows, 0),
    )
  })

  it('is empty where everything was judged', () => {
    expect(judged([to('api.account.xiaomi.com', 9)]).outOfScope).toEqual([])
  })
})
