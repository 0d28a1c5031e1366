/** What AWS itself published on a date, as a truth to hold locations against, and as a snapshot to locate by. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { dayOf, type RangeSnapshot } from '../functions/locate/snapshots.ts'
import type { Micros } from '../functions/model.ts'
import { formatAddress } from '../functions/net/address.ts'
import { type Prefix, PrefixTable, parsePrefix } from '../functions/net/prefix.ts'
import { openPublished } from '../functions/reference/open-published.ts'

/** An address and where AWS says it is: a region's or zone's key, null for `GLOBAL`. */
export interface Asked {
  readonly ip: string
  readonly place: string | null
}

export interface AwsFile {
  readonly date: string
  readonly at: Micros
  readonly snapshot: RangeSnapshot
  /** Addresses all over the file. */
  readonly asked: Readonly<Record<4 | 6, readonly Asked[]>>
}

interface FileRow {
  readonly ip_prefix?: string
  readonly ipv6_prefix?: string
  readonly region: string
  readonly service: string
  readonly network_border_group?: string
}

interface Stated {
  readonly place: string | null
  readonly service: string
  /** Whether services of the same prefix are said to be in different places. */
  readonly torn: boolean
}

/** Of a prefix at most so many addresses are asked, evenly spread, so that a /10 does not outweigh all others. */
export const perPrefix = 16
/** Of a family at most so many, evenly chosen. */
export const perFamily = 25_000
/** What networks are announced and assigned in: longer prefixes are only told apart, not asked of their own. */
const unit = { 4: 24, 6: 64 } as const

/** @returns every file of AWS's ranges in the folder and its `aws-history`, in order of time */
export function awsFiles(folder: string): readonly AwsFile[] {
  const history = join(folder, 'aws-history')
  const paths = [
    ...readdirSync(folder).map((name) => join(folder, name)),
    ...(existsSync(history) ? readdirSync(history).map((name) => join(history, name)) : []),
  ]
  return paths
    .filter((path) => /^(aws-)?ip-ranges.*\.json$/.test(basename(path)))
    .map(readAwsFile)
    .sort((a, b) => a.at - b.at)
}

function readAwsFile(path: string): AwsFile {
  const bytes = readFileSync(path)
  // Read apart from the parser of the snapshot, which is among what is measured.
  const file = JSON.parse(bytes.toString()) as {
    readonly createDate: string
    readonly prefixes: readonly FileRow[]
    readonly ipv6_prefixes: readonly FileRow[]
  }
  const [year, month, day, ...clock] = file.createDate.split('-')
  const at = Date.parse(`${year}-${month}-${day}T${clock.join(':')}Z`) * 1000
  const key = { source: 'ranges/aws', date: dayOf(at), sha256: sha256Of(bytes), extension: 'json' }
  return {
    date: key.date,
    at,
    snapshot: openPublished(bytes, key, path),
    asked: { 4: addressesOf(file.prefixes, 4), 6: addressesOf(file.ipv6_prefixes, 6) },
  }
}

const sha256Of = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

function addressesOf(rows: readonly FileRow[], family: 4 | 6): readonly Asked[] {
  const stated = rows.map((row): [Prefix, Stated] => {
    const prefix = parsePrefix(row.ip_prefix ?? row.ipv6_prefix ?? '')
    if (!prefix) throw new Error(`no prefix in ${JSON.stringify(row)}`)
    const place = row.region === 'GLOBAL' ? null : `aws:${row.network_border_group ?? row.region}`
    return [prefix, { place, service: row.service, torn: false }]
  })
  const table = new PrefixTable(stated, together)
  const asked = new Map<string, Asked>()
  for (const [prefix] of stated)
    for (const words of spread(prefix, unit[family])) {
      const said = table.find(family, ...words)
      const ip = formatAddress(family, ...words)
      if (said && !said.torn) asked.set(ip, { ip, place: said.place })
    }
  return evenly([...asked.values()], perFamily)
}

/** AMAZON is the umbrella of all services: another entry of the same prefix says more. */
function together(one: Stated, other: Stated): Stated {
  const umbrella = ({ service }: Stated) => service === 'AMAZON'
  if (umbrella(one) !== umbrella(other)) return umbrella(one) ? other : one
  return { ...one, torn: one.torn || other.torn || one.place !== other.place }
}

/** The eighth address of networks that are evenly spread over the prefix. */
function* spread({ words, length }: Prefix, unitLength: number): Generator<Prefix['words']> {
  if (length > unitLength) return
  const bits = BigInt(unitLength === 24 ? 32 : 128)
  const start = words.slice(0, unitLength === 24 ? 1 : 4).reduce((n, word) => (n << 32n) | BigInt(word), 0n)
  const networks = 2 ** Math.min(unitLength - length, Math.log2(perPrefix))
  const step = 1n << (bits - BigInt(length) - BigInt(Math.log2(networks)))
  for (let i = 0n; i < BigInt(networks); i++) {
    const address = start + i * step + 7n
    const word = (index: bigint) => Number((address >> (32n * index)) & 0xffffffffn)
    yield unitLength === 24 ? [word(0n), 0, 0, 0] : [word(3n), word(2n), word(1n), word(0n)]
  }
}

function evenly(all: readonly Asked[], most: number): readonly Asked[] {
  const every = Math.max(1, all.length / most)
  return all.filter((_, i) => Math.floor(i / every) !== Math.floor((i - 1) / every))
}
