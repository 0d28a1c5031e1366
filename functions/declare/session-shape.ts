/** The shape of `session.yaml`: its keys, their types, and what each is for. The published JSON Schema is made of it. */
import * as z from 'zod'
import { ASSUMED_CLOCK_ERROR_MS } from '../net/clock-error.ts'
import { COLUMN_WORDS, type ColumnWord, SETTING_WORDS, type SettingWord } from '../net/column-words.ts'
import { country, dateTime, deviceState, id, list, number, subdivision, text } from './fields.ts'
import { recorded } from './recorded-shape.ts'
import { rigRecord } from './rig-record-shape.ts'
import { seeds } from './seeds-shape.ts'

const rigPlace = z
  .strictObject({
    country: country('The country (ISO 3166-1).', 'IN'),
    subdivision: subdivision('The state or province (ISO 3166-2).', 'IN-DL').optional(),
    city: text('The city.', 'New Delhi').optional(),
    latitude: number('Degrees north, WGS 84.', -90, 90).optional(),
    longitude: number('Degrees east, WGS 84.', -180, 180).optional(),
  })
  .meta({
    description: 'Where the rig stands.',
    dependentRequired: { latitude: ['longitude'], longitude: ['latitude'] },
  })

const columnOf = (says: string) => text(`Column: ${says}`, 'src_ip').optional()

const settingOf = ({ values, says }: (typeof SETTING_WORDS)[SettingWord]) =>
  z
    .enum(values as readonly string[])
    .meta({ description: says, examples: [values[0]] })
    .optional()

/** A shape with the same keys, of what each key says. */
const shapesOf = <Word extends string, Says, Shape>(
  words: Readonly<Record<Word, Says>>,
  shapeOf: (says: Says) => Shape,
) => Object.fromEntries(Object.entries<Says>(words).map(([word, says]) => [word, shapeOf(says)])) as Record<Word, Shape>

const columns = z
  .strictObject({
    ...shapesOf<ColumnWord, string, ReturnType<typeof columnOf>>(COLUMN_WORDS, columnOf),
    ...shapesOf<SettingWord, (typeof SETTING_WORDS)[SettingWord], ReturnType<typeof settingOf>>(
      SETTING_WORDS,
      settingOf,
    ),
  })
  .meta({
    description:
      "Which column holds what, of CSV or JSON lines of any shape: Domicile's word, then the column's name; of JSON a path, such as `conn/src`.",
    examples: [{ start: 'time', startUnit: 'ms', initiatorIp: 'src', responderIp: 'dst', responderPort: 'dport' }],
  })

export const sessionShape = z.strictObject({
  apiVersion: z.literal('domicile/v1').meta({ description: 'The version of this format.', examples: ['domicile/v1'] }),
  kind: z.literal('Session').meta({ description: 'What this file is.', examples: ['Session'] }),
  id: id('Name of the session, one of its own in the campaign.', 'delhi-2014-11-03'),
  rig: z
    .strictObject({
      id: id('Name of the rig.', 'rig-delhi'),
      place: rigPlace.optional(),
      clockErrorMs: number(
        `Largest error of the rig's clock in milliseconds, as its time service states it; ${ASSUMED_CLOCK_ERROR_MS} where it is left out.`,
        0,
        86_400_000,
      )
        .meta({ examples: [50] })
        .optional(),
    })
    .meta({ description: 'The machine that captured the traffic.' }),
  device: z
    .strictObject({
      addresses: list(
        text('A hardware address, an IP address or a prefix.', '192.168.7.2'),
        'Addresses of the device. Left out: the private end of a flow is the device.',
        { atLeastOne: true },
      ).optional(),
      model: text('Model of the device.', 'Redmi 1S').optional(),
      firmware: text('Its firmware.', 'JHCMIBH50.0').optional(),
      state: deviceState(
        'How it came into the session: out of the box, reset, with new firmware and its data kept, or used before.',
      ).optional(),
    })
    .optional()
    .meta({ description: 'The device under test.' }),
  steps: list(
    z
      .strictObject({
        id: id('Name of the step.', 'insert-sim'),
        from: dateTime('When it began, with its zone.', '2014-11-03T10:00:00+05:30'),
        until: dateTime('When it was over, with its zone.', '2014-11-03T10:05:00+05:30'),
      })
      .meta({ description: 'A named span of the session.' }),
    'What was done, when. Steps do not overlap.',
  ).default([]),
  captures: list(
    z
      .strictObject({
        file: text("Path of the file, relative to the session's folder.", 'captures/wlan0.pcapng'),
        format: text(
          'Field order of a VPC flow log that has no header line; or `netflow`: the packets carry NetFlow or IPFIX.',
          'version srcaddr dstaddr',
        ).optional(),
        timeZone: text('Time zone of a log that writes times without one (IANA).', 'Asia/Kolkata').optional(),
        keys: text(
          "Path of a key log with secrets of the capture's TLS connections (SSLKEYLOGFILE), relative to the session's folder.",
          'captures/tls-keys.log',
        ).optional(),
        columns: columns.optional(),
      })
      .meta({ description: 'A capture or log file.' }),
    'What was captured. Left out: every file in `captures/`.',
    { atLeastOne: true },
  ).optional(),
  seeds: seeds.optional(),
  ...recorded,
  ...rigRecord,
})

/** A session as it is written, with defaults filled in. */
export type SessionDocument = z.output<typeof sessionShape>
