/** What only `rig run` and `rig seal` write into `session.yaml`: how the session came about. An audit judges by none of it but `captureRuns`. */
import * as z from 'zod'
import { dateTime, id, list, number, sha256, text } from './fields.ts'

const whole = (description: string, least: number) =>
  z
    .int()
    .min(least)
    .meta({ description, examples: [least] })

const protocol = z
  .strictObject({
    id: id('Id of the protocol.', 'boxed-handset'),
    sha256: sha256('SHA-256 of its file, of which `protocol.yaml` is a copy.'),
    part: whole('Which of its sessions this is.', 1),
    parts: whole('How many sessions it has: each reset of the device begins one.', 1),
  })
  .meta({ description: 'The protocol by which the session was run.' })

const script = z
  .strictObject({
    sha256: sha256('SHA-256 of the script.'),
    timeScale: number('By how much it shortened waits; 1 is not at all.', 1, 1_000_000),
  })
  .meta({ description: 'Says that the session was run unattended, with a script that answered for the operator.' })

const network = z
  .strictObject({
    families: list(
      z.enum(['ipv4', 'ipv6']).meta({ description: 'A family.', examples: ['ipv4'] }),
      'Families of which an interface of the rig has a public address.',
    ),
    behindNat: z
      .boolean()
      .meta({ description: "Whether all of the rig's IPv4 addresses are private.", examples: [true] }),
  })
  .meta({ description: 'How the rig was connected.' })

const captureRun = z
  .strictObject({
    file: text("Path of the file, relative to the session's folder.", 'captures/wlan0-1.pcapng'),
    from: dateTime('When the tool was heard to capture.', '2014-11-03T04:30:00Z'),
    until: dateTime('When it was told to stop, or found to have ended.', '2014-11-03T05:30:00Z'),
    ended: z.enum(['stopped', 'killed', 'died', 'found-dead']).meta({
      description:
        '`stopped` as it should be; `killed` because it did not stop; `died` by itself; `found-dead` when the run was resumed.',
      examples: ['stopped'],
    }),
    packets: whole('Packets that it wrote; left out where it did not say.', 0).optional(),
    dropped: whole('Packets that it lost; left out where it did not say.', 0).optional(),
  })
  .meta({ description: 'A run of the capturing tool.' })

const skipped = z
  .strictObject({ step: id('Name of the step.', 'send-mms'), why: text('Why.', 'the SIM has no MMS') })
  .meta({ description: 'A step that was not done.' })

/** Keys of a session. */
export const rigRecord = {
  protocol: protocol.optional(),
  script: script.optional(),
  network: network.optional(),
  tools: z
    .record(id('A tool.', 'dumpcap'), text('Its version.', 'Dumpcap (Wireshark) 4.0.17'))
    .meta({ description: 'Versions of the programs that took part.' })
    .optional(),
  captureRuns: list(captureRun, 'Runs of the capturing tool, with what each lost.').optional(),
  skipped: list(skipped, 'Steps of the protocol that were not done.').optional(),
  sealedAt: dateTime('When the session was sealed; `seal.json` says the same.', '2014-11-03T05:31:00Z').optional(),
}
