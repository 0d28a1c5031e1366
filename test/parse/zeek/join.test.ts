import { expect, test } from 'vitest'
import type { FlowBatch, Name, NameAnswer } from '../../../functions/model.ts'
import { HeldAnswers } from '../../../functions/parse/zeek/held-answers.ts'
import { ZeekJoin } from '../../../functions/parse/zeek/join.ts'
import { NamesByUid } from '../../../functions/parse/zeek/names-by-uid.ts'
import { ZeekParser } from '../../../functions/parse/zeek/zeek-log.ts'
import { columnsOf, conn, dns, ssl } from './logs.ts'

/** Reads logs with room for 1024 connections that wait, and for the names of two. */
function read(text: string, held = new HeldAnswers()) {
  const names: (readonly Name[] | undefined)[] = []
  const answers: NameAnswer[] = []
  const join = new ZeekJoin(1024, new NamesByUid(2), held)
  const sink = {
    flows: (batch: { length: number; names: readonly (readonly Name[] | undefined)[] }) => {
      names.push(...batch.names.slice(0, batch.length))
    },
    answer: (answer: NameAnswer) => answers.push(answer),
  }
  const parser = new ZeekParser(sink, {}, join)
  parser.push(new TextEncoder().encode(text))
  parser.end()
  join.end()
  return { names, answers, account: parser.account() }
}

const many = Array.from({ length: 3000 }, (_, i) => conn(`C${i}`, { ts: 1000 + i, 'id.orig_p': 1 + i }))
const [first, last] = [many[0] ?? {}, many[2999] ?? {}]

test('connections beyond those that can wait leave with the names known so far, and a name that comes later is a gap', () => {
  const { names, account } = read(
    columnsOf('conn', many) + columnsOf('ssl', [ssl(first, 'a.example.com'), ssl(last, 'b.example.com')]),
  )
  expect(names).toHaveLength(3000)
  expect(names[0]).toBeUndefined()
  expect(names[2999]).toEqual([{ name: 'b.example.com', via: 'tls-sni' }])
  expect(account).toMatchObject({ records: 3002, used: 3001, leftOut: { 'no-conn-row': 1 } })
  expect(account.gaps).toEqual([
    { from: 1000e6, until: 1000e6, reason: expect.stringContaining('names came after their connections'), records: 1 },
  ])
})

test('names that come before are those of connections that leave early', () => {
  const { names, account } = read(columnsOf('ssl', [ssl(first, 'a.example.com')]) + columnsOf('conn', many))
  expect(names[0]).toEqual([{ name: 'a.example.com', via: 'tls-sni' }])
  expect(account).toMatchObject({ used: 3001, leftOut: {}, gaps: [] })
})

test('an answer that comes after connections that began behind it have left is a gap until the last of them', () => {
  const late = dns('a.example.com', ['198.51.100.7'], { ts: 1500, rtt: 0, TTLs: [100_000] })
  const { account, answers } = read(columnsOf('conn', many) + columnsOf('dns', [late]))
  expect(answers).toHaveLength(1)
  expect(account.gaps).toMatchObject([{ from: 1500e6, until: (1000 + 2047) * 1e6 }])
})

const asked = (i: number) => ({ uid: `D${i}`, 'id.resp_p': 53 })
const answersOf = (count: number) =>
  columnsOf(
    'dns',
    Array.from({ length: count }, (_, i) =>
      dns(`n${i}.example.com`, ['192.0.2.80'], { ...asked(i), ts: 900 + i, rtt: 0 }),
    ),
  )
const tunnelled = (i: number) => conn(`D${i}`, { ...asked(i), ts: 900 + i, proto: 'udp', tunnel_parents: ['CP'] })
const namesOf = (answers: readonly NameAnswer[]) => answers.map(({ name }) => name)

test('answers beyond those that can be held are believed, and a gap where connections are in tunnels at all', () => {
  const { answers, account } = read(
    answersOf(6) + columnsOf('conn', [tunnelled(0), tunnelled(5), first]),
    new HeldAnswers(4),
  )
  expect(namesOf(answers)).toEqual([0, 1, 2, 3, 4].map((i) => `n${i}.example.com`))
  expect(account).toMatchObject({ records: 9, used: 8, leftOut: { 'dns-in-tunnel': 1 } })
  expect(account.gaps).toEqual([
    { from: 900e6, until: 961e6, reason: expect.stringContaining('from inside of a tunnel'), records: 2 },
  ])
  expect(read(answersOf(6) + columnsOf('conn', [first]), new HeldAnswers(4)).account.gaps).toEqual([])
})

test('answers are a gap where more connections are in tunnels than are kept', () => {
  const { answers, account } = read(
    answersOf(2) + columnsOf('conn', [tunnelled(0), tunnelled(1)]),
    new HeldAnswers(4, 1),
  )
  expect(namesOf(answers)).toEqual(['n1.example.com'])
  expect(account.gaps).toMatchObject([{ from: 901e6, until: 961e6, records: 1 }])
})

test('answers are handed on before the connections that began after them leave, if these are not too many', () => {
  const log = columnsOf('conn', [tunnelled(1), ...many])
  const { answers, account } = read(answersOf(3) + log)
  expect(namesOf(answers)).toEqual(['n0.example.com', 'n2.example.com'])
  // Their own connections are not among those that were read by then.
  expect(account.gaps).toMatchObject([{ from: 900e6, until: 962e6, records: 2 }])
  const withTheirs = columnsOf('conn', [tunnelled(1), ...[0, 2].map((i) => conn(`D${i}`, asked(i))), ...many])
  expect(read(answersOf(3) + withTheirs).account.gaps).toEqual([])
})

test('names of more connections than are kept are left out, and a gap', () => {
  const three = many.slice(0, 3)
  const { names, account } = read(
    columnsOf(
      'ssl',
      three.map((of, i) => ssl(of, `n${i}.example.com`)),
    ) + columnsOf('conn', three),
  )
  expect(names.map((list) => list?.[0]?.name)).toEqual([undefined, 'n1.example.com', 'n2.example.com'])
  expect(account).toMatchObject({ records: 6, used: 5, leftOut: { 'too-many-names': 1 } })
  expect(account.gaps).toMatchObject([{ from: 1000e6, until: 1000e6 }])
})

test('a connection in two files of one archive, logged while it was open and when it ended, is one flow of all it counted', () => {
  const bytes: number[] = []
  const sink = {
    flows: ({ length, bytesA }: FlowBatch) => bytes.push(...bytesA.slice(0, length)),
    answer: () => {},
  }
  const open = conn('C1', { duration: 0.5, orig_ip_bytes: 100 })
  const join = new ZeekJoin(4096)
  const accounts = [columnsOf('conn_long', [open]), columnsOf('conn', [conn('C1')])].map((text) => {
    const parser = new ZeekParser(sink, {}, join)
    parser.push(new TextEncoder().encode(text))
    parser.end()
    return parser.account()
  })
  join.end()
  expect(bytes).toEqual([560])
  expect(accounts).toMatchObject([{ used: 1 }, { used: 0, leftOut: { 'same-connection': 1 } }])
})
