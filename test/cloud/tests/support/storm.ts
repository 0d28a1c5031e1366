/** A campaign of many small captures, some of them poisoned, made in a folder as the command line takes it. */
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { folder as example } from './example.ts'

const sessions = 10
const capturesEach = 50

/** What no parser knows: noise, an image, an archive, packed noise, a text. */
const poisons: readonly Buffer[] = [
  Buffer.from(Array.from({ length: 4000 }, (_, index) => (index * 7919 + (index >> 3)) & 255)),
  Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(200, 1)]),
  Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), Buffer.alloc(200, 2)]),
  gzipSync(Buffer.alloc(1000, 3)),
  Buffer.from('The rig had no network today.\n'),
]

export interface Storm {
  readonly folder: string
  /** Sources of captures, as ledgers name them. */
  readonly captures: readonly string[]
  readonly poisoned: readonly string[]
}

export function makeStorm(): Storm {
  const folder = mkdtempSync(join(tmpdir(), 'domicile-storm-'))
  copyFileSync(join(example, 'declaration.yaml'), join(folder, 'declaration.yaml'))
  cpSync(join(example, 'reference'), join(folder, 'reference'), { recursive: true })
  const captures: string[] = []
  const poisoned: string[] = []
  for (let session = 0; session < sessions; session++) {
    const name = `2014-11-${String(10 + session)}-session ${session} ü`
    mkdirSync(join(folder, name, 'captures'), { recursive: true })
    writeFileSync(join(folder, name, 'session.yaml'), sessionYaml(session))
    for (let capture = 0; capture < capturesEach; capture++) {
      const number = session * capturesEach + capture
      // One poison in every hundred captures, in the second half of every other session.
      const poison = number % 100 === 77 ? poisons[Math.floor(number / 100)] : undefined
      const bytes = poison ?? flowLog(session, number)
      const source = `${name}/captures/${number}+log${number % 2 ? '.gz' : ''}`
      writeFileSync(join(folder, source), number % 2 && !poison ? gzipSync(bytes) : bytes)
      captures.push(source)
      if (poison) poisoned.push(source)
    }
  }
  return { folder, captures, poisoned }
}

const day = (session: number) => Date.UTC(2014, 10, 10 + session) / 1000

const sessionYaml = (session: number) => `apiVersion: domicile/v1
kind: Session
id: storm-${session}
rig: { id: rig-storm-01, clockErrorMs: 1000 }
device: { addresses: ["10.77.0.20"], model: Redmi 1S }
steps:
  - { id: idle, from: ${new Date(day(session) * 1000).toISOString()}, until: ${new Date((day(session) + 86_399) * 1000).toISOString()} }
`

/** A VPC flow log of a few conversations, different in every capture. */
function flowLog(session: number, number: number): Buffer {
  const remotes = ['54.251.30.40', '54.241.10.9', '42.62.48.20', '203.0.113.5']
  const lines = Array.from({ length: 20 }, (_, index) => {
    const from = day(session) + (number % 23) * 3600 + index * 60
    const remote = remotes[(number + index) % remotes.length]
    const ends =
      index % 2 ? `${remote} 10.77.0.20 443 ${40_000 + number}` : `10.77.0.20 ${remote} ${40_000 + number} 443`
    return `2 123456789012 eni-0123456789abcdef0 ${ends} 6 ${1 + index} ${100 + number * 7 + index} ${from} ${from + 30} ACCEPT OK`
  })
  const header =
    'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status'
  return Buffer.from(`${[header, ...lines].join('\n')}\n`)
}
