import { describe, expect, it } from 'vitest'
import { heldAgainstNames, tellingNames } from '../../functions/locate/name-evidence.ts'
import type { Evidence, Grade, Location, Name } from '../../functions/model.ts'

const IP = '54.67.0.1'
const CALIFORNIA = 'account-1234567890.us-west-1.elb.amazonaws.com'
const OREGON = 'account-1234567890.us-west-2.elb.amazonaws.com'
const CDN = 'd111111abcdef8.cloudfront.net'

const piece = (source: string, rule: string, supports = true): Evidence => {
  return { date: '2026-01-01', rule, says: `${source} says so`, source, supports }
}
const ranges = piece('ranges/aws', 'provider-range')
const dbip = piece('database/dbip-city', 'database')
const registries = piece('database/geo-whois-asn-country', 'database')

function stands(grade: Grade, over: Partial<Location> = {}, evidence: readonly Evidence[] = [ranges]): Location {
  const nowhere = { country: null, subdivision: null, city: null, cloud: null }
  return { ip: IP, grade, ...nowhere, prefix: '54.67.0.0/16', evidence, ...over }
}

const california = { country: 'US', subdivision: 'US-CA', cloud: 'aws:us-west-1' }
const held = (location: Location, names: readonly string[], own: readonly string[] = []) =>
  heldAgainstNames(location, names, own)

describe('names that tell where an address stands', () => {
  it('are those that a resolver gave, below a suffix of a provider; nothing that a client chose', () => {
    const name = (via: Name['via'], text = CALIFORNIA): Name => ({ name: text, via })
    expect(tellingNames([name('dns'), name('dns-cname')])).toEqual([CALIFORNIA])
    expect(tellingNames([name('dns-cname', CDN)])).toEqual([CDN])
    for (const via of ['tls-sni', 'quic-sni', 'http-host', 'http-connect', 'mipush', 'http-dns', 'log'] as const)
      expect(tellingNames([name(via)])).toEqual([])
    expect(tellingNames([name('dns', 'api.account.xiaomi.com'), name('dns', '<script>')])).toEqual([])
    expect(tellingNames([{ name: CALIFORNIA, via: 'dns', asked: true }])).toEqual([])
  })

  it('leave the grade where they agree, and say so', () => {
    for (const grade of ['proven', 'corroborated', 'suspected'] as const) {
      const location = held(stands(grade, california), [CALIFORNIA])
      expect(location).toMatchObject({ grade, ...california })
      expect(location.evidence[1]).toMatchObject({ rule: 'name', supports: true, date: null })
      expect(location.evidence[1]?.says).toBe(
        `The device's resolver gave this address for ${CALIFORNIA}; names below amazonaws.com are the provider's own, and tell aws:us-west-1 (US-CA).`,
      )
    }
    const zone = stands('proven', { country: 'US', cloud: 'aws:us-west-2-lax-1' })
    expect(held(zone, [OREGON])).toMatchObject({ grade: 'proven', cloud: 'aws:us-west-2-lax-1' })
  })

  it('contradict another region, of whichever provider, and both are named', () => {
    const location = held(stands('proven', california), [OREGON])
    expect(location).toMatchObject({ grade: 'conflicted', cloud: null, country: null, prefix: null })
    expect(location.evidence.map(({ supports }) => supports)).toEqual([false, false])
    expect(location.evidence[1]?.says).toContain('aws:us-west-2')
    expect(held(stands('corroborated', { country: 'US', cloud: 'google:us-west1' }), [OREGON]).grade).toBe('conflicted')
    const databases = stands('corroborated', { country: 'CN' }, [dbip, registries])
    expect(held(databases, [CALIFORNIA]).grade).toBe('conflicted')
    expect(held(stands('suspected', { country: 'CN' }, [dbip]), [CALIFORNIA]).grade).toBe('conflicted')
    const newYork = stands('corroborated', { country: 'US', subdivision: 'US-NY' }, [
      piece('ranges/digitalocean', 'provider-range'),
    ])
    expect(held(newYork, [CALIFORNIA]).grade).toBe('conflicted')
    expect(held(stands('unknown', {}, []), [CALIFORNIA, OREGON])).toMatchObject({ grade: 'conflicted' })
  })

  it('corroborate their region alone, and beside databases', () => {
    for (const [location, supports] of [
      [stands('unknown', {}, []), [true]],
      [stands('suspected', { country: 'US' }, [dbip]), [true, true]],
      [stands('corroborated', { country: 'US' }, [dbip, registries]), [true, true, true]],
      [
        stands('conflicted', {}, [piece('database/a', 'database', false), piece('database/b', 'database', false)]),
        [false, false, true],
      ],
    ] as const) {
      const named = held(location, [CALIFORNIA])
      expect(named).toMatchObject({ grade: 'corroborated', country: 'US', cloud: 'aws:us-west-1', prefix: null })
      expect(named.evidence.map((one) => one.supports)).toEqual(supports)
    }
  })

  it('make an address an edge where the provider passes traffic on', () => {
    for (const location of [stands('proven', california), stands('unknown', {}, [])]) {
      const edge = held(location, [CDN, CALIFORNIA])
      expect(edge).toMatchObject({ grade: 'edge', cloud: null, country: null })
      expect(edge.evidence.at(-1)).toMatchObject({ rule: 'name', supports: true })
    }
  })

  it('say nothing of an edge, of what providers dispute, of no place on the Internet, and of another address', () => {
    const private_ = stands('unknown', {}, [{ ...piece('iana', 'special-purpose'), date: null }])
    for (const location of [stands('edge'), stands('conflicted'), private_])
      expect(held(location, [CALIFORNIA])).toBe(location)
    const proven = stands('proven', california)
    expect(held(proven, ['ec2-54-68-0-9.us-west-2.compute.amazonaws.com'])).toBe(proven)
    expect(held(proven, ['ec2-54-67-0-1.us-west-2.compute.amazonaws.com']).grade).toBe('conflicted')
    expect(held(proven, ['api.account.xiaomi.com'])).toBe(proven)
  })

  it("of the vendor's own networks support nothing, and may contradict", () => {
    for (const location of [stands('unknown', {}, []), stands('suspected', california)])
      expect(held(location, [CALIFORNIA], ['aws'])).toBe(location)
    expect(held(stands('suspected', california), [OREGON], ['aws']).grade).toBe('conflicted')
  })
})
