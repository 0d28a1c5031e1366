/** The shapes of what a session records beside its steps: what went otherwise, what proves the rest, and what seals it. */
import * as z from 'zod'
import { dateTime, id, list, number, sha256, text } from './fields.ts'

const amount = (description: string, example: number) =>
  z
    .int()
    .min(0)
    .meta({ description, examples: [example] })

const resolvers = list(text('An IP address.', '192.168.7.1'), 'The resolvers that the device was given.')

const clock = z
  .strictObject({
    source: text('What measured it.', 'chrony'),
    offsetMs: number("How far the rig's clock was ahead, in milliseconds; below nought it was behind.", -1e12, 1e12),
    errorMs: number('How far that may be off, in milliseconds.', 0, 1e12),
    measuredAt: dateTime('When, with its zone.', '2014-11-03T09:59:00+05:30'),
  })
  .meta({ description: "How the rig's clock was measured. What it is judged by is `rig.clockErrorMs`." })

const capture = z
  .strictObject({
    tool: text('The program.', 'dumpcap'),
    version: text('Its version.', '4.2.2').optional(),
    interface: text('The interface that it listened on.', 'wlan0'),
    dropped: amount('Packets that it lost, as it says itself.', 0).optional(),
  })
  .meta({ description: 'What captured the traffic.' })

const canary = z
  .strictObject({
    address: text('The address.', '203.0.113.7'),
    port: z
      .int()
      .min(1)
      .max(65_535)
      .optional()
      .meta({ description: 'The port.', examples: [443] }),
    at: dateTime('When, with its zone.', '2014-11-03T10:01:00+05:30'),
    step: id('The step in which it was made.', 'first-boot').optional(),
    url: text('What was asked for, without what was planted.', 'http://example.com/domicile-k3v9q2').optional(),
    seen: z
      .boolean()
      .optional()
      .meta({ description: 'Whether the bytes of a capture show it.', examples: [true] }),
  })
  .meta({ description: 'A contact that was made on purpose: captures that do not show it have not seen everything.' })

const deviations = list(
  text('What was done otherwise than the protocol says.', 'insert-sim - the SIM was in already'),
  "Deviations from the protocol, in the operator's words; without anybody's data.",
)

const files = list(
  z
    .strictObject({
      file: text("Path of the file, relative to the session's folder.", 'captures/wlan0.pcapng'),
      size: amount('Its bytes.', 4096),
      sha256: sha256('SHA-256 of its bytes, hex.'),
    })
    .meta({ description: 'A file of the session, as it was when it was sealed.' }),
  'Every file of the sealed session but `session.yaml` and `seal.json`.',
  { atLeastOne: true },
)

/** Keys of a session. */
export const recorded = {
  resolvers: resolvers.optional(),
  clock: clock.optional(),
  capture: capture.optional(),
  canary: canary.optional(),
  deviations: deviations.optional(),
  files: files.optional(),
}
