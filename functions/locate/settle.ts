/** What would settle an address whose location does not decide. */
import type { Location } from '../model.ts'

const LIST_OF_THE_DAY =
  "The provider's ranges of a date within 35 days of the packet, or of dates on both sides that agree."

/** A sentence for a person, or null where the location is proven, or where there is no place to know. */
export function whatWouldSettle(location: Location): string | null {
  const has = hasIn(location)
  switch (location.grade) {
    case 'proven':
      return null
    case 'corroborated':
      return corroborated(location)
    case 'suspected':
      return has('time', 'database')
        ? "Databases built within half a year of the packet, or a provider's own ranges that place the address."
        : "A second, independent database, or a provider's own ranges that place the address."
    case 'conflicted':
      return conflicted(location)
    case 'edge':
      return "Nothing in the address: ask the vendor for the origin behind it, with the operator's configuration as evidence."
    case 'unknown':
      return has('special-purpose')
        ? null
        : 'Reference data that knows the address: `domicile snapshots refresh`, or `snapshots add` for days gone by.'
  }
}

/** Whether a rule fired; where `source` is given, for that source. */
function hasIn({ evidence }: Location) {
  return (rule: string, source?: string) =>
    evidence.some((piece) => piece.rule === rule && (source === undefined || piece.source === source))
}

function corroborated(location: Location): string {
  const has = hasIn(location)
  const { evidence, cloud } = location
  if (evidence.some(({ rule, supports }) => rule === 'physics' && !supports))
    return 'Handshakes from a rig nearer to the place, or on a better line.'
  if (evidence.some(({ rule, says }) => rule === 'time' && says.includes('was on none of')))
    return "The provider's word on where the block stood before its zone had a name: no list of the day tells."
  if (cloud !== null) return LIST_OF_THE_DAY
  return has('provider-range')
    ? "The provider's word on the region: its lists name none that decides."
    : "A provider's own ranges that place the address, of dates on both sides of the packet."
}

/** By the strongest of what disagrees. */
function conflicted(location: Location): string {
  const has = hasIn(location)
  const { evidence } = location
  if (has('physics'))
    return "A look at the rig first (a proxy that answers for everybody, mistyped coordinates); then handshakes from a rig elsewhere, or the operator's word on where the address is announced."
  if (has('name'))
    return has('provider-range')
      ? "The provider's word on which of its own two statements holds: the DNS name, or the ranges."
      : "A provider's own ranges that place the address, or that do not list it: a DNS name alone does not outweigh databases."
  if (has('time')) return "The provider's ranges of a date nearer to the packet, on the other side of the move."
  if (has('provider-range') && has('geofeed'))
    return "The provider's word on which of its own two statements holds: the ranges, or the geofeed; or handshakes from rigs near both places."
  if (has('provider-range', 'ranges')) return "The providers' word on who uses the address: two of them list it."
  if (evidence.some(({ rule, says }) => rule === 'provider-range' && says.includes('in several regions at once')))
    return "The provider's word on the region: its list names several for one prefix."
  return "A provider's own ranges that place the address, or handshakes from rigs that exclude one of the countries."
}
