import { describe, expect, it } from 'vitest'
import { refuseTorn } from '../../functions/reference/refuse-torn.ts'

describe('a file whose last line does not end', () => {
  it.each([
    ['192.0.2.0/24,US,US-CA,San Jose,\n198.51.100.0/24,US,US-CA,San'],
    ['192.0.2.0/24,US,,,\n198.51.100.0/2'],
    ['23.32.0.0/11\n23.192.0.0/11\n104.64.0.0'],
    ['Type,Address\nIPv4,192.0.2.0/24\nIPv'],
    ['1.0.0.0/24,1.0.0.1\n1.0.4.0/2'],
  ])('is refused where that line has less than all others: %j', (text) => {
    expect(() => refuseTorn(Buffer.from(text), 'feed.csv')).toThrow(/^feed\.csv: its last line does not end.*cut short/)
  })

  it.each([
    ['192.0.2.0/24,US,US-CA,San Jose,\n198.51.100.0/24,US,,,'],
    // Feeds may leave out the last fields: another line does so too.
    ['192.0.2.0/24,US,US-CA,San Jose,\n203.0.113.0/24,US,,\n198.51.100.0/24,US,,'],
    ['23.32.0.0/11\n192.0.2.1\n104.64.0.0/10'],
    ['# one line\n192.0.2.0/24,US,,,'],
    ['192.0.2.0/24,US,,,\n198.51.100.0/24\n'],
    ['192.0.2.0/24,US,,,\r198.51.100.0/24\r'],
    [''],
  ])('is taken otherwise, and whatever ends its last line: %j', (text) => {
    expect(() => refuseTorn(Buffer.from(text), 'feed.csv')).not.toThrow()
  })
})
