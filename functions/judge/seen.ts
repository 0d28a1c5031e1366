/** What an audit saw of an address, for where its location decides nothing. */
import type { ExcludedPlace, Location, Place } from '../model.ts'

export interface Seen {
  /** Where it stands by the vendor's own word as well, which its location is without; null where nothing rests on that. */
  readonly admitted: Location | null
  /** What excludes every one of some places; null where any of them may be. */
  excluded(places: readonly Place[]): Excluded | null
}

export const NOTHING_SEEN: Seen = { admitted: null, excluded: () => null }

export interface Excluded {
  readonly places: readonly ExcludedPlace[]
  /** It is an edge that answered them, behind which something else stands. */
  readonly atEdge: boolean
  /** What other handshakes of the same rigs say of those that exclude. */
  readonly controls: readonly string[]
  /** Why the handshakes cannot be believed enough to decide anything; null where they can. */
  readonly doubt: string | null
}
