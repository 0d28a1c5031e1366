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
    ] as const) {
      const named = held(location, [CALIFORNIA])
      expect(named).toMatchObject({ grade: 'corroborated', country: 'US', cloud: 'aws:us-west-1', prefix: null })
      expect(named.evidence.map((one) => one.supports)).toEqual(supports)
    }
  })

  it('make an address an edge where the provider passes traffic on', () => {
    for (const location of [stands('corroborated', california), stands('unknown', {}, [])]) {
      const edge = held(location, [CDN, CALIFORNIA])
      expect(edge).toMatchObject({ grade: 'edge', cloud: null, country: null })
      expect(edge.evidence.at(-1)).toMatchObject({ rule: 'name', supports: true })
    }
  })

  it('say nothing of an edge, of what providers dispute, of no place on the Internet, and of another address', () => {
    const special = [{ ...piece('iana', 'special-purpose'), date: null }]
    const nowhere = ['192.168.1.7', '64:ff9b::192.168.1.7', '::ffff:10.0.0.1', '2001:db8::1'].map((ip) =>
      stands('unknown', { ip }, special),
    )
    for (const location of [stands('edge'), stands('conflicted'), ...nowhere])
      expect(held(location, [CALIFORNIA])).toBe(location)
    const proven = stands('proven', california)
    expect(held(proven, ['ec2-54-68-0-9.us-west-2.compute.amazonaws.com'])).toBe(proven)
    expect(held(proven, ['ec2-54-67-0-1.us-west-2.compute.amazonaws.com']).grade).toBe('conflicted')
    expect(held(proven, ['api.account.xiaomi.com'])).toBe(proven)
  })

  it('are held against the address that packets reach, where it is written as IPv6', () => {
    for (const ip of ['64:ff9b::3643:1', '::ffff:54.67.0.1']) {
      const embedded = { ...piece('iana', 'special-purpose'), date: null }
      const proven = stands('proven', { ...california, ip }, [embedded, ranges])
      const named = held(proven, ['ec2-54-67-0-1.us-west-1.compute.amazonaws.com'])
      expect(named.evidence.at(-1)).toMatchObject({ rule: 'name', supports: true })
      expect(held(proven, ['ec2-54-67-0-1.us-west-2.compute.amazonaws.com']).grade).toBe('conflicted')
      expect(held(proven, ['ec2-54-68-0-9.us-west-2.compute.amazonaws.com'])).toBe(proven)
      expect(held(stands('unknown', { ip }, [embedded]), [CDN]).grade).toBe('edge')
    }
  })

  it('alone tell no more than a region and its zones have in common', () => {
    const unknown = stands('unknown', {}, [])
    const alone = (region: string, location = unknown) => held(location, [`lb-1.${region}.elb.amazonaws.com`])
    // The zones of Oregon's region stand in ten cities of one country; Singapore's as far as Hanoi and Manila.
    expect(alone('us-west-2')).toMatchObject({ cloud: 'aws:us-west-2', country: 'US', subdivision: null, city: null })
    expect(alone('us-west-2').evidence.at(-1)?.says).toMatch(
      /tell aws:us-west-2 \(Boardman, US-OR\) or one of its zones/,
    )
    for (const region of ['ap-southeast-1', 'us-east-1', 'me-south-1'])
      expect(alone(region)).toMatchObject({ grade: 'corroborated', cloud: `aws:${region}`, country: null, city: null })
    expect(held(unknown, ['ec2-54-67-0-1.compute-1.amazonaws.com'])).toMatchObject({ country: null, subdivision: null })
    expect(alone('eu-west-1')).toMatchObject({ country: 'IE', subdivision: 'IE-D', city: 'Dublin' })
  })

  it('contradict no country of a zone of their region, and leave what was corroborated without them', () => {
    const argentina = (grade: Grade) => stands(grade, { country: 'AR' }, [dbip, registries])
    const name = ['lb-1.us-east-1.elb.amazonaws.com']
    expect(held(argentina('corroborated'), name)).toMatchObject({ grade: 'corroborated', country: 'AR' })
    expect(held(argentina('suspected'), name)).toMatchObject({ grade: 'corroborated', country: null })
    expect(held(stands('corroborated', { country: 'CN' }, [dbip, registries]), name).grade).toBe('conflicted')
  })

  it('do not place an address that another provider lists, or of which databases disagree', () => {
    const untold = piece('ranges/alibaba', 'provider-range', false)
    expect(held(stands('suspected', { country: 'US' }, [untold, dbip]), [CALIFORNIA]).grade).toBe('conflicted')
    expect(held(stands('unknown', {}, [untold]), [CALIFORNIA]).grade).toBe('conflicted')
    expect(held(stands('unknown', {}, [untold]), ['lb-1.us-west-1.alb.aliyuncs.com']).grade).toBe('corroborated')
    const disputed = stands('conflicted', {}, [
      piece('database/a', 'database', false),
      piece('database/b', 'database', false),
    ])
    expect(held(disputed, [CALIFORNIA])).toMatchObject({ grade: 'conflicted', cloud: null })
  })

  it('of an edge take no address out of the region that lists prove, and say that they do not hold', () => {
    for (const name of [CDN, 'api.azurefd.net', 'service.us-west2.run.app']) {
      const location = held(stands('proven', california), [name])
      expect(location).toMatchObject({ grade: 'proven', ...california, prefix: '54.67.0.0/16' })
      expect(location.evidence.at(-1)).toMatchObject({ rule: 'name', supports: false })
      expect(location.evidence.at(-1)?.says).toContain('published lists prove the address in a region')
    }
    expect(held(stands('proven', california), [CDN, OREGON]).grade).toBe('conflicted')
  })

  it("of the vendor's own networks support nothing, and may contradict", () => {
    for (const location of [stands('unknown', {}, []), stands('suspected', california)])
      expect(held(location, [CALIFORNIA], ['aws'])).toBe(location)
    expect(held(stands('suspected', california), [OREGON], ['aws']).grade).toBe('conflicted')
  })
})
