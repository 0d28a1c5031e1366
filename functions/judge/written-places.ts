/** Places and their evidence as columns, and back. */
import type { Evidence } from '../model.ts'
import { Numbering } from './numbering.ts'
import type { Places } from './places.ts'
import type { WeighedPart } from './weighed-part.ts'

type WrittenPlaces = Pick<WeighedPart, 'kinds' | 'evidence' | 'places'>

/**
 * Writes some places, with the evidence that they rest on.
 *
 * @param numbers which, in the order in which they are written
 */
export function writtenPlaces({ all, evidence }: Places, numbers: readonly number[]): WrittenPlaces {
  const pieces = new Numbering()
  const places = numbers.flatMap((number) => all[number] ?? [])
  const lists = places.map((place) => place.evidence.map((old) => pieces.number(old)))
  const used = pieces.of(evidence)
  const kinds: Omit<Evidence, 'says'>[] = []
  return {
    kinds,
    evidence: { kind: used.map((piece) => numberOfKind(kinds, piece)), says: used.map(({ says }) => says) },
    places: {
      grade: places.map(({ grade }) => grade),
      country: places.map(({ country }) => country),
      subdivision: places.map(({ subdivision }) => subdivision),
      city: places.map(({ city }) => city),
      cloud: places.map(({ cloud }) => cloud),
      prefix: places.map(({ prefix }) => prefix),
      evidence: lists,
    },
  }
}

/** There are few: some for each snapshot. */
function numberOfKind(kinds: Omit<Evidence, 'says'>[], { rule, source, date, supports }: Evidence): number {
  const known = kinds.findIndex(
    (kind) => kind.source === source && kind.date === date && kind.rule === rule && kind.supports === supports,
  )
  return known >= 0 ? known : kinds.push({ rule, source, date, supports }) - 1
}

/** Adds the places of a part to others. @returns their numbers there, in the part's order */
export function addPlaces(to: Places, { kinds, evidence, places }: WrittenPlaces): readonly number[] {
  const pieces = evidence.kind.map((number, piece) => {
    const kind = kinds[number]
    if (!kind) throw new RangeError(`there is no kind of evidence ${number}`)
    const { rule, source, date, supports } = kind
    return to.piece({ rule, source, date, says: evidence.says[piece] ?? '', supports })
  })
  return places.grade.map((grade, number) =>
    to.place(
      {
        grade,
        country: places.country[number] ?? null,
        subdivision: places.subdivision[number] ?? null,
        city: places.city[number] ?? null,
        cloud: places.cloud[number] ?? null,
        prefix: places.prefix[number] ?? null,
      },
      (places.evidence[number] ?? []).map((piece) => pieces[piece] ?? 0),
    ),
  )
}
