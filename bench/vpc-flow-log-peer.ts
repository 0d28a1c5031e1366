/**
 * One peer of the VPC flow log benchmark, in a process of its own: `ours`, `unzip`, `bare` or `duckdb`, and the log's path. Prints
 * the milliseconds from opening the file to the result, and what the result was, so that peers can be held against one another.
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { createGunzip } from 'node:zlib'
import { observeCapture } from '../functions/audit.ts'
import { unpack } from '../functions/parse/decompress.ts'

/** A row of the result: remote, port or '', protocol, hour in epoch seconds, then sums, first and last in seconds. */
type ResultRow = readonly (string | number)[]

const digestOf = (rows: readonly ResultRow[]) =>
  createHash('sha256')
    .update(
      rows
        .map((row) => row.join(' '))
        .sort()
        .join('\n'),
    )
    .digest('hex')

/** Both peers open the file with reads of the same size. */
const readSize = 1 << 20

async function unzip(path: string): Promise<object> {
  const start = performance.now()
  let bytes = 0
  const unzipped = createReadStream(path, { highWaterMark: readSize }).pipe(createGunzip({ chunkSize: readSize }))
  await new Promise((resolve, reject) => {
    unzipped.on('data', (chunk: Uint8Array) => {
      bytes += chunk.length
    })
    unzipped.on('end', resolve).on('error', reject)
  })
  return { ms: performance.now() - start, bytes }
}

const newline = 10
const blank = 32
const dash = 45

/**
 * The least that a program in this Node can do with such a log: unzip it beside reading every field of every row by its digits,
 * and one sum by the remote's address in a small table. It checks nothing, joins nothing and knows no device.
 */
async function bare(path: string): Promise<object> {
  const start = performance.now()
  const sums = new Float64Array(1 << 16)
  let rows = 0
  const number = { at: 0 }
  const field = (bytes: Uint8Array, from: number) => {
    let value = 0
    let i = from
    for (let c = bytes[i++] as number; c > blank; c = bytes[i++] as number) value = value * 10 + c - 48
    number.at = i
    return value
  }
  const readLines = (bytes: Uint8Array, from: number, end: number) => {
    for (let i = from; i < end; i = bytes.indexOf(newline, i) + 1) {
      rows++
      for (let lead = 0; lead < 3; lead++) while (bytes[i++] !== blank);
      if (bytes[i] === dash) continue
      let remote = 0
      for (let octet = 0; octet < 8; octet++) {
        let value = 0
        for (let c = bytes[i++] as number; c > dash + 1; c = bytes[i++] as number) value = value * 10 + c - 48
        remote = Math.imul(remote, 0x9e3779b1) ^ value
      }
      let total = 0
      for (let column = 0; column < 7; column++) {
        total += field(bytes, i)
        i = number.at
      }
      const slot = (remote ^ (remote >>> 15)) & 0xffff
      sums[slot] = (sums[slot] as number) + total
    }
  }
  let carry: Uint8Array = new Uint8Array(0)
  let header = true
  for await (const chunk of unpack(createReadStream(path, { highWaterMark: readSize }))) {
    const end = chunk.lastIndexOf(newline) + 1
    const first = chunk.indexOf(newline) + 1
    if (header) header = false
    else readLines(Buffer.concat([carry, chunk.subarray(0, first)]), 0, carry.length + first)
    readLines(chunk, first, end)
    carry = chunk.slice(end)
  }
  return { ms: performance.now() - start, rows, sum: sums.reduce((sum, next) => sum + next, 0) }
}

async function ours(path: string): Promise<object> {
  const start = performance.now()
  const { ledger, observations } = await observeCapture({
    source: path,
    session: { id: 'bench', rig: { id: 'rig', clockErrorMs: 0 }, device: { addresses: [] }, steps: [], captures: [] },
    reading: {},
    open: () => createReadStream(path, { highWaterMark: readSize }),
  })
  const ms = performance.now() - start
  // Before the digest, which only the comparison needs, takes memory of its own.
  const peakMiB = process.resourceUsage().maxRSS / 1024
  const rows = observations.map((o) => [
    o.remote,
    o.port ?? '',
    o.protocol,
    o.hour / 1e6,
    o.packetsOut,
    o.packetsIn,
    o.bytesOut,
    o.bytesIn,
    o.first / 1e6,
    o.last / 1e6,
  ])
  return { ms, peakMiB, records: ledger.records, leftOut: ledger.leftOut, rows: rows.length, digest: digestOf(rows) }
}

/** The same GROUP BY: the device is the private end, and the end with the higher port opened the conversation. */
const query = (path: string) => `
  WITH flow AS (
    SELECT starts_with(srcaddr, '10.') AS out, packets, bytes, "start", "end", protocol,
           CASE WHEN starts_with(srcaddr, '10.') THEN dstaddr ELSE srcaddr END AS remote,
           CASE WHEN starts_with(srcaddr, '10.') THEN dstport ELSE srcport END AS remote_port,
           CASE WHEN starts_with(srcaddr, '10.') THEN srcport ELSE dstport END AS device_port
    FROM read_csv('${path.replaceAll("'", "''")}', delim = ' ', header = true, nullstr = '-', compression = 'gzip', columns = {
      'version': 'INT', 'account_id': 'VARCHAR', 'interface_id': 'VARCHAR', 'srcaddr': 'VARCHAR', 'dstaddr': 'VARCHAR',
      'srcport': 'INT', 'dstport': 'INT', 'protocol': 'INT', 'packets': 'BIGINT', 'bytes': 'BIGINT', 'start': 'BIGINT',
      'end': 'BIGINT', 'action': 'VARCHAR', 'log_status': 'VARCHAR'})
    WHERE log_status = 'OK')
  SELECT remote, CASE WHEN remote_port > device_port THEN NULL ELSE remote_port END AS port, protocol,
         "start" // 3600 * 3600 AS hour,
         sum(CASE WHEN out THEN packets ELSE 0 END), sum(CASE WHEN out THEN 0 ELSE packets END),
         sum(CASE WHEN out THEN bytes ELSE 0 END), sum(CASE WHEN out THEN 0 ELSE bytes END), min("start"), max("end")
  FROM flow GROUP BY ALL`

async function duckdb(path: string): Promise<object> {
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' })
  const connection = await instance.connect()
  const start = performance.now()
  const result = await connection.runAndReadAll(query(path))
  const ms = performance.now() - start
  const rows = result.getRows().map((row) => row.map((cell) => (cell === null ? '' : String(cell))))
  return { ms, rows: rows.length, digest: digestOf(rows) }
}

const peers: Readonly<Record<string, (path: string) => Promise<object>>> = { ours, unzip, bare, duckdb }
const [name = '', path = ''] = process.argv.slice(2)
const peer = peers[name]
if (!peer) throw new Error(`no peer ${name}: there are ${Object.keys(peers).join(', ')}`)
console.log(JSON.stringify(await peer(path)))
