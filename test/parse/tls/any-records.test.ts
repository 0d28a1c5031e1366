/** Opened TLS under what captures do to it: other segments, another order, losses, damage. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Secrets } from '../../../functions/parse/tls/secrets.ts'
import { accounted } from '../capture-builder.ts'
import { Conversation, namesOf } from '../payload/conversation.ts'
import { http2Requests, http2Server, recorded, requests, SERVER_NAME, tlsServer } from './bench.ts'
import { namesIn } from './reading.ts'

const hosts = ['one.example', 'two.example', 'three.example']
const all = [`tls-sni:${SERVER_NAME}`, ...hosts.map((host) => `http-host:${host}`)]
const benches = await Promise.all(
  (['TLSv1.2', 'TLSv1.3'] as const).flatMap((version) => {
    const options = { minVersion: version, maxVersion: version }
    return [
      recorded(tlsServer(options), (port) => requests(port, hosts, options)),
      recorded(http2Server('answer', options), (port) => http2Requests(port, hosts, {}, options)),
    ]
  }),
)
const bench = fc.constantFrom(...benches)

/** A conversation with the secrets of a bench. */
function opened({ keyLog }: (typeof benches)[number]): Conversation {
  return new Conversation({ opener: 1 }, new Secrets(new TextEncoder().encode(keyLog), false))
}

test('the names are the same however the bytes are divided into segments', () => {
  fc.assert(
    fc.property(bench, fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 20 }), (one, sizes) => {
      const talk = opened(one)
      let turn = 0
      for (const { from, bytes } of one.segments.list)
        for (let at = 0; at < bytes.length; ) {
          const size = sizes[turn++ % sizes.length] ?? 1
          talk.send(from, bytes.subarray(at, at + size))
          at += size
        }
      expect(talk.close()).toEqual(all)
      expect(talk.reader.kept).toBe(0)
    }),
    { numRuns: 60 },
  )
})

test('the names are the same where segments come twice, and in another order behind the ClientHello', () => {
  fc.assert(
    fc.property(bench, fc.array(fc.nat(5), { minLength: 64, maxLength: 64 }), (one, delays) => {
      const talk = opened(one)
      const sent = { a: 0, b: 0 }
      const segments = one.segments.list.flatMap(({ from, bytes }) => {
        const at = sent[from]
        sent[from] += bytes.length
        return [{ from, at, bytes }]
      })
      const hello = segments.findIndex(({ from }) => from === 'b') + 1
      const later = segments
        .slice(hello)
        .flatMap((segment, i) => [
          { segment, turn: i },
          { segment, turn: i + (delays[i % delays.length] ?? 0) },
        ])
        .sort((x, y) => x.turn - y.turn)
      for (const { from, at, bytes } of [...segments.slice(0, hello), ...later.map(({ segment }) => segment)])
        talk.segment(from, at, bytes)
      expect(talk.close()).toEqual(all)
    }),
    { numRuns: 60 },
  )
})

test('damage and losses cost names, and nothing else', () => {
  const damage = fc.array(fc.record({ segment: fc.nat(40), at: fc.nat(4000), to: fc.nat(255), lost: fc.boolean() }), {
    minLength: 1,
    maxLength: 4,
  })
  fc.assert(
    fc.property(bench, damage, (one, faults) => {
      const talk = opened(one)
      const sent = { a: 0, b: 0 }
      for (const [i, { from, bytes }] of one.segments.list.entries()) {
        const copy = new Uint8Array(bytes)
        const here = faults.filter(({ segment }) => segment % one.segments.list.length === i)
        for (const { at, to } of here) copy[at % copy.length] = to
        if (!here.some(({ lost }) => lost)) talk.segment(from, sent[from], copy)
        sent[from] += bytes.length
      }
      talk.close()
      // A server name that is damaged is another one; hosts of requests cannot be.
      const found = namesOf(talk.flow).filter((name) => name.startsWith('http-host'))
      expect(all).toEqual(expect.arrayContaining(found))
      expect(talk.reader.kept).toBe(0)
    }),
    { numRuns: 300 },
  )
})

test('a pcapng with secrets, damaged anywhere, is read or is an error, and every record is accounted for', async () => {
  const [one] = benches
  if (!one) return
  const { segments, keyLog } = one
  const capture = segments.pcapng({ 0: keyLog, 9: keyLog })
  const damage = fc.array(fc.tuple(fc.nat(capture.length - 1), fc.nat(255)), { minLength: 1, maxLength: 3 })
  await fc.assert(
    fc.asyncProperty(
      damage,
      fc.nat(capture.length),
      fc.integer({ min: 20, max: 5000 }),
      async (faults, length, size) => {
        const copy = capture.slice(0, length)
        for (const [at, to] of faults) if (at < length) copy[at] = to
        const { read, names } = await namesIn(copy, undefined, size)
        expect(accounted(read)).toBe(read.records)
        const hosts = names.filter((name) => name.startsWith('http-host'))
        expect(all).toEqual(expect.arrayContaining(hosts))
      },
    ),
    { numRuns: 200 },
  )
})

test('records that wait for their secrets are kept only so far, and of all connections only so many', () => {
  const secrets = new Secrets(undefined, true)
  const talk = new Conversation({ opener: 1 }, secrets)
  const other = `CLIENT_RANDOM ${'00'.repeat(32)} ${'00'.repeat(48)}`
  secrets.add(new TextEncoder().encode(other))
  const room = secrets.budget.left
  const [one] = benches
  const hello = one?.segments.list.filter(({ from }) => from === 'a')[0]?.bytes ?? new Uint8Array()
  const record = Uint8Array.of(23, 3, 3, 0x3f, 0xff, ...new Uint8Array(0x3fff))
  const flows = Array.from({ length: 2000 }, () => new Conversation({ opener: 1 }).flow)
  let most = 0
  for (const flow of flows) {
    talk.reader.tcp(flow, true, 0, hello, 0, hello.length, 0)
    for (let i = 0; i < 4; i++)
      if (flow.watch) talk.reader.tcp(flow, true, hello.length + i * record.length, record, 0, record.length, 0)
    expect(flow.watch).toBe(false)
  }
  for (const flow of flows) {
    flow.watch = true
    flow.state = undefined
    talk.reader.tcp(flow, true, 0, hello, 0, hello.length, 0)
    talk.reader.tcp(flow, true, hello.length, record, 0, record.length, 0)
    most = Math.max(most, room - secrets.budget.left)
  }
  expect(most).toBeGreaterThan(30 * 2 ** 20)
  expect(most).toBeLessThanOrEqual(32 * 2 ** 20)
  expect(talk.reader.kept).toBe(0)
  for (const flow of flows) talk.reader.close(flow)
  expect(secrets.budget.left).toBe(room)
})
