/** Captures that were given more than once: rigs upload again when they are not sure. */
import type { CaptureObservations, Ledger } from '../model.ts'

/** What was read counts before what was not: one session may give the field order of a log that another leaves out. */
const byUse = (a: Ledger, b: Ledger) => b.used - a.used
const byPlace = (a: Ledger, b: Ledger) => compare(a.session, b.session) || compare(a.source, b.source)
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/**
 * Counts captures of the same bytes once: as the one of which most records were used; of equal ones, as the one whose session
 * and path come first, whatever the order given.
 *
 * @returns as many captures; of a double every record is left out, by a reason that names the capture that counts
 */
export function withoutDoubles(captures: readonly CaptureObservations[]): CaptureObservations[] {
  const counted = new Map<string, Ledger>()
  for (const { ledger } of [...captures].sort((a, b) => byUse(a.ledger, b.ledger) || byPlace(a.ledger, b.ledger)))
    if (!counted.has(ledger.sha256)) counted.set(ledger.sha256, ledger)
  return captures.map((capture) => {
    const first = counted.get(capture.ledger.sha256)
    return first === undefined || first === capture.ledger ? capture : leftOut(capture.ledger, first)
  })
}

function leftOut(ledger: Ledger, first: Ledger): CaptureObservations {
  const { records } = ledger
  const account = { used: 0, leftOut: records === 0 ? {} : { [`the same capture as ${first.source}`]: records } }
  const nothing = { flows: 0, unnamed: {}, gaps: [], first: null, last: null }
  return { ledger: { ...ledger, ...account, ...nothing }, observations: [] }
}
