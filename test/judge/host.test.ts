import { describe, expect, it } from 'vitest'
import { Hosts } from '../../functions/judge/host.ts'
import type { Name } from '../../functions/model.ts'
import { declare, service } from './world.ts'

const declaration = declare({
  services: [
    service('account', ['api.account.xiaomi.com', '*.account.xiaomi.com']),
    service('cloud', ['*.micloud.xiaomi.net', '*.xiaomi.net']),
    service('store', ['*.micloud.xiaomi.net.store.mi.com', 'static.micloud.xiaomi.net', 'xiaomi.com']),
  ],
  undeclaredHosts: { vendorSuffixes: ['xiaomi.com', '*.xiaomi.net', 'mi.com'], treatment: 'violation' },
})

const meant = (...names: Name[]) => new Hosts(declaration).meant(names)
const ids = (...names: Name[]) => meant(...names).services.map(({ id }) => id)

describe('a host finds its service', () => {
  const table: readonly (readonly [host: string, services: readonly string[]])[] = [
    ['api.account.xiaomi.com', ['account']],
    ['deep.below.account.xiaomi.com', ['account']],
    ['x.micloud.xiaomi.net', ['cloud']],
    ['static.micloud.xiaomi.net', ['store']],
    ['xiaomi.com', ['store']],
  ]
  it.each(table)('%s belongs to %s, by the most specific pattern', (name, services) => {
    expect(ids({ name, via: 'tls-sni' })).toEqual(services)
  })

  it('a host below a vendor suffix that no service declares is undeclared', () => {
    for (const name of ['mi.com', 'a.mi.com', 'account.xiaomi.com', 'xiaomi.net'])
      expect(meant({ name, via: 'dns' })).toMatchObject({ kind: 'vendor', services: [], undeclared: [name] })
  })

  it('a host that only looks like the vendor suffix is somebody else’s', () => {
    expect(meant({ name: 'notxiaomi.com', via: 'tls-sni' }).kind).toBe('foreign')
    expect(meant({ name: 'xiaomi.com.evil.example', via: 'tls-sni' }).kind).toBe('foreign')
  })

  it('a pattern that two services declare leads to both', () => {
    const shared = declare({ services: [service('b', ['x.mi.com']), service('a', ['x.mi.com'])] })
    const found = new Hosts(shared).meant([{ name: 'x.mi.com', via: 'tls-sni' }])
    expect(found.services.map(({ id }) => id)).toEqual(['a', 'b'])
  })
})

