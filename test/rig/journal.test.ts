import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { loadSession } from '../../functions/declare/load.ts'
import type { Protocol, ProtocolStep } from '../../functions/declare/protocol-shape.ts'
import { captureCounts } from '../../functions/rig/capture-loss.ts'
import { JOURNAL, Journal } from '../../functions/rig/journal.ts'
import { Log } from '../../functions/rig/log.ts'
import { lockFolder } from '../../functions/rig/run-lock.ts'
import { sessionDocument, sessionText } from '../../functions/rig/session-document.ts'
import { partsOf, runName, standingOf } from '../../functions/rig/standing.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'domicile-journal-'))
})

/** A clock that tells the times that it is given. */
const clockOf = (...seconds: number[]) => ({ now: () => 1_414_000_000_000_000 + (seconds.shift() ?? 0) * 1e6 })
const step = (id: string, more: Partial<ProtocolStep> = {}): ProtocolStep => ({
  id,
  title: id,
  kind: 'act',
  optional: false,
  ...more,
})

describe('a journal', () => {
  it('has everything that was added, wherever a crash cut its last line', () => {
    const log = new Log(Journal.open(folder), clockOf(1, 2, 3))
    for (const text of ['a', 'bü', 'c']) log.deviation(text)
    log.journal.close()
    const path = join(folder, JOURNAL)
    const bytes = readFileSync(path)
    const lines = bytes.toString().split('\n').length - 1
    expect(lines).toBe(3)
    for (let length = 0; length <= bytes.length; length++) {
      writeFileSync(path, bytes.subarray(0, length))
      const whole = bytes.subarray(0, length).filter((byte) => byte === 0x0a).length
      const journal = Journal.open(folder)
      expect(journal.entries).toHaveLength(whole)
      journal.add({ event: 'resume', at: '2014-10-22T17:46:50Z' })
      journal.close()
      const again = Journal.open(folder)
      expect(again.entries).toHaveLength(whole + 1)
      again.close()
    }
  })

  it('is refused where a line within is damaged', () => {
    appendFileSync(join(folder, JOURNAL), '{"event":"begin"}\n{"eve\n{"event":"end"}\n')
    expect(() => Journal.open(folder)).toThrow(/journal\.jsonl:2: /)
  })

  it('has each time later than the one before, and says when the clock was set back', () => {
    const log = new Log(Journal.open(folder), clockOf(10, 10, 4, 11))
    for (const text of ['a', 'b', 'c', 'd']) log.deviation(text)
    expect(log.entries.map((entry) => [entry.at, 'what' in entry ? entry.what : ''])).toEqual([
      ['2014-10-22T17:46:50Z', 'a'],
      ['2014-10-22T17:46:50.000001Z', 'b'],
      ['2014-10-22T17:46:50.000002Z', "the rig's clock went back by 6.000 s"],
      ['2014-10-22T17:46:50.000003Z', 'c'],
      ['2014-10-22T17:46:51Z', 'd'],
    ])
    log.journal.close()
  })
})

describe('a clock that is set while a run goes on', () => {
  it('is noted, whichever way, and slewing is not', () => {
    const ticks = [0, 10, 20, 30, 40]
    const clock = { ...clockOf(0, 10.5, 3620, 3630, 40), elapsed: () => (ticks.shift() ?? 0) * 1e6 }
    const log = new Log(Journal.open(folder), clock)
    for (const text of ['a', 'b', 'c', 'd', 'e']) log.deviation(text)
    expect(log.entries.map((entry) => ('what' in entry ? entry.what : ''))).toEqual([
      ...['a', 'b', "the rig's clock went forward by 3599.500 s", 'c', 'd'],
      ...["the rig's clock went back by 3600.000 s", 'e'],
    ])
    log.journal.close()
  })
})

describe('a folder', () => {
  it('is led by one run at a time, and by another once that one is gone', () => {
    const path = join(folder, 's')
    const unlock = lockFolder(path)
    expect(() => lockFolder(path)).toThrow(`process ${process.pid} leads the run`)
    unlock()
    // A number that was given anew to another process.
    writeFileSync(`${path}.lock`, `${process.pid} 1`)
    lockFolder(path)()
    writeFileSync(`${path}.lock`, '')
    lockFolder(path)()
  })
})

describe('where a run stands', () => {
  const steps = [step('a'), step('b'), step('c')]

  it('is what its journal has, after every entry', () => {
    const log = new Log(Journal.open(folder), clockOf(...Array(20).keys()))
    const left = () => {
      const { left, open } = standingOf(log.entries, steps)
      return `${left.map(({ id }) => id).join('')} ${open?.step ?? '-'}`
    }
    expect(left()).toBe('abc -')
    log.add({ event: 'step-begin', of: 'a', step: 'a' })
    expect(left()).toBe('abc a')
    log.add({ event: 'step-end', step: 'a', repeat: true })
    expect(left()).toBe('abc -')
    expect(runName('a', log.entries)).toBe('a-2')
    log.add({ event: 'step-begin', of: 'a', step: 'a-2' })
    log.add({ event: 'step-end', step: 'a-2', repeat: false })
    expect(left()).toBe('bc -')
    log.add({ event: 'step-skip', of: 'b', why: 'no SIM', optional: false })
    expect(left()).toBe('c -')
    log.journal.close()
  })

  it('divides a protocol where the device begins anew', () => {
    const protocol = { steps: [step('a'), step('b', { resets: 'factory-reset' }), step('c')] } as unknown as Protocol
    expect(partsOf(protocol).map((part) => part.map(({ id }) => id))).toEqual([['a'], ['b', 'c']])
    const anew = { steps: [step('a', { resets: 'factory-reset' }), step('b')] } as unknown as Protocol
    expect(partsOf(anew)).toHaveLength(1)
  })
})

