/** What would settle an address whose location does not decide. */
import type { Evidence, Location } from '../model.ts'

/** A sentence for a person, or null where the location is proven, or where there is no place to know. */
export function whatWouldSettle({ grade, evidence, cloud }: Location): string | null {
  switch (grade) {
    case 'proven':
      return null
    case 'corroborated':
      return cloud === null
        ? "A provider's own ranges that list the address, of dates on both sides of the packet."
        : "The provider's ranges of a date within 35 days of the packet, or of dates on both sides that agree."
    case 'suspected':
      return "A second, independent database, or a provider's own ranges that list the address."
    case 'conflicted':
      return conflict(evidence)
    case 'edge':
      return "Nothing in the address: ask the vendor for the origin behind it, with the operator's configuration as evidence."
    case 'unknown':
      return evidence.some(({ rule, supports }) => rule === 'special-purpose' && supports)
        ? null
        : 'Reference data that knows the address: `domicile snapshots add`.'
  }
}

/** By the strongest of what disagrees. */
function conflict(evidence: readonly Evidence[]): string {
  const against = (rule: string) => evidence.some((piece) => piece.rule === rule && !piece.supports)
  if (against('physics'))
    return "Handshakes from a rig elsewhere, or the operator's word on where the address is announced: no rig can be faster than light."
  if (against('name'))
    return "The provider's word on which of its own two statements holds: the DNS name, or the ranges."
  if (against('geofeed'))
    return "The provider's word on which of its own two statements holds: the ranges, or the geofeed; or handshakes from rigs near both places."
  return against('provider-range')
    ? "The provider's ranges of a date nearer to the packet, on the other side of the move."
    : "A provider's own ranges that list the address, or handshakes from rigs that exclude one of the countries."
}
