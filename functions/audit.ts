/**
 * The main flow, and the only file that knows every stage:
 *
 *     bytes ─▶ parse ─▶ attribute ─▶ identify ─▶ observe ─┬─▶ observations + ledger
 *                                                         │
 *     declaration, snapshots ─────────────────────────────┴─▶ locate ─▶ judge ─▶ report
 */
import { Attributor } from './attribute/attribute.ts'
import { examinedFlows } from './identify/examined-flows.ts'
import { Examiner } from './identify/examiner.ts'
import type { ConcludeInput } from './judge/conclude-input.ts'
import { judgementOf } from './judge/judge.ts'
import { MergedParts } from './judge/merge.ts'
import { type WeighInput, weigh } from './judge/weigh.ts'
import type { WeighedPart } from './judge/weighed-part.ts'
import { writtenPart } from './judge/written-part.ts'
import { refiner } from './locate/refine.ts'
import type {
  CaptureObservations,
  CaptureReading,
  Content,
  FlowBatch,
  Locator,
  NameAnswer,
  Report,
  Seed,
  Session,
} from './model.ts'
import { withoutDoubles } from './observe/doubles.ts'
import { ObservationFold } from './observe/fold.ts'
import { readCaptures } from './parse/read-capture.ts'
import { composeReport } from './report/compose.ts'

/** What to look for in what a device sends. Plain data; it holds people's identifiers, so it stays in memory. */
export interface Planted {
  readonly seeds: readonly Seed[]
  /** {@link Declaration.salts} */
  readonly salts: readonly string[]
}

/** One capture to read. */
export interface CaptureInput {
  /** The path as the report names it, relative to its campaign. */
  readonly source: string
  readonly session: Session
  readonly reading: CaptureReading
  /** Left out: nothing is looked for. */
  readonly planted?: Planted
  /** The bytes as they were uploaded, packed or not, opened when they are read. */
  readonly open: () => AsyncIterable<Uint8Array>
  /** Told now and then how many records have been read. What it throws ends the reading, and is thrown on. */
  readonly watch?: (records: number) => void
}

/**
 * Turns a capture into observations: once, when it arrives. A capture that cannot be read whole gives what was read, and
 * says so in its ledger; it never throws for the capture's content.
 */
export async function observeCapture(capture: CaptureInput): Promise<CaptureObservations> {
  const [observed] = await observeCaptures([capture])
  return observed as CaptureObservations
}

/**
 * The same for captures of one session that belong together, such as the logs that Zeek wrote beside each other: what one says
 * names the flows of another.
 *
 * @returns one for each, in the same order
 */
export async function observeCaptures(captures: readonly CaptureInput[]): Promise<readonly CaptureObservations[]> {
  const [first] = captures
  if (first === undefined) return []
  const attributor = new Attributor(first.session)
  const folds = captures.map(() => new ObservationFold(first.session))
  const reads = await readCaptures(
    captures.map(({ open, reading, planted, watch }, i) => {
      const examiner = planted === undefined ? null : new Examiner(planted.seeds, planted)
      return {
        chunks: open(),
        options: { ...reading, ...(watch === undefined ? {} : { watch }) },
        sink: {
          answer: (answer: NameAnswer) => attributor.answer(answer),
          flows: (batch: FlowBatch) => {
            const attribution = attributor.attribute(batch)
            folds[i]?.add(batch, attribution, examiner && examinedFlows(examiner, batch, attribution))
          },
          ...(examiner === null ? {} : { content: (content: Content) => examiner.take(content) }),
        },
      }
    }),
  )
  return reads.flatMap((read, i) => {
    const gaps = [...read.gaps, ...attributor.gaps()]
    const observed = folds[i]?.finish(captures[i]?.source ?? '', { ...read, gaps })
    if (observed === undefined) return []
    return read.opened === undefined ? observed : { ...observed, opened: read.opened }
  })
}

/** What an audit is of, once every capture has been observed. */
export interface AuditInput extends ConcludeInput, WeighInput {
  readonly locator: Locator
}

/** Audits captures that have just been observed; what was given twice counts once. */
export function auditCaptures(
  captures: readonly CaptureObservations[],
  rest: Omit<AuditInput, 'ledgers' | 'observations'>,
): Report {
  const counted = withoutDoubles(captures)
  return auditObservations({
    ...rest,
    ledgers: counted.map(({ ledger }) => ledger),
    observations: counted.flatMap(({ observations }) => observations),
  })
}

/** Locates and judges observations and composes the report. Pure: the same input gives the same report. */
export function auditObservations(input: AuditInput): Report {
  return composeReport(input, judgementOf(input, weigh(input, refiner), refiner))
}

/** Locates one batch of observations and folds it by what it is judged by: plain JSON, for {@link concludeAudit}. */
export function weighObservations(batch: WeighInput): WeighedPart {
  return writtenPart(weigh(batch, refiner))
}

/**
 * Judges parts together and composes the report: the same bytes however the observations were divided, in any order.
 *
 * @throws InputError where a part was weighed by another declaration or other snapshots
 */
export function concludeAudit(input: ConcludeInput, parts: Iterable<WeighedPart>): Report {
  const merged = new MergedParts(input)
  for (const part of parts) merged.add(part)
  return composeReport(input, judgementOf(input, merged, refiner))
}

/** The same for parts that come one after another, of which only one has to be held. */
export async function concludeStreamedAudit(input: ConcludeInput, parts: AsyncIterable<WeighedPart>): Promise<Report> {
  const merged = new MergedParts(input)
  for await (const part of parts) merged.add(part)
  return composeReport(input, judgementOf(input, merged, refiner))
}
