import { describe, expect, it } from 'vitest'
import { loadSession } from '../../functions/declare/load.ts'
import { changed, session, shown } from './fault-cases.ts'

const [one, two] = ['a'.repeat(64), 'b'.repeat(64)]

/** A session with what a rig records. */
const recorded = `${changed(session, 'model: Redmi 1S', 'state: factory-reset, model: Redmi 1S')}
seeds:
  key: 0123456789abcdef
  envelope: seeds.json.enc
  seeds:
    - { id: imei, kind: imei, commitments: [${one}, ${two}] }
    - { id: imei-2, kind: imei, commitments: [${one}] }
resolvers: [192.168.7.1, "2001:db8::1"]
clock: { source: chrony, offsetMs: -3.2, errorMs: 11, measuredAt: 2014-11-03T09:59:00+05:30 }
capture: { tool: dumpcap, version: 4.2.2, interface: wlan0, dropped: 0 }
canary: { address: 203.0.113.7, port: 443, at: 2014-11-03T10:01:00+05:30, step: first-boot }
deviations: ["the SIM was in already"]
files:
  - { file: captures/wlan0.pcapng, size: 4096, sha256: ${one} }
  - { file: seeds.json.enc, size: 512, sha256: ${two} }
`

/** A number that is somebody's, had somebody written it. */
const raw = '001012345678902'
const kinds =
  'imei, imsi, iccid, phone, carrier, wifi-mac, bluetooth-mac, android-id, advertising-id, contact-name, contact-phone, message, location, email, account, serial'

const cases: readonly (readonly [what: string, from: string, to: string, faults: readonly string[]])[] = [
  [
    'a state that is none',
    'state: factory-reset',
    'state: reset',
    [
      '8:80 error device.state: `reset` is none of its values: write one of `new`, `factory-reset`, `updated`, `in-use`',
    ],
  ],
  [
    'the value beside its commitments',
    'id: imei, kind',
    `id: imei, value: "${raw}", kind`,
    [
      '20:19 error seeds.seeds[0]: unknown key: these are known here: `id`, `kind`, `commitments`; values have no place here, `domicile rig seeds` keeps them',
    ],
  ],
  [
    'the value as a key',
    'envelope: seeds.json.enc',
    `envelope: seeds.json.enc\n  ${raw}: imei`,
    [
      '19:3 error seeds: unknown key: these are known here: `key`, `envelope`, `seeds`; values have no place here, `domicile rig seeds` keeps them',
    ],
  ],
  [
    'a value in the place of a commitment',
    `[${one}] }`,
    `["${raw}"] }`,
    [
      '21:47 error seeds.seeds[1].commitments[0]: is no commitment, which has 64 hex digits: have `domicile rig seeds` write it, never the value',
    ],
  ],
  [
    'a number in the place of a commitment',
    `[${one}] }`,
    `[${raw}] }`,
    ['21:47 error seeds.seeds[1].commitments[0]: must be text, but is a number: write `9f86d081884c7d65…`'],
  ],
  [
    'a value in the place of its commitments',
    `[${one}] }`,
    `"${raw}" }`,
    ['21:46 error seeds.seeds[1].commitments: must be a list, but is text: write `commitments: [9f86d081884c7d65…]`'],
  ],
  [
    'a value in the place of an id',
    'id: imei-2',
    `id: "${raw}"`,
    [
      '21:13 error seeds.seeds[1].id: is no name for an identifier: write letters, hyphens and at most five digits, a letter first',
    ],
  ],
  [
    'a value within an id',
    'id: imei-2',
    `id: imei-${raw}`,
    [
      '21:13 error seeds.seeds[1].id: is no name for an identifier: write letters, hyphens and at most five digits, a letter first',
    ],
  ],
  [
    'a value in the place of a kind',
    'id: imei-2, kind: imei,',
    `id: imei-2, kind: "${raw}",`,
    [`21:27 error seeds.seeds[1].kind: is text that is none of its values: write one of ${kinds}`],
  ],
  [
    'a value in the place of an identifier',
    `- { id: imei-2, kind: imei, commitments: [${one}] }`,
    `- ${raw}`,
    ['21:7 error seeds.seeds[1]: must be a map of keys, but is a number: write `{ id: …, kind: …, commitments: … }`'],
  ],
  [
    'the key in the place of its id',
    'key: 0123456789abcdef',
    `key: ${'c'.repeat(64)}`,
    [
      "17:8 error seeds.key: is no key's id, which has 16 hex digits: have `domicile rig seeds` write it, never the key itself",
    ],
  ],
  [
    'an envelope elsewhere',
    'envelope: seeds.json.enc',
    'envelope: ../seeds.json.enc',
    ["18:13 error seeds.envelope: is no path of a file below the session's folder: write `envelope: seeds.json.enc`"],
  ],
  [
    'no identifier',
    /seeds:\n {4}(?:.*\n){2}/.exec(recorded)?.[0] ?? '',
    'seeds: []\n',
    [
      '19:10 error seeds.seeds: is an empty list: name at least one, such as `seeds: [{ id: …, kind: …, commitments: … }]`',
    ],
  ],
  [
    'two identifiers of one id',
    'id: imei-2',
    'id: imei',
    [
      '21:13 error seeds.seeds[1].id: identifier `imei` is there already, as seeds.seeds[0]: give this one an id of its own',
    ],
  ],
  [
    'a commitment twice',
    `[${one}, ${two}]`,
    `[${one}, ${one}]`,
    ['20:111 error seeds.seeds[0].commitments[1]: is listed twice: remove one of them'],
  ],
  [
    'a resolver that is a name',
    'resolvers: [192.168.7.1',
    'resolvers: [dns.example',
    ['22:13 error resolvers[0]: `dns.example` is no IP address: write 192.168.7.1 or 2001:db8::1'],
  ],
  [
    'a clock that was off by more than it says',
    'errorMs: 11,',
    'errorMs: 49,',
    ['7:17 warning rig.clockErrorMs: is 50, and the clock was measured to be off by up to 53 ms: write that'],
  ],
  [
    'a clock that was measured at no time',
    'measuredAt: 2014-11-03T09:59:00+05:30',
    'measuredAt: 2014-11-31T09:59:00+05:30',
    [
      '23:67 error clock.measuredAt: 2014-11-31T09:59:00+05:30 is impossible, 2014-11 has 30 days: write 2014-11-01 to 2014-11-30',
    ],
  ],
  [
    'a loss that is less than none',
    'dropped: 0',
    'dropped: -1',
    ['24:70 error capture.dropped: is -1, which is too small: write a number from 0'],
  ],
  [
    'a canary in no step',
    'step: first-boot',
    'step: first-bot',
    ['25:81 error canary.step: there is no step `first-bot`: did you mean `first-boot`?'],
  ],
  [
    'a canary at no address',
    'address: 203.0.113.7',
    'address: example.com',
    ['25:20 error canary.address: `example.com` is no IP address: write 192.168.7.1 or 2001:db8::1'],
  ],
  [
    'a number in a deviation',
    'the SIM was in already',
    `dialled ${raw}`,
    [
      '26:14 warning deviations[0]: has a long number, and everybody may read it: say what was done without anything that was planted',
    ],
  ],
  [
    'a value as a key elsewhere',
    'resolvers: [',
    `"${raw}": imei\nresolvers: [`,
    [
      '22:1 error unknown key: these are known here: `apiVersion`, `kind`, `id`, `rig`, `device`, `steps`, `captures`, `seeds`, `resolvers`, `clock`, `capture`, `canary`, `deviations`, `files`, `protocol`, `script`, `network`, `tools`, `captureRuns`, `skipped`, `sealedAt`; values have no place here, `domicile rig seeds` keeps them',
    ],
  ],
  [
    'a hash of itself',
    'file: captures/wlan0.pcapng, size',
    'file: ./session.yaml, size',
    ['28:13 error files[0].file: `./session.yaml` cannot have its own hash in it: remove it here'],
  ],
  [
    'a file that is listed twice',
    'file: captures/wlan0.pcapng, size',
    'file: ./seeds.json.enc, size',
    ['29:13 error files[1].file: `seeds.json.enc` is listed already, as files[0]: seal the session anew'],
  ],
  [
    'a hash that is none',
    `size: 512, sha256: ${two}`,
    'size: 512, sha256: abc',
    ['29:48 error files[1].sha256: is no SHA-256: write its 64 hex digits in lower case'],
  ],
]

