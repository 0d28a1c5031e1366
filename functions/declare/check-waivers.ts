/** What is wrong with waivers, and which of them no longer hold. */
import type { Micros } from '../model.ts'
import { canonicalAddress } from '../net/address.ts'
import { parsePrefix } from '../net/prefix.ts'
import type { TimeZone } from '../net/time-zone.ts'
import { checkTime } from './check-phases.ts'
import type { DeclarationDocument } from './declaration-shape.ts'
import type { FaultList } from './fault-list.ts'
import { hostPatternFault } from './host-pattern.ts'
import { quoted } from './path.ts'
import { checkReference, idsOf, type Known } from './references.ts'
import type { Draft } from './shape-faults.ts'

/** @param asOf the day for which waivers are judged; none is expired where it is undefined */
export function checkWaivers(
  draft: Draft<DeclarationDocument>,
  services: Known,
  zone: TimeZone | null,
  asOf: Micros | undefined,
  faults: FaultList,
): void {
  idsOf('waiver', 'waivers', draft.waivers, ['waivers'], faults)
  for (const [i, waiver] of (draft.waivers ?? []).entries()) {
    if (!waiver) continue
    const path = ['waivers', i]
    const { match, owner, approver, expires } = waiver
    const named =
      Object.keys(match ?? {}).length > 0 ||
      ['service', 'host', 'remote'].some((key) => faults.has([...path, 'match', key]))
    if (match && !named)
      faults.error([...path, 'match'], 'matches nothing in particular: write `service`, `host` or `remote`')
    checkReference(match?.service, services, [...path, 'match', 'service'], faults)
    const wrong = match?.host === undefined ? null : hostPatternFault(match.host)
    if (wrong !== null) faults.error([...path, 'match', 'host'], wrong)
    if (match?.remote !== undefined && canonicalAddress(match.remote) === null && parsePrefix(match.remote) === null)
      faults.error(
        [...path, 'match', 'remote'],
        `${quoted(match.remote)} is no address and no prefix: write 203.0.113.7 or 203.0.113.0/24`,
      )
    const end = checkTime(expires, 'end', [...path, 'expires'], zone, faults)
    if (end !== null && asOf !== undefined && end <= asOf)
      faults.warning(
        [...path, 'expires'],
        `the waiver expired with ${expires}, so that its findings count again: remove it, or have it approved anew`,
      )
    if (owner !== undefined && approver !== undefined && owner.trim().toLowerCase() === approver.trim().toLowerCase())
      faults.warning([...path, 'approver'], `${quoted(approver)} owns the waiver: have somebody else approve it`)
  }
}
