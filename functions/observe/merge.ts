/** Observations in their canonical order, those of equal key folded into one: whatever the order in which they come. */
import type { Name, Observation, Via } from '../model.ts'
import { mergedExamined } from './examined.ts'

/** The surest first: what the client said itself, then what resolvers answered, then what the log says. */
const viaOrder: Readonly<Record<Via, number>> = {
  'tls-sni': 0,
  'quic-sni': 1,
  'http-host': 2,
  'http-connect': 3,
  mipush: 4,
  dns: 5,
  'dns-cname': 6,
  'http-dns': 7,
  log: 8,
}

const compareText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
const compareNullable = <T>(a: T | null, b: T | null, compare: (a: T, b: T) => number) =>
  a === null ? (b === null ? 0 : -1) : b === null ? 1 : compare(a, b)

function compareNames(a: Name, b: Name): number {
  return (
    viaOrder[a.via] - viaOrder[b.via] ||
    compareText(a.name, b.name) ||
    Number(a.asked ?? false) - Number(b.asked ?? false) ||
    Number(a.inside ?? false) - Number(b.inside ?? false)
  )
}

/** Names as observations hold them: sorted by how they are known and then by name, each once. */
export function canonicalNames(names: readonly Name[]): readonly Name[] {
  if (names.length < 2) return names
  const sorted = [...names].sort(compareNames)
  return sorted.filter((name, i) => {
    const before = sorted[i - 1]
    return before === undefined || compareNames(before, name) !== 0
  })
}

function compareNameLists(a: readonly Name[], b: readonly Name[]): number {
  if (a === b) return 0
  for (const [i, name] of a.entries()) {
    const other = b[i]
    if (other === undefined) return 1
    const order = compareNames(name, other)
    if (order !== 0) return order
  }
  return a.length - b.length
}

/** Orders observations by key; 0 where the key is the same. */
export function compareObservations(a: Observation, b: Observation): number {
  return (
    a.hour - b.hour ||
    compareText(a.remote, b.remote) ||
    compareNullable(a.port, b.port, (p, q) => p - q) ||
    a.protocol - b.protocol ||
    compareText(a.session, b.session) ||
    compareNullable(a.step, b.step, compareText) ||
    compareNameLists(a.names, b.names) ||
    compareText(a.hidden ?? '', b.hidden ?? '') ||
    Number(a.deviceKnown) - Number(b.deviceKnown) ||
    Number(a.bystander ?? false) - Number(b.bystander ?? false) ||
    Number(a.stepDoubt ?? false) - Number(b.stepDoubt ?? false) ||
    compareText(a.capture, b.capture)
  )
}

function fold(a: Observation, b: Observation): Observation {
  const examined = [a.examined, b.examined].filter((one) => one !== undefined)
  const outlived = (a.outlived ?? 0) + (b.outlived ?? 0)
  return {
    ...a,
    ...(outlived === 0 ? {} : { outlived }),
    ...(examined.length === 0 ? {} : { examined: mergedExamined(examined) }),
    flows: a.flows + b.flows,
    packetsOut: a.packetsOut + b.packetsOut,
    packetsIn: a.packetsIn + b.packetsIn,
    bytesOut: a.bytesOut + b.bytesOut,
    bytesIn: a.bytesIn + b.bytesIn,
    payloadOut: a.payloadOut === null || b.payloadOut === null ? null : a.payloadOut + b.payloadOut,
    first: Math.min(a.first, b.first),
    last: Math.max(a.last, b.last),
    handshakeRttMs:
      a.handshakeRttMs === null || b.handshakeRttMs === null
        ? (a.handshakeRttMs ?? b.handshakeRttMs)
        : Math.min(a.handshakeRttMs, b.handshakeRttMs),
  }
}

/** Sorts observations canonically and folds those of equal key; a key includes its capture. */
export function mergeObservations(observations: readonly Observation[]): Observation[] {
  // Most pairs differ in hour and address, and two numbers are compared far faster than two addresses as text.
  const ranks = addressRanks(observations)
  const order = new Uint32Array(observations.length).map((_, i) => i)
  const hours = Float64Array.from(observations, (observation) => observation.hour)
  order.sort((a, b) => {
    const difference = (hours[a] as number) - (hours[b] as number) || (ranks[a] as number) - (ranks[b] as number)
    if (difference !== 0) return difference
    const [left, right] = [observations[a], observations[b]]
    return left && right ? compareObservations(left, right) : 0
  })
  const merged: Observation[] = []
  let last: Observation | undefined
  for (const place of order) {
    const next = observations[place]
    if (next === undefined) continue
    if (last !== undefined && compareObservations(last, next) === 0) merged[merged.length - 1] = last = fold(last, next)
    else {
      last = next
      merged.push(next)
    }
  }
  return merged
}

/** The place of each observation's address among all addresses as text. */
function addressRanks(observations: readonly Observation[]): Uint32Array {
  const rankOf = new Map(observations.map(({ remote }) => [remote, 0]))
  for (const [rank, address] of [...rankOf.keys()].sort(compareText).entries()) rankOf.set(address, rank)
  return Uint32Array.from(observations, ({ remote }) => rankOf.get(remote) ?? 0)
}
