/** A batch of weighed observations as a part of an audit: plain JSON. */
import type { Declaration, Locator } from '../model.ts'
import { Numbering } from './numbering.ts'
import type { WeighedBatch } from './weigh.ts'
import { WEIGHED_PART, type WeighedPart } from './weighed-part.ts'
import { writtenCases } from './written-cases.ts'

export function writtenPart(batch: WeighedBatch): WeighedPart {
  const { docket, flows, period, steps, unknownSessions, origins, leftOut, seen } = batch
  const numbering = new Numbering()
  const { cases, names } = writtenCases(docket, batch.cases, period?.from ?? 0, numbering)
  const placed = <Row extends { readonly location: number }>(row: Row): Row => ({
    ...row,
    location: numbering.number(row.location),
  })
  const contacts = batch.consent.contacts.map(placed)
  const inventory = batch.inventory.rows.map(placed)
  const locations = numbering.used
  const { special, foreign, unknown } = leftOut.flows
  return {
    schema: WEIGHED_PART,
    ...weighedBy(batch.by),
    flows,
    period,
    steps,
    unknownSessions,
    ...batch.locations.written(locations),
    ...writtenHandshakes(batch, locations),
    names: names.map((number) => batch.meant(number).names),
    encrypted: names.flatMap((number, i) => (batch.meant(number).encrypted ? i : [])),
    circumstances: seen.all,
    origins: origins.all,
    cases,
    consent: { contacts, presence: batch.consent.presence },
    inventory,
    reading: batch.reading.sum,
    outOfScope: { special, foreign, unknown: unknown.map(([ip, count]) => [batch.locations.get(ip).number, count]) },
  }
}

/** @param locations numbers of the batch's locations, by those in the part */
function writtenHandshakes(
  { vantages, handshakes, controls }: WeighedBatch,
  locations: readonly number[],
): Pick<WeighedPart, 'vantages' | 'handshakes' | 'controls'> {
  const numbers = new Map(locations.map((old, number) => [old, number]))
  const measured = [...handshakes]
  const held = controls.list(vantages)
  const places = new Map(vantages.all.map((vantage, number) => [vantage, number]))
  return {
    vantages: vantages.all,
    handshakes: {
      location: measured.map(([location]) => numbers.get(location) ?? 0),
      vantage: measured.map(([, vantage]) => vantage),
      port: measured.map(([, , port]) => port),
      rttMs: measured.map(([, , , rttMs]) => rttMs),
    },
    controls: {
      region: held.map(({ region }) => region),
      vantage: held.map(({ vantage }) => places.get(vantage) ?? 0),
      port: held.map(({ port }) => port),
      rttMs: held.map(({ rttMs }) => rttMs),
    },
  }
}

/** What the parts of one audit have in common. */
export type WeighedBy = Pick<WeighedPart, 'declaration' | 'snapshots'>

export function weighedBy({
  declaration,
  locator,
}: {
  readonly declaration: Declaration
  readonly locator: Pick<Locator, 'snapshots'>
}): WeighedBy {
  return { declaration: declaration.sha256, snapshots: locator.snapshots.map(({ sha256 }) => sha256).sort() }
}
