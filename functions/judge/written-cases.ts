/** Cases of a docket as columns. */
import type { Micros } from '../model.ts'
import type { Docket } from './docket.ts'
import { Numbering } from './numbering.ts'
import type { WeighedCases } from './weighed-part.ts'

export interface WrittenCases {
  readonly cases: WeighedCases
  /** Numbers in the docket of the names, by those in the columns. */
  readonly names: readonly number[]
}

/**
 * Writes some cases of a docket.
 *
 * @param numbers which
 * @param start the first packet of the part
 * @param locations gives the docket's locations their numbers in the part
 */
export function writtenCases(
  docket: Docket,
  numbers: readonly number[],
  start: Micros,
  locations: Numbering,
): WrittenCases {
  const names = new Numbering()
  return {
    cases: {
      location: numbers.map((number) => locations.number(docket.location(number))),
      names: numbers.map((number) => names.number(docket.names(number))),
      circumstances: numbers.map((number) => docket.circumstances(number)),
      port: numbers.map((number) => docket.port(number)),
      protocol: numbers.map((number) => docket.protocol(number)),
      flows: numbers.map((number) => docket.flows(number)),
      bytesOut: numbers.map((number) => docket.bytesOut(number)),
      bytesIn: numbers.map((number) => docket.bytesIn(number)),
      after: numbers.map((number) => docket.first(number) - start),
      lasting: numbers.map((number) => docket.last(number) - docket.first(number)),
      origins: numbers.map((number) => {
        const origins = docket.origins(number)
        return typeof origins === 'number' ? origins : [...origins]
      }),
    },
    names: names.used,
  }
}
