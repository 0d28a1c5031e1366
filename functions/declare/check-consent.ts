/** What is wrong with what a service is said to leave undone until its user has agreed. */
import type { TimeZone } from '../net/time-zone.ts'
import { checkTime } from './check-phases.ts'
import type { DeclarationDocument } from './declaration-shape.ts'
import { durationSeconds } from './duration.ts'
import type { FaultList } from './fault-list.ts'
import { hostPatternFault, isCoveredBy } from './host-pattern.ts'
import { type Path, quoted } from './path.ts'
import { checkDistinct, checkReference, type Known } from './references.ts'
import type { Draft } from './shape-faults.ts'

type ConsentDraft = Draft<NonNullable<DeclarationDocument['services'][number]['consent']>>

/** A session is over long before. */
const LONGEST_GRACE_DAYS = 31

interface ConsentContext {
  readonly zone: TimeZone | null
  readonly sources: Known
  /** Patterns of the hosts of the other services. */
  readonly others: readonly string[]
}

export function checkConsent(
  consent: ConsentDraft,
  path: Path,
  { zone, sources, others }: ConsentContext,
  faults: FaultList,
): void {
  const { since, optIn, optOut, afterOptOut, preconditions, source } = consent
  checkTime(since, 'start', [...path, 'since'], zone, faults)
  checkReference(source, sources, [...path, 'source'], faults)
  if (optIn !== undefined && optIn === optOut)
    faults.error(
      [...path, 'optOut'],
      `${quoted(optIn)} is the step by which the user agrees: name the one by which the user takes it back, or leave the key out`,
    )
  if (afterOptOut !== undefined && optOut === undefined && !faults.has([...path, 'optOut']))
    faults.error(
      [...path, 'afterOptOut'],
      'speaks of a step that is not named: write `optOut: disable-cloud` or the like too',
    )
  const grace = durationSeconds(afterOptOut?.grace ?? '')
  if (grace !== null && grace > LONGEST_GRACE_DAYS * 86_400)
    faults.error(
      [...path, 'afterOptOut', 'grace'],
      `is longer than ${LONGEST_GRACE_DAYS} days, and no session shows what comes after: write what the vendor promised, such as PT10M`,
    )
  checkSharedHosts(consent.sharedHosts ?? [], others, [...path, 'sharedHosts'], faults)
  if (preconditions) checkPreconditions(preconditions, [...path, 'preconditions'], faults)
}

function checkSharedHosts(
  patterns: readonly (string | undefined)[],
  others: readonly string[],
  path: Path,
  faults: FaultList,
): void {
  for (const [i, pattern] of patterns.entries()) {
    const wrong = pattern === undefined ? null : hostPatternFault(pattern)
    if (wrong !== null) faults.error([...path, i], wrong)
    else if (pattern !== undefined && !others.some((other) => other === pattern || isCoveredBy(pattern, other)))
      faults.error(
        [...path, i],
        `${quoted(pattern)} belongs to no other service, so that it is shared with nobody: write it under \`hosts\` of this one`,
      )
  }
  const twice = (pattern: string) => `${quoted(pattern)} is listed twice: remove one of them`
  checkDistinct(patterns, (i) => [...path, i], twice, faults)
}

function checkPreconditions(
  { firmware, deviceStates }: NonNullable<ConsentDraft['preconditions']>,
  path: Path,
  faults: FaultList,
): void {
  const given = (key: string) => faults.has([...path, key])
  if (!firmware && !deviceStates && !given('firmware') && !given('deviceStates'))
    faults.error(path, 'asks for nothing: write `firmware`, `deviceStates` or both, or leave the key out')
  for (const [i, version] of (firmware ?? []).entries()) {
    const wrong = version === undefined ? null : firmwareFault(version)
    if (wrong !== null) faults.error([...path, 'firmware', i], wrong)
  }
  const twice = (value: string) => `${quoted(value)} is listed twice: remove one of them`
  checkDistinct(firmware ?? [], (i) => [...path, 'firmware', i], twice, faults)
  checkDistinct(deviceStates ?? [], (i) => [...path, 'deviceStates', i], twice, faults)
}

function firmwareFault(version: string): string | null {
  const star = version.indexOf('*')
  if (version.trim() === '*') return '`*` is every firmware: leave the key out'
  if (star < 0 || star === version.length - 1) return null
  return `${quoted(version)} has a \`*\` that is not at its end: write the beginning of the versions and one \`*\` behind it`
}
