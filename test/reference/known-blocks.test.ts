import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { publisherOf } from '../../functions/locate/published/publishers.ts'
import { publisherByBlocks } from '../../functions/reference/known-blocks.ts'

const byBlocks = (source: string, text: string) => {
  const publisher = publisherOf(source) ?? expect.fail(source)
  return publisherByBlocks(publisher.parse(Buffer.from(text), 'file').table, source)
}

describe('whose a list is', () => {
  it.each([
    ['ranges/cloudflare', '104.16.0.0/13\n', 'ranges/cloudflare'],
    // A part of a block, and more than one.
    ['ranges/cloudflare', '173.245.49.0/24\n', 'ranges/cloudflare'],
    ['ranges/fastly', '2a04:4e40::/30\n', 'ranges/fastly'],
    ['ranges/akamai', '104.16.0.0/13\n173.245.48.0/20\n', 'ranges/cloudflare'],
    ['ranges/akamai', '192.0.2.0/24\n', null],
    // Lists of anycast have prefixes of every content delivery network.
    ['ranges/cloudflare', '104.16.1.0/24\n192.5.5.0/24\n193.0.14.0/24\n', 'anycast/bgptools'],
    // Of two with as many it is the one that it should be.
    ['ranges/akamai', '104.16.0.0/13\n23.32.0.0/11\n', 'ranges/akamai'],
  ])('%s with %j: %s', (source, text, publisher) => {
    expect(byBlocks(source, text)).toBe(publisher)
  })
})

const material = new URL('../../../shared/material/ranges/', import.meta.url)
const present = existsSync(material)
if (!present) console.warn(`skipped: published address ranges are not at ${material.pathname}`)

describe.skipIf(!present)('a list as it was published', () => {
  const names = ['alibaba', 'cloudflare', 'digitalocean', 'fastly', 'linode', 'tencent', 'ucloud']
  const files = [
    ...names.map((name) => [`ranges/${name}`, `disposable__${name}.csv`] as const),
    ['anycast/bgptools', 'bgptools-anycast-v4__2026-08-22.csv'] as const,
    ['anycast/bgptools', 'bgptools-anycast-v6__2026-08-22.csv'] as const,
    ['geofeed/aws', 'aws-geofeed__2025-09-18.csv'] as const,
  ]
  it.each(files)('is known as %s by its addresses (%s), also where it has those of one family only', (source, file) => {
    const text = readFileSync(new URL(file, material), 'utf8')
    expect(byBlocks(source, text)).toBe(source)
    for (const family of ['IPv4', 'IPv6'])
      if (text.includes(`\n${family},`))
        expect(byBlocks(source, text.replace(new RegExp(`^${family},.*\n?`, 'gm'), ''))).toBe(source)
  })

  it('is told from every other list of that form', () => {
    for (const name of names)
      for (const other of names.filter((other) => other !== name)) {
        const text = readFileSync(new URL(`disposable__${name}.csv`, material), 'utf8')
        expect(byBlocks(`ranges/${other}`, text)).toBe(`ranges/${name}`)
      }
  })
})
