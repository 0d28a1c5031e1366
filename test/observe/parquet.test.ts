import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { InputError } from '../../functions/errors.ts'
import type { Observation } from '../../functions/model.ts'
import { ObservationFold } from '../../functions/observe/fold.ts'
import { evidenceId, observationFiles } from '../../functions/observe/keys.ts'
import { readObservations, writeObservations } from '../../functions/observe/parquet.ts'
import { anyFlow, batchOf, hour, plainFlow, read, session } from './flows.ts'

const folder = mkdtempSync(join(tmpdir(), 'observations-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const observed: fc.Arbitrary<readonly Observation[]> = fc.array(anyFlow, { maxLength: 40 }).map((flows) => {
  const fold = new ObservationFold(session)
  const { batch, attribution } = batchOf(flows)
  fold.add(batch, attribution)
  return fold.finish('a.pcap', read).observations
})

function observation(changes: Partial<Observation>): Observation {
  const fold = new ObservationFold(session)
  const { batch, attribution } = batchOf([plainFlow])
  fold.add(batch, attribution)
  const [one] = fold.finish('a.pcap', read).observations
  if (!one) throw new Error('a flow gives an observation')
  return { ...one, ...changes }
}

describe('observations as Parquet', () => {
  it('come back exactly as they were written', async () => {
    await fc.assert(
      fc.asyncProperty(observed, async (observations) => {
        expect(await readObservations(writeObservations(observations))).toEqual(observations)
      }),
      { numRuns: 50 },
    )
  })

  it('come back with names of any text, extreme times and large counters', async () => {
    const odd = [
      observation({
        names: [
          { name: '=cmd()"\u202e\n<script>', via: 'dns' },
          { name: 'x', via: 'http-dns', asked: true },
          { name: 'y', via: 'tls-sni', inside: true },
        ],
      }),
      observation({ first: -1, last: Number.MAX_SAFE_INTEGER, hour: -3_600_000_000 }),
      observation({ stepDoubt: true, outlived: 3, examined: { whole: 1, partly: 0, unread: 2, hits: [], opaque: [] } }),
      observation({ bytesOut: 2 ** 60, port: 0, protocol: -1, handshakeRttMs: 1 / 3 }),
    ]
    expect(await readObservations(writeObservations(odd))).toEqual(odd)
  })

  it('have the same bytes every time', () => {
    fc.assert(
      fc.property(observed, (observations) => {
        expect(Buffer.compare(writeObservations(observations), writeObservations(structuredClone(observations)))).toBe(
          0,
        )
      }),
      { numRuns: 20 },
    )
  })

  it('are refused as InputError where the bytes are something else', async () => {
    await expect(readObservations(new TextEncoder().encode('no Parquet at all'))).rejects.toThrow(InputError)
    await expect(readObservations(new Uint8Array())).rejects.toThrow(InputError)
    const cut = writeObservations([observation({})]).slice(0, -9)
    await expect(readObservations(cut)).rejects.toThrow(InputError)
  })

  it('are queried by DuckDB: types, sums, times in UTC, nulls', async () => {
    const observations = [
      observation({ names: [{ name: 'api.example', via: 'tls-sni' }], handshakeRttMs: 12.5, step: 'boot' }),
      observation({ remote: '2001:db8::1', port: null, bytesOut: 5, first: hour * 1e6 + 250, hidden: 'quic' }),
    ]
    const file = join(folder, 'one.parquet')
    writeFileSync(file, writeObservations(observations))
    const connection = await (await DuckDBInstance.create(':memory:')).connect()
    await connection.run("SET TimeZone = 'Asia/Shanghai'")
    const rows = async (sql: string) => (await connection.runAndReadAll(sql)).getRowsJson()
    expect(
      await rows(`SELECT sum(bytes_out), sum(flows), count(port), count(host), count(hidden) FROM '${file}'`),
    ).toEqual([['1005', '2', '1', '1', '1']])
    expect(
      await rows(`SELECT host, via, step, epoch_us(first), epoch_us(hour), port, proto, handshake_rtt_ms, device_known,
                         json_extract_string(names, '$[0].via') FROM '${file}' WHERE host IS NOT NULL`),
    ).toEqual([
      [
        'api.example',
        'tls-sni',
        'boot',
        String(plainFlow.start),
        String(hour * 1e6),
        443,
        'tcp',
        12.5,
        true,
        'tls-sni',
      ],
    ])
    expect(await rows(`SELECT epoch_us(first) FROM '${file}' WHERE hidden = 'quic'`)).toEqual([
      [String(hour * 1e6 + 250)],
    ])
    const types = await rows(`SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM '${file}')`)
    expect(Object.fromEntries(types.map(([name, type]) => [name, type]))).toMatchObject({
      hour: 'TIMESTAMP WITH TIME ZONE',
      port: 'INTEGER',
      bytes_out: 'BIGINT',
      device_known: 'BOOLEAN',
      names: 'VARCHAR',
    })
  })
})

describe('the files of observations', () => {
  it('are named by what they are made from: bytes, place in the campaign, session, key log, captures read with it', () => {
    const origin = { sha256: 'a', source: 'b/c', sessionSha256: 'd' }
    const ids = [
      origin,
      { ...origin, sha256: 'x' },
      { ...origin, source: 'c' },
      { ...origin, sessionSha256: null },
      { ...origin, keyLogSha256: 'x' },
      { ...origin, readWith: ['x'] },
      { ...origin, readWith: ['x', 'y'] },
      { ...origin, keyLogSha256: 'x', readWith: ['x'] },
    ]
    expect(evidenceId(origin)).toMatch(/^[0-9a-f]{64}$/)
    expect(evidenceId({ ...origin })).toBe(evidenceId(origin))
    expect(new Set(ids.map(evidenceId)).size).toBe(ids.length)
  })

  it('are one a UTC date, keyed by campaign, date and id', () => {
    const before = observation({ hour: Date.UTC(2014, 9, 31, 23) * 1000 })
    const after = observation({ hour: Date.UTC(2014, 10, 1) * 1000 })
    expect(observationFiles('mi cloud/1', read.sha256, [after, before])).toEqual([
      { key: `observations/campaign=mi%20cloud%2F1/date=2014-10-31/${read.sha256}.parquet`, observations: [before] },
      { key: `observations/campaign=mi%20cloud%2F1/date=2014-11-01/${read.sha256}.parquet`, observations: [after] },
    ])
  })
})