describe('names decide', () => {
  it('what the flow itself says wins over what a resolver said, but does not make it unsaid', () => {
    const front = meant({ name: 'example.org', via: 'tls-sni' }, { name: 'api.account.xiaomi.com', via: 'dns' })
    expect(front).toMatchObject({
      kind: 'fronted',
      hosts: ['api.account.xiaomi.com'],
      elsewhere: ['example.org'],
      foreign: 'example.org',
      via: ['dns'],
    })
    expect(meant({ name: 'example.org', via: 'tls-sni' }, { name: 'a.mi.com', via: 'dns-cname' }).kind).toBe('foreign')
    const ours = meant({ name: 'api.account.xiaomi.com', via: 'tls-sni' }, { name: 'example.org', via: 'dns' })
    expect(ours).toMatchObject({ kind: 'vendor', elsewhere: [], hosts: ['api.account.xiaomi.com'] })
  })

  it('of several names in the payload one that is declared is enough', () => {
    const push = meant({ name: 'app.mi.com', via: 'mipush' }, { name: 'xiaomi.com', via: 'mipush' })
    expect(push).toMatchObject({ hosts: ['xiaomi.com'], undeclared: [], elsewhere: [], besides: ['app.mi.com'] })
  })

  it('names of others at the same address leave it open which was meant', () => {
    const shared = meant({ name: 'api.account.xiaomi.com', via: 'dns' }, { name: 'example.org', via: 'dns' })
    expect(shared).toMatchObject({ hosts: ['api.account.xiaomi.com'], elsewhere: ['example.org'] })
  })

  it('the links of a CNAME chain belong to the name that was asked', () => {
    const chain = meant(
      { name: 'api.account.xiaomi.com', via: 'dns' },
      { name: 'lb-1.ap-southeast-1.elb.amazonaws.com', via: 'dns-cname' },
      { name: 'a.mi.com', via: 'dns-cname' },
    )
    expect(chain).toMatchObject({ hosts: ['api.account.xiaomi.com'], undeclared: [], elsewhere: [] })
  })

  it('a CNAME link that is the vendor’s, asked for under a foreign name, is open', () => {
    const chain = meant({ name: 'shop.example.org', via: 'dns' }, { name: 'a.mi.com', via: 'dns-cname' })
    expect(chain).toMatchObject({ kind: 'vendor', hosts: ['a.mi.com'], elsewhere: ['shop.example.org'] })
  })

  it('an asked name is not the host of the flow', () => {
    const asking = meant({ name: 'appmarket.micloud.xiaomi.net', via: 'http-dns', asked: true })
    expect(asking).toMatchObject({ kind: 'unknown', hosts: [] })
    expect(asking.asked.map(({ host, services }) => [host, services.map(({ id }) => id)])).toEqual([
      ['appmarket.micloud.xiaomi.net', ['cloud']],
    ])
  })

  it('asking for somebody else’s name is nothing of ours', () => {
    expect(meant({ name: 'example.org', via: 'http-dns', asked: true }).asked).toEqual([])
  })

  it('a name inside a tunnel is not the host of the flow, and somebody else’s decides nothing', () => {
    const inside = { via: 'tls-sni', inside: true } as const
    const tunnel = meant({ name: 'appmarket.micloud.xiaomi.net', ...inside }, { name: 'example.org', ...inside })
    expect(tunnel).toMatchObject({ kind: 'unknown', hosts: [], proxied: false })
    expect(tunnel.tunnelled.map(({ host, services, via }) => [host, services.map(({ id }) => id), via])).toEqual([
      ['appmarket.micloud.xiaomi.net', ['cloud'], ['tls-sni']],
    ])
    expect(meant({ name: 'example.org', ...inside })).toMatchObject({ kind: 'unknown', foreign: null, tunnelled: [] })
  })

  it('a host that the flow itself names as well is that of the flow', () => {
    const name = 'appmarket.micloud.xiaomi.net'
    const both = meant({ name, via: 'dns' }, { name, via: 'tls-sni', inside: true })
    expect(both).toMatchObject({ kind: 'vendor', hosts: [name], tunnelled: [] })
  })

  it('address literals and impossible names are no names', () => {
    const odd = meant({ name: '203.0.113.9', via: 'http-host' }, { name: '<script>', via: 'tls-sni' })
    expect(odd).toMatchObject({ kind: 'unknown', unusable: ['203.0.113.9', '<script>'] })
  })

  it('the finding names the host that the flow says first, and how it is known', () => {
    const both = meant(
      { name: 'x.xiaomi.net', via: 'http-host' },
      { name: 'y.xiaomi.net', via: 'tls-sni' },
      { name: 'y.xiaomi.net', via: 'dns' },
    )
    expect(both).toMatchObject({ hosts: ['y.xiaomi.net', 'x.xiaomi.net'], via: ['tls-sni', 'dns'] })
  })
})

describe('beside an encrypted ClientHello', () => {
  const sni = (name: string): Name => ({ name, via: 'tls-sni' })
  const dns = (name: string): Name => ({ name, via: 'dns' })
  const ours = 'api.account.xiaomi.com'
  const table: readonly (readonly [title: string, names: readonly Name[], expected: object])[] = [
    ['somebody else’s server name says nothing', [sni('example.org')], { kind: 'unknown', outer: ['example.org'] }],
    ['answers of a resolver decide', [sni('example.org'), dns(ours)], { kind: 'vendor', hosts: [ours], elsewhere: [] }],
    [
      'answers of a resolver excuse',
      [sni('front.org'), dns('example.org')],
      { kind: 'foreign', foreign: 'example.org' },
    ],
    [
      'the vendor’s server name that an answer confirms is believed',
      [sni(ours), dns('example.org'), dns(ours)],
      { kind: 'vendor', hosts: [ours], elsewhere: [], outer: [] },
    ],
    ['the vendor’s server name alone is open', [sni(ours)], { kind: 'vendor', hosts: [ours], outer: [ours] }],
    [
      'the vendor’s server name with answers for others is open',
      [sni(ours), dns('example.org')],
      { kind: 'vendor', hosts: [ours], outer: [ours], elsewhere: ['example.org'] },
    ],
    ['what HTTP says is not outside', [{ name: ours, via: 'http-host' }], { kind: 'vendor', outer: [] }],
  ]
  it.each(table)('%s', (_, names, expected) => {
    expect(new Hosts(declaration).meant(names, true)).toMatchObject(expected)
  })

  it('the same names are classified apart', () => {
    const hosts = new Hosts(declaration)
    const names = [sni('example.org')]
    expect([hosts.meant(names).kind, hosts.meant(names, true).kind, hosts.meant(names).kind]).toEqual([
      'foreign',
      'unknown',
      'foreign',
    ])
    expect(hosts.at(hosts.meant(names, true).number).encrypted).toBe(true)
  })
})

it('the same list of names is classified once', () => {
  const hosts = new Hosts(declaration)
  const names = () => [
    { name: 'api.account.xiaomi.com', via: 'dns' as const },
    { name: 'b.mi.com', via: 'dns' as const },
  ]
  expect(hosts.meant(names())).toBe(hosts.meant(names()))
  expect(hosts.meant(names().reverse())).toEqual({ ...hosts.meant(names()), number: 1, names: names().reverse() })
})
