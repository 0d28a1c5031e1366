import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dayOf, nearest } from '../../functions/locate/snapshots.ts'
import { daysOf, daysOfDates, snapshotsAround } from '../../functions/reference/list-snapshots.ts'
import { referenceKey } from '../../functions/store/reference-key.ts'

const HOUR = 3_600e6
const hash = (number: number) => number.toString(16).padStart(64, '0')
const keyOf = (date: string, number = 0, source = 'ranges/aws') =>
  referenceKey({ source, date, sha256: hash(number), extension: 'json' })
const keysOf = (...dates: string[]) => dates.map((date) => keyOf(date))
const around = (keys: readonly string[], ...days: string[]) => snapshotsAround(keys, daysOfDates(days))

describe('the snapshots that count', () => {
  const kept = keysOf('2014-08-20', '2014-10-29', '2014-11-02', '2014-11-03', '2015-11-03', '2026-06-05')

  it.each<[string, readonly string[], readonly string[]]>([
    ['between two', ['2014-10-31'], ['2014-08-20', '2014-10-29', '2014-11-02', '2014-11-03']],
    ['on the day of one', ['2014-11-02'], ['2014-08-20', '2014-10-29', '2014-11-02', '2014-11-03', '2015-11-03']],
    ['on days far apart', ['2014-08-19', '2030-01-01'], ['2014-08-20', '2014-10-29', '2015-11-03', '2026-06-05']],
    ['before all, by a clock that was never set', ['1970-01-01'], ['2014-08-20', '2014-10-29']],
    ['after all', ['2030-01-01'], ['2015-11-03', '2026-06-05']],
    ['on no day', [], []],
  ])('for packets %s', (_what, days, dates) => {
    expect(around(kept, ...days)).toEqual(keysOf(...dates))
  })

  it('are of each source the nearest, and of a day all', () => {
    const others = ['2013-01-01', '2013-06-01', '2020-01-01'].map((date) => keyOf(date, 1, 'ranges/other'))
    const twice = [keyOf('2014-10-29', 7), keyOf('2014-10-29', 8)]
    expect(around([...kept, ...others, ...twice], '2014-10-31')).toEqual([
      ...keysOf('2014-08-20', '2014-10-29', '2014-11-02', '2014-11-03'),
      ...others,
      ...twice,
    ])
  })

  it('leave what is named like none for opening to refuse', () => {
    expect(around(['ranges/aws/ip-ranges.json', ...kept], '1970-01-01')).toEqual([
      'ranges/aws/ip-ranges.json',
      ...keysOf('2014-08-20', '2014-10-29'),
    ])
  })

  it('hold the nearest on either side of every packet', () => {
    const instant = fc.integer({ min: 0, max: 2_000 }).map((hours) => hours * HOUR)
    const instants = (minLength: number) => fc.array(instant, { minLength, maxLength: 30 })
    fc.assert(
      fc.property(instants(0), instants(1), (times, packets) => {
        const snapshots = times.map((time, number) => ({ time, key: keyOf(dayOf(time), number) }))
        const observations = packets.map((hour) => ({ hour })) as never
        const keys = snapshotsAround(
          snapshots.map(({ key }) => key),
          daysOf([{ observations }]),
        )
        const counted = snapshots.filter(({ key }) => keys.includes(key))
        for (const packet of packets) expect(nearest(counted, packet)).toEqual(nearest(snapshots, packet))
      }),
    )
  })
})
