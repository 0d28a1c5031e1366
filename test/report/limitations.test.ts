import { describe, expect, it } from 'vitest'
import type { Judgement, ReportLedger, SnapshotFacts } from '../../functions/model.ts'
import { limitationsOf } from '../../functions/report/limitations.ts'
import { AFTER, BEFORE, judged, observe } from '../judge/world.ts'
import { reportOf } from './sample.ts'

const judgement = (over: Partial<Judgement> = {}): Judgement => ({ ...judged([observe()]), ...over })
const snapshot = (date: string, source = 'database/dbip-city'): SnapshotFacts => ({
  source,
  date,
  sha256: 'e'.repeat(64),
  size: 1,
})
const limits = (
  over: { judgement?: Judgement; ledger?: readonly ReportLedger[]; snapshots?: readonly SnapshotFacts[] } = {},
) =>
  limitationsOf(over.judgement ?? judgement(), over.ledger ?? [], over.snapshots ?? [snapshot('2014-11-01')]).join('\n')

describe('limitations', () => {
  it('always say that a capture shows where connections end, not where data is kept', () => {
    expect(limits()).toContain('not where data is stored, replicated or deleted afterwards')
  })

  const distances: readonly (readonly [title: string, dates: readonly string[], says: RegExp | null])[] = [
    [
      'a snapshot years younger than the packets',
      ['2026-06-05'],
      /2026-06-05 is 11\.6 years younger than the first packets/,
    ],
    ['a snapshot months older', ['2014-06-01'], /2014-06-01 is 5 months older than the last packets/],
    ['a snapshot within a month', ['2014-11-20'], null],
    ['a snapshot among the packets', ['2014-10-25'], null],
    ['snapshots on both sides, however far', ['2013-01-01', '2016-01-01'], null],
  ]
  it.each(distances)('%s', (_, dates, says) => {
    const text = limits({ snapshots: dates.map((date) => snapshot(date)) })
    if (says) expect(text).toMatch(says)
    else expect(text).not.toContain('database/dbip-city')
  })

  it('judge every source by itself', () => {
    const text = limits({ snapshots: [snapshot('2026-06-05'), snapshot('2014-11-01', 'ranges/aws')] })
    expect(text).toContain('database/dbip-city')
    expect(text).not.toContain('ranges/aws')
  })

  it('say that nothing could be located without reference data', () => {
    expect(limits({ snapshots: [] })).toContain('No reference data was loaded')
  })

  it('count what this audit could not see', () => {
    const text = reportOf().limitations.join('\n')
    expect(text).toContain('1 (tls ech)')
    expect(text).toContain('Nothing is known of 1 gap in the captures (10 records)')
    expect(text).toContain('Read only in part: sessions/s2/captures/flow.log.gz')
  })

  it('say which captures have no content by their formats, where somebody looked', () => {
    const [sample] = reportOf().ledger
    const looked = judgement({ reading: { ...judgement().reading, partly: 3 } })
    const formats = ['zeek', 'pcapng', 'eve', 'netflow', 'zeek']
    const ledger = formats.flatMap((format) => (sample ? [{ ...sample, format, flows: 2 }] : []))
    const text = limits({ judgement: looked, ledger })
    expect(text).toContain(
      'In 3 captures (netflow, zeek) there is no content, by the format: what was sent is not known.',
    )
    expect(text).toContain('In 1 capture (eve) there is no content but names and URLs')
    expect(limits({ ledger })).not.toContain('by the format')
    expect(limits({ judgement: looked, ledger: ledger.map((one) => ({ ...one, flows: 0 })) })).not.toContain(
      'by the format',
    )
  })

  it('count flows of unknown hosts, devices and clocks', () => {
    const blind = judged([
      observe({ names: [], flows: 5 }),
      observe({ deviceKnown: false, flows: 6, session: 'stray' }),
    ])
    const text = limits({ judgement: blind })
    expect(text).toContain('5 flows of unknown host stood in no denied place')
    expect(text).toContain('Of 6 flows it is not known which end is the device')
    expect(text).toContain('No session.yaml describes stray')
  })

  it('say nothing of snapshots where there are no packets', () => {
    expect(limits({ judgement: judgement({ period: null }), snapshots: [snapshot('2026-06-05')] })).not.toContain(
      'younger',
    )
    expect(
      limits({ judgement: judgement({ period: { from: BEFORE, until: AFTER } }), snapshots: [snapshot('2026-06-05')] }),
    ).toContain('younger')
  })
})
