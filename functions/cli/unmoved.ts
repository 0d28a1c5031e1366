/** What somebody saw of an address and gave to `locate`, where it changes nothing: left unsaid, it would seem to count. */
import type { Location, Sightings } from '../model.ts'

/**
 * A sentence for each handshake and name of which the location has no evidence.
 *
 * @param location with what was seen
 * @param seen what `--rig`, `--handshake` and `--name` say
 * @param names every name that was given
 */
export function unmoved(location: Location, seen: Sightings, names: readonly string[]): readonly string[] {
  const { evidence } = location
  const handshakes = evidence.some(({ rule }) => rule === 'physics')
    ? []
    : seen.handshakes.map(
        ({ rttMs, vantage }) => `A handshake of ${rttMs} ms from ${vantage.rig} excludes nothing of it.`,
      )
  return [...handshakes, ...names.flatMap((name) => unmovedName(location, seen.names, name) ?? [])]
}

function unmovedName({ evidence }: Location, telling: readonly string[], given: string): string | null {
  const name = given.toLowerCase().replace(/\.$/, '')
  if (!telling.includes(name))
    return `${given}: not a name under a provider's suffix that says where it is; it says nothing.`
  const isHeard = evidence.some(({ says }) => says.toLowerCase().includes(name))
  return isHeard ? null : `${given}: under a provider's suffix, but it decides nothing of this address.`
}
