/**
 * What an audit saw of an address changes where the address is taken to stand: the declaration's word of whose network it is,
 * the names that resolvers gave it for, and how fast it answered, in this order. Physics comes last, because it only excludes.
 */
import type { Location, Refiner, Sightings } from '../model.ts'
import { heldAgainstNames, tellingNames } from './name-evidence.ts'
import { withoutOwnWord } from './own-networks.ts'
import { excludedPlaces, heldAgainstLight, isImpossible, trustIn } from './physics.ts'
import { providerOf } from './published/publishers.ts'

function refine(location: Location, { handshakes, names, ownNetworks }: Sightings): Location {
  const own = ownNetworks.map((name) => providerOf(`ranges/${name}`))
  const said = withoutOwnWord(location, own)
  const named = names.length === 0 ? said : heldAgainstNames(said, names, own)
  return handshakes.length === 0 ? named : heldAgainstLight(named, handshakes)
}

export const refiner: Refiner = {
  telling: tellingNames,
  refine,
  isImpossible,
  excluded: excludedPlaces,
  trust: trustIn,
}
