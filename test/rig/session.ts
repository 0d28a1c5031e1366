/** A session folder of made-up bytes. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A pcapng file with a section, an interface of Ethernet, and a packet of 60 noughts. */
export function pcapng(): Buffer {
  const block = (type: number, body: Buffer) => {
    const frame = Buffer.alloc(12)
    frame.writeUInt32LE(type, 0)
    frame.writeUInt32LE(body.length + 12, 4)
    frame.writeUInt32LE(body.length + 12, 8)
    return Buffer.concat([frame.subarray(0, 8), body, frame.subarray(8)])
  }
  const section = Buffer.alloc(16, 0xff)
  section.writeUInt32LE(0x1a2b3c4d, 0)
  section.writeUInt32LE(1, 4)
  const packet = Buffer.alloc(80)
  packet.writeUInt32LE(60, 12)
  packet.writeUInt32LE(60, 16)
  return Buffer.concat([block(0x0a0d0d0a, section), block(1, Buffer.from([1, 0, 0, 0, 0, 0, 4, 0])), block(6, packet)])
}

/** A folder with a `session.yaml` and a capture, not sealed. @returns its path */
export function sessionFolder(id = 'delhi-1'): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'domicile-rig-')), id)
  mkdirSync(join(folder, 'captures'), { recursive: true })
  mkdirSync(join(folder, 'logs'))
  writeFileSync(
    join(folder, 'session.yaml'),
    [
      '# What was done in Delhi.',
      'apiVersion: domicile/v1',
      'kind: Session',
      `id: ${id}`,
      'rig: { id: rig-delhi, clockErrorMs: 50 }',
      'device:',
      '  addresses: ["02:00:5e:10:00:01"] # made up',
      'captures:',
      '  - { file: captures/wlan0-1.pcapng }',
      '',
    ].join('\n'),
  )
  writeFileSync(join(folder, 'captures/wlan0-1.pcapng'), pcapng())
  writeFileSync(join(folder, 'logs/wlan0-1.dumpcap.log'), 'Packets captured: 1\n')
  writeFileSync(join(folder, 'journal.jsonl'), '{"event":"end"}\n')
  return folder
}