describe('what a rig records of a session', () => {
  it('is read, and what an audit needs of it is kept', () => {
    const { session: read, faults } = loadSession(recorded, 'session.yaml')
    expect(faults.map(shown)).toEqual([])
    expect(read?.device.state).toBe('factory-reset')
    expect(read?.seeds).toEqual({
      key: '0123456789abcdef',
      envelope: 'seeds.json.enc',
      seeds: [
        { id: 'imei', kind: 'imei', commitments: [one, two] },
        { id: 'imei-2', kind: 'imei', commitments: [one] },
      ],
    })
  })

  it.each([
    ['none', 'dropped: 0', undefined],
    ['those of the tool', 'dropped: 7', 7],
    ['those of its runs, where it has no sum', 'dropped: 0', 5, [2, 3]],
    ['those of its runs that say it', 'dropped: 0', 2, [2, null]],
    ['all of them, where only some runs say it', 'dropped: 9', 9, [2, null]],
  ] as const)('packets that were lost are %s', (_what, dropped, lost, ofRuns: readonly (number | null)[] = []) => {
    const runs = ofRuns.map((count, i) => {
      const counted = count === null ? '' : `, dropped: ${count}`
      return `  - { file: ${i}.pcapng, from: 2014-11-03T04:30:00Z, until: 2014-11-03T05:30:00Z, ended: stopped${counted} }\n`
    })
    const record = `${changed(recorded, 'dropped: 0', dropped)}${runs.length > 0 ? `captureRuns:\n${runs.join('')}` : ''}`
    const { session: read, faults } = loadSession(record, 'session.yaml')
    expect(faults.map(shown)).toEqual([])
    expect(read?.lost).toBe(lost)
  })

  const time = (text: string) => Date.parse(`2014-11-03T${text}Z`) * 1000
  const ran = (from: string, until: string, more = 'ended: stopped') => ({ from, until, more })
  const span = (from: string, until: string, after: string | null) => ({ from: time(from), until: time(until), after })
  it.each([
    ['none, of a run around all steps', [ran('04:29:59', '05:40:00')], undefined],
    ['none, of runs that overlap', [ran('04:29:59', '04:34:00'), ran('04:33:00', '05:40:00')], undefined],
    ['none, of a run that begins and ends with the steps', [ran('04:30:00', '05:35:00')], undefined],
    [
      'what lies before, between and behind runs, however short',
      [ran('04:32:00.004', '05:34:00'), ran('04:31:00', '04:32:00')],
      [
        span('04:30:00', '04:31:00', null),
        span('04:32:00', '04:32:00.004', 'stopped'),
        span('05:34:00', '05:35:00', 'stopped'),
      ],
    ],
    ['everything, where nothing ran', [], [span('04:30:00', '05:35:00', null)]],
    [
      'everything, where a run was over before',
      [ran('04:00:00', '04:10:00')],
      [span('04:30:00', '05:35:00', 'stopped')],
    ],
    [
      'from where a run died, though it was the last',
      [ran('04:29:00', '04:36:00', 'ended: died, packets: 7')],
      [span('04:36:00', '05:35:00', 'died')],
    ],
    [
      'the instant at which a run was killed, though the next ran already',
      [ran('04:29:00', '04:36:00', 'ended: killed'), ran('04:35:00', '05:40:00')],
      [span('04:36:00', '04:36:00', 'killed')],
    ],
    [
      'the end, where the last run was found dead behind it',
      [ran('04:29:00', '05:45:00', 'ended: found-dead')],
      [span('05:35:00', '05:35:00', 'found-dead')],
    ],
    [
      'the time of a run that died and does not say that it wrote anything',
      [ran('04:29:00', '04:31:00', 'ended: died'), ran('04:31:00', '05:40:00')],
      [span('04:30:00', '04:31:00', null)],
    ],
  ] as const)('spans that were not captured are %s', (_what, runs, uncaptured) => {
    const lines = runs.map(
      ({ from, until, more }, i) =>
        `\n  - { file: ${i}.pcapng, from: 2014-11-03T${from}Z, until: 2014-11-03T${until}Z, ${more} }`,
    )
    const { session: read, faults } = loadSession(`${recorded}captureRuns:${lines.join('') || ' []'}\n`, 'session.yaml')
    expect(faults.map(shown)).toEqual([])
    expect(read?.uncaptured).toEqual(uncaptured)
  })
  it('who led the session, what went otherwise and what was skipped are known to an audit', () => {
    const more = `script: { sha256: ${one}, timeScale: 10 }\nskipped: [{ step: mms, why: the SIM has none }]\n`
    expect(loadSession(`${recorded}${more}`, 'session.yaml').session).toMatchObject({
      unattended: { timeScale: 10 },
      deviations: ['the SIM was in already'],
      skipped: [{ step: 'mms', why: 'the SIM has none' }],
    })
    const plain = loadSession(session, 'session.yaml').session
    for (const key of ['unattended', 'deviations', 'skipped', 'uncaptured']) expect(plain).not.toHaveProperty(key)
  })
  it('an impossible time of a run is a fault', () => {
    const run = '{ file: a.pcapng, from: 2014-11-31T04:30:00Z, until: 2014-11-03T04:30:00Z, ended: stopped }'
    const { faults } = loadSession(`${recorded}captureRuns: [${run}]\n`, 'session.yaml')
    expect(faults.map(shown)).toEqual([expect.stringContaining('captureRuns[0].from')])
  })

  it.each(cases)('with %s is told so, where, and what to write instead', (_what, from, to, expected) => {
    const { session: read, faults } = loadSession(changed(recorded, from, to), 'session.yaml')
    expect(faults.map(shown)).toEqual(expected)
    expect(read === null).toBe(faults.some(({ severity }) => severity === 'error'))
  })

  it('never repeats what stands where identifiers do', () => {
    const start = recorded.indexOf('\nseeds:')
    const end = recorded.indexOf('\nresolvers:')
    const values = [...recorded.slice(start, end).matchAll(/(?<=[:[,{-] )[^\s,[\]{}]+/g)]
    expect(values.length).toBeGreaterThan(8)
    for (const { 0: value, index } of values)
      for (const put of [
        raw,
        `"${raw}"`,
        `[${raw}]`,
        `{ ${raw}: 1 }`,
        `"+${raw}"`,
        `"${raw}`,
        `"${raw}" "${raw}"`,
        `|${raw}`,
        `{ a: { b: ${raw} } }`,
      ]) {
        const at = start + index
        const text = recorded.slice(0, at) + put + recorded.slice(at + value.length)
        const { faults } = loadSession(text, 'session.yaml')
        expect(faults.map(shown).join('\n')).not.toContain(raw.replace(/^0+/, ''))
      }
  })
})