describe('session.yaml', () => {
  const at = (second: number) => `2014-10-22T17:46:${String(second).padStart(2, '0')}Z`
  const begin = {
    event: 'begin',
    at: at(0),
    session: 'delhi-1',
    rig: { id: 'rig-delhi' },
    protocol: { id: 'p', sha256: 'a'.repeat(64), part: 1, parts: 1 },
    interface: 'wlan0',
  } as const
  const clock = (second: number, offsetMs: number, errorMs: number) =>
    ({ event: 'clock', at: at(second), reading: { source: 'chrony', offsetMs, errorMs } }) as const

  it('has the worst of the clock', () => {
    expect(sessionDocument([begin, clock(1, 0.5, 2), clock(9, -3, 1)], []).rig.clockErrorMs).toBe(4)
    expect(sessionDocument([begin, clock(1, 0.5, 2)], []).clock).toMatchObject({ offsetMs: 0.5, measuredAt: at(1) })
  })

  it('assumes a second where the clock was not measured, or only once of twice, and more where it went back by more', () => {
    const none = { event: 'clock', at: at(2), reading: null, why: 'nobody answered' } as const
    const back = { event: 'deviation', at: at(3), what: 'went back', clockSetMs: 6000 } as const
    expect(sessionDocument([begin, none], [])).toMatchObject({
      rig: { clockErrorMs: 1000 },
      deviations: ['the clock could not be measured: nobody answered'],
    })
    expect(sessionDocument([begin, clock(1, 0, 1), none], []).rig.clockErrorMs).toBe(1000)
    expect(sessionDocument([begin, clock(1, 0, 1), back], []).rig.clockErrorMs).toBe(6000)
  })

  it('is a session without faults, with what was done, skipped and lost', () => {
    const paths = { file: 'captures/wlan0-1.pcapng', log: 'logs/wlan0-1.dumpcap.log' }
    const text = sessionText(
      [
        begin,
        { event: 'device', at: at(1), state: 'new', addresses: ['02:00:5e:10:00:01'] },
        clock(2, 0, 1),
        { event: 'capture-start', at: at(3), ...paths, tool: 'dumpcap', pid: 1 },
        { event: 'step-begin', at: at(4), of: 'a', step: 'a' },
        { event: 'deviation', at: at(5), step: 'a', what: 'a: "quoted"', from: at(4), until: at(5) },
        { event: 'step-end', at: at(6), step: 'a', repeat: false },
        { event: 'step-skip', at: at(7), of: 'b', why: 'no SIM', optional: true },
        { event: 'step-begin', at: at(8), of: 'c', step: 'c' },
        { event: 'capture-end', at: at(9), file: paths.file, ended: 'stopped', until: at(9), packets: 7, dropped: 2 },
      ],
      [paths.file],
    )
    const { session, faults } = loadSession(text, 'session.yaml')
    expect(faults).toEqual([])
    expect(session).toMatchObject({
      id: 'delhi-1',
      device: { state: 'new' },
      steps: [{ id: 'a' }],
      captures: [{ file: paths.file }],
    })
    expect(text).toContain('dropped: 2')
    expect(text).toContain('why: no SIM')
  })
})

describe('what tools say that they lost', () => {
  it.each([
    [
      "Packets captured: 7\nPackets received/dropped on interface 'wlan0': 7/2 (pcap:1/dumpcap:1/flushed:0/ps_ifdrop:0) (77.8%)\n",
      { packets: 7, dropped: 2 },
    ],
    [
      "Capturing on 'Loopback: lo'\nPackets captured: 0\nPackets received/dropped on interface 'Loopback: lo': 0/0 (pcap:0/dumpcap:0/flushed:0/ps_ifdrop:0) (0.0%)\n",
      { packets: 0, dropped: 0 },
    ],
    [
      'tcpdump: listening on wlan0\n7 packets captured\n9 packets received by filter\n2 packets dropped by kernel\n1 packet dropped by interface\n',
      { packets: 7, dropped: 3 },
    ],
    ['1 packet captured\n1 packet received by filter\n0 packets dropped by kernel\n', { packets: 1, dropped: 0 }],
    ["Capturing on 'wlan0'\n", {}],
  ])('is read of %j', (text, counts) => {
    expect(captureCounts(text)).toEqual(counts)
  })
})
