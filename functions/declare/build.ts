/** Turns documents without faults into the program's own nouns. */
import { createHash } from 'node:crypto'
import type { Consent, Declaration, Micros, Phase, Session } from '../model.ts'
import { ASSUMED_CLOCK_ERROR_MS } from '../net/clock-error.ts'
import { regionFacts } from '../net/cloud-regions.ts'
import { type TimeZone, timeZone } from '../net/time-zone.ts'
import type { DeclarationDocument } from './declaration-shape.ts'
import { durationSeconds } from './duration.ts'
import { instantOf } from './instant.ts'
import type { SessionDocument } from './session-shape.ts'
import { uncapturedSpans } from './uncaptured.ts'

/** @param text the document as it was read, for its hash */
export function buildDeclaration(document: DeclarationDocument, text: string): Declaration {
  const { id, version, title, vendor, timezone } = document.metadata
  const zone = timeZone(timezone)
  const { deadlines = [] } = document.migration ?? {}
  return {
    id,
    version,
    title,
    vendor,
    timezone,
    sha256: createHash('sha256').update(text).digest('hex'),
    sources: document.sources.map(defined),
    population: {
      description: document.population?.description ?? '',
      markets: document.population?.markets ?? [],
    },
    places: Object.entries(document.places).map(([placeId, place]) => defined({ id: placeId, ...withKey(place) })),
    ownNetworks: document.ownNetworks,
    services: document.services.map(({ consent, ...service }) => ({
      ...defined({ ...service, phases: service.phases.map((phase) => buildPhase(phase, zone)).sort(byTime) }),
      ...(consent === undefined ? {} : { consent: buildConsent(consent, zone) }),
    })),
    undeclaredHosts: document.undeclaredHosts ?? { vendorSuffixes: [], treatment: 'violation' },
    migration: {
      deadlines: deadlines.map((deadline) => defined({ ...deadline, at: instant(deadline.at, 'end', zone) })),
    },
    standard: document.standard,
    coverage: document.coverage ?? { minSessions: 1, minRigs: 1, steps: [] },
    tolerance: document.tolerance ?? { indeterminateFlows: 0 },
    waivers: document.waivers.map((waiver) => ({
      ...waiver,
      match: defined(waiver.match),
      expires: instant(waiver.expires, 'end', zone),
    })),
    ...(document.salts === undefined ? {} : { salts: document.salts }),
  }
}

/** A place whose region has the one spelling that locations have, though its provider knows several. */
function withKey<P extends { cloud?: string | undefined }>(place: P): P {
  const key = place.cloud === undefined ? undefined : regionFacts(place.cloud)?.key
  return key === undefined ? place : { ...place, cloud: key }
}

function buildPhase(phase: DeclarationDocument['services'][number]['phases'][number], zone: TimeZone | null): Phase {
  return {
    id: phase.id,
    from: phase.from === undefined ? null : instant(phase.from, 'start', zone),
    until: phase.until === undefined ? null : instant(phase.until, 'end', zone),
    allow: phase.allow ?? null,
    deny: phase.deny ?? [],
    ...(phase.source === undefined ? {} : { source: phase.source }),
  }
}

function buildConsent(
  { since, afterOptOut, preconditions, ...claim }: NonNullable<DeclarationDocument['services'][number]['consent']>,
  zone: TimeZone | null,
): Consent {
  return {
    ...defined(claim),
    since: since === undefined ? null : instant(since, 'start', zone),
    ...(afterOptOut === undefined
      ? {}
      : { afterOptOut: { forbid: afterOptOut.forbid, graceMs: (durationSeconds(afterOptOut.grace) ?? 0) * 1000 } }),
    ...(preconditions === undefined ? {} : { preconditions: defined(preconditions) }),
  }
}

export function buildSession(document: SessionDocument): Session {
  const { id, rig, device, steps, seeds, captures = [], script, deviations = [], skipped = [] } = document
  const lost = lostPackets(document)
  const { addresses = [], ...what } = device ?? {}
  const spans = steps
    .map((step) => ({
      id: step.id,
      from: instant(step.from, 'start', null),
      until: instant(step.until, 'start', null),
    }))
    .sort((a, b) => a.from - b.from)
  const runs = document.captureRuns?.map(({ from, until, ended, packets }) => ({
    from: instant(from, 'start', null),
    until: instant(until, 'start', null),
    ended,
    packets,
  }))
  const uncaptured = runs === undefined ? [] : uncapturedSpans(spans, runs)
  return {
    id,
    rig: {
      id: rig.id,
      clockErrorMs: rig.clockErrorMs ?? ASSUMED_CLOCK_ERROR_MS,
      ...(rig.place ? { place: defined(rig.place) } : {}),
    },
    device: { addresses, ...defined(what) },
    steps: spans,
    ...(seeds === undefined ? {} : { seeds }),
    ...(lost === 0 ? {} : { lost }),
    ...(uncaptured.length === 0 ? {} : { uncaptured }),
    ...(script === undefined ? {} : { unattended: { timeScale: script.timeScale } }),
    ...(deviations.length === 0 ? {} : { deviations }),
    ...(skipped.length === 0 ? {} : { skipped }),
    captures: captures.map(({ columns, ...capture }) => ({
      ...defined(capture),
      ...(columns === undefined ? {} : { columns: defined(columns) as Readonly<Record<string, string>> }),
    })),
  }
}

/** What the runs of the capturing tool lost, or what it lost in all where that is more: a run need not say it. */
function lostPackets({ capture, captureRuns = [] }: SessionDocument): number {
  const ofRuns = captureRuns.reduce((sum, { dropped = 0 }) => sum + dropped, 0)
  return Math.max(capture?.dropped ?? 0, ofRuns)
}

const byTime = (a: Phase, b: Phase) => (a.from ?? -Infinity) - (b.from ?? -Infinity)

function instant(text: string, edge: 'start' | 'end', zone: TimeZone | null): Micros {
  const at = instantOf(text, edge, zone)
  if (at === null) throw new Error(`building from the impossible time ${text}, which checking has to refuse`)
  return at
}

/** An object whose keys are left out where they are undefined. */
type Defined<T> = { [Key in keyof T]: Exclude<T[Key], undefined> }

function defined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as Defined<T>
}
