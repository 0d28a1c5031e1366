/**
 * Makes the captures and databases of this example: `npx tsx examples/redmi-1s/make.ts [FOLDER]`.
 *
 * The same bytes come out of every run; of the packed files, the same bytes come out of the unpacking. A file that already
 * says the same is left as it is.
 */
import type { Buffer } from 'node:buffer'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { gunzipSync, gzipSync } from 'node:zlib'
import { writePcap } from '../../test/support/wire/pcap-writer.ts'
import { writePcapng } from '../../test/support/wire/pcapng-writer.ts'
import * as august from './make/august-sessions.ts'
import { makeDatabases } from './make/databases.ts'
import * as sessions from './make/packet-sessions.ts'
import { vpcFlowLog } from './make/vpc-session.ts'

/** A file to write: its path below the campaign folder, and what it says unpacked. */
export interface MadeFile {
  readonly path: string
  readonly content: Uint8Array
  readonly packed: boolean
}

const pcapng = (packets: ReturnType<typeof sessions.deadlineNight>, keyLog = ''): Buffer =>
  writePcapng([
    { application: 'examples/redmi-1s/make.ts', interfaces: [{ name: 'wlan0' }], packets, dropped: 0, keyLog },
  ])

/** Every capture of the example, in several of the formats that rigs write. */
export function makeCaptures(): MadeFile[] {
  const plain = (path: string, content: Uint8Array) => ({ path, content, packed: false })
  const packed = (path: string, content: Uint8Array) => ({ path: `${path}.gz`, content, packed: true })
  const reset = august.updatedAndReset()
  return [
    plain('2014-08-07-out-of-the-box/captures/rig-del-01.pcapng', pcapng(august.outOfTheBox())),
    plain('2014-08-14-updated-and-reset/captures/rig-del-01.pcapng', pcapng(reset.packets, reset.keyLog)),
    plain('2014-08-15-updated-without-reset/captures/rig-del-01.pcapng', pcapng(august.updatedWithoutReset())),
    plain('2014-10-28-before-the-deadline/captures/rig-del-01.pcap', writePcap(sessions.beforeTheDeadline())),
    plain('2014-10-31-deadline-night/captures/rig-tpe-01.pcapng', pcapng(sessions.deadlineNight())),
    plain('2014-11-03-still-in-beijing/captures/rig-del-01.pcapng', pcapng(sessions.stillInBeijing())),
    packed(
      '2014-11-04-california-and-singapore/captures/rig-sin-01.pcap',
      writePcap(sessions.californiaAndSingapore()),
    ),
    plain(
      '2014-11-05-amazon-in-beijing/captures/rig-tpe-01.pcap',
      writePcap(sessions.amazonInBeijing(), { nanoseconds: true }),
    ),
    plain(
      '2014-11-06-behind-a-cdn/captures/rig-sin-01.pcap',
      writePcap(sessions.behindACdn(), { littleEndian: false }),
    ),
    plain('2014-11-07-undeclared-host/captures/rig-del-01.pcapng', pcapng(sessions.undeclaredHost())),
    packed('2014-11-10-vpc-flow-log/captures/gateway.log', new TextEncoder().encode(vpcFlowLog())),
  ]
}

/** What a capture's file says, unpacked; null where there is none. */
export function readMade(folder: string, { path, packed }: MadeFile): Uint8Array | null {
  const file = join(folder, path)
  if (!existsSync(file)) return null
  return packed ? gunzipSync(readFileSync(file)) : readFileSync(file)
}

function main(folder: string): void {
  const databases = makeDatabases().map((file) => ({ ...file, packed: false }))
  for (const capture of [...makeCaptures(), ...databases]) {
    const there = readMade(folder, capture)
    const same = there !== null && Uint8Array.prototype.every.call(there, (octet, i) => octet === capture.content[i])
    if (same && there.length === capture.content.length) {
      console.log(`as it was  ${capture.path}`)
      continue
    }
    const file = join(folder, capture.path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, capture.packed ? gzipSync(capture.content, { level: 9 }) : capture.content)
    console.log(`written    ${capture.path}`)
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href)
  main(process.argv[2] ?? dirname(fileURLToPath(import.meta.url)))
