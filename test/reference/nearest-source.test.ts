import { describe, expect, it } from 'vitest'
import { knownSources } from '../../functions/locate/published/publishers.ts'
import { nearestSource } from '../../functions/reference/nearest-source.ts'

describe('the source that was probably meant', () => {
  it.each([
    ['ranges/awss', 'ranges/aws'],
    ['aws', 'ranges/aws'],
    ['AWS', 'ranges/aws'],
    ['range/azure', 'ranges/azure'],
    ['ranges/azure_china', 'ranges/azure-china'],
    ['ranges/cloudfare', 'ranges/cloudflare'],
    ['digitalocaen', 'ranges/digitalocean'],
    ['anycast/bgp-tools', 'anycast/bgptools'],
    ['ranges/amazon', 'ranges/aws'],
    ['ranges/gcp', 'ranges/google'],
    ['ranges/netflix', null],
    ['nobody', null],
    ['', null],
    ['x'.repeat(10_000), null],
  ])('of %j is %s', (text, source) => {
    expect(nearestSource(text, knownSources())).toBe(source)
  })
})
