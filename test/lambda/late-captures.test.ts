import { rmSync, utimesSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lateCaptures, lateMessage } from '../../functions/lambda/late-captures.ts'
import { Buckets, exampleSessions } from './campaign-in-buckets.ts'

const [first = '', second = ''] = exampleSessions
const now = new Date('2014-11-12T06:00:00Z')
const hoursAgo = (hours: number) => new Date(now.getTime() - hours * 3_600_000)

let buckets: Buckets
beforeEach(() => {
  buckets = new Buckets()
})
afterEach(() => rmSync(buckets.folder, { recursive: true, force: true }))

/** Removes a session's capture, and lets its session.yaml be of a time. */
async function withoutCapture(session: string, uploaded: Date): Promise<string> {
  const [capture = ''] = await buckets.intake.list(`intake/c/${session}/captures/`)
  rmSync(buckets.intake.pathOf(capture))
  utimesSync(buckets.intake.pathOf(`intake/c/${session}/session.yaml`), uploaded, uploaded)
  return capture.slice('intake/c/'.length)
}

describe('late captures', () => {
  it('are those that a session lists and that have not come in time', async () => {
    await buckets.uploadExample('c')
    const source = await withoutCapture(first, hoursAgo(24))
    await withoutCapture(second, hoursAgo(23))
    expect(await lateCaptures(buckets.intake, now, 24)).toEqual([{ campaign: 'c', source }])
    expect(await lateCaptures(buckets.intake, now, 25)).toEqual([])
    // Two weeks later nobody is told any more.
    const twoWeeks = 14 * 24
    expect(await lateCaptures(buckets.intake, hoursAgo(1 - twoWeeks), 24)).toHaveLength(2)
    expect(await lateCaptures(buckets.intake, hoursAgo(-twoWeeks), 24)).toHaveLength(1)
    expect(await lateCaptures(buckets.intake, hoursAgo(-1 - twoWeeks), 24)).toEqual([])
  })

  it('are none where a session is complete, faulty, or has no list', async () => {
    await buckets.uploadExample('c', [first])
    await buckets.intake.write('intake/c/faulty/session.yaml', Buffer.from('kind: Session\n'))
    const inAWeek = new Date(Date.now() + 7 * 24 * 3_600_000)
    expect(await lateCaptures(buckets.intake, inAWeek, 24)).toEqual([])
  })

  it('are named in one message, which a topic can take', () => {
    const one = { campaign: 'redmi-1s', source: 'delhi/captures/rig.pcap' }
    expect(lateMessage([one], 24)).toEqual({
      subject: 'Domicile: 1 capture has not come',
      text:
        '1 capture has not come within 24 hours of the session.yaml that lists it:\n- redmi-1s: delhi/captures/rig.pcap\n' +
        'Upload what is missing, or take it off the list in session.yaml; until then no audit of the campaign can be a pass. ' +
        'This is said daily for 14 days.',
    })
    const many = lateMessage(Array(5000).fill({ ...one, source: 'f'.repeat(1000) }), 24)
    expect(many.subject).toBe('Domicile: 5000 captures have not come')
    expect(many.text).toContain('- and 4800 more\n')
    expect(Buffer.byteLength(many.text)).toBeLessThan(256 * 1024)
  })
})
