/**
 * How far an audit divided among Lambdas carries: what was measured (bench/audit-scale.json), and what follows from it and from
 * assumptions that are written down here.
 */
import { readFileSync } from 'node:fs'
import { OBSERVATIONS_PER_BATCH } from '../functions/lambda/batches.ts'
import type { ConcludeRun, WeighRun } from './audit-scale-program.ts'
import { prices } from './aws-prices.ts'

export type WeighMeasured = WeighRun & { readonly addresses: number; readonly peakMiB: number }
export type ConcludeMeasured = ConcludeRun & {
  readonly addresses: number
  readonly parts: number
  readonly peakMiB: number
}

export interface ScaleMeasured {
  readonly date: string
  readonly machine: string
  readonly weighed: readonly WeighMeasured[]
  readonly concluded: readonly ConcludeMeasured[]
}

export const measured: ScaleMeasured = JSON.parse(readFileSync(new URL('audit-scale.json', import.meta.url), 'utf8'))

/** As infra/audit.ts and infra/audit-steps.ts have it; test/docs/scale.test.ts holds it to the template. */
export const deployed = {
  batchMiB: 1769,
  batchSeconds: 90,
  concludeMiB: 4096,
  concludeSeconds: 900,
  planSeconds: 900,
  /** Batches at a time. */
  atATime: 40,
  machineHours: 6,
} as const

/** What is taken for granted where nothing could be measured: no Lambda ran for this. */
export const taken = {
  /** Times an arm64 Lambda with one processor takes what the measuring machine took. */
  slower: 2,
  /** Seconds until a batch's function runs and has its files. */
  start: 3,
  observationsACapture: 5_000,
  capturesASession: 2,
  /** Address ranges that a batch opens: those around the campaign's packets. */
  snapshots: 3,
  /** Distinct cases of one capture: each finding names the captures that it rests on. */
  casesACapture: 500,
  /** Milliseconds of a request to S3. */
  requestMs: 20,
  /** Bytes of a session in the plan, and of a ledger and a session.yaml in its accounts: those of the example. */
  sessionBytes: 552,
  ledgerBytes: 401,
  sessionText: 900,
} as const

/** Requests of plan for a capture (is there a receipt, the receipt, the ledger), and how many are under way at a time. */
const planRequests = 3
const planAtOnce = 24
/** Beside the observations: is the part there, the plan, the snapshots, and the part. */
const requestsABatch = 3 + taken.snapshots
/** AWS's ranges of 22 August 2026 (2.6 MB), parsed: the best of 20, and what stays in memory of each. */
const snapshot = { seconds: 0.055, mebibytes: 2.7 } as const
/** A capture's SHA-256 in a finding: JSON, and the references that lead to it. */
const captureBytes = 67
const captureMemory = 80

/** AWS's and V8's limits; docs/decisions/0006-scale.md names the page of each. */
export const limits = { atOnce: 1_000, lambdaMiB: 10_240, stringBytes: 536_870_888 } as const

function ofConclusions() {
  const [few = 0, alot = 0] = [...new Set(measured.concluded.map(({ addresses }) => addresses))].sort((a, b) => a - b)
  const of = (addresses: number, better: (a: ConcludeMeasured, b: ConcludeMeasured) => boolean) =>
    measured.concluded.filter((run) => run.addresses === addresses).reduce((a, b) => (better(b, a) ? b : a))
  return {
    many: of(alot, (a, b) => a.parts > b.parts),
    one: of(alot, (a, b) => a.parts < b.parts),
    small: of(few, (a, b) => a.parts < b.parts),
  }
}

const secondsOf = ({ parse, conclude, json }: ConcludeMeasured) => parse + conclude + json

/**
 * Seconds of a conclusion on the measuring machine: a constant, each case of each part, and each case of the whole; fitted to
 * many parts, one part, and one part of few cases.
 */
export function secondsFor(read: number, kept: number): number {
  const { many, one, small } = ofConclusions()
  const readCase = (secondsOf(many) - secondsOf(one)) / (many.cases - one.cases)
  const both = (secondsOf(one) - secondsOf(small)) / (one.cases - small.cases)
  return secondsOf(small) + both * (kept - small.cases) + readCase * (read - kept)
}

/** Parts are read one after another: what stays is the distinct cases, and the highest peak of any number of parts counts. */
function mebibytesFor(cases: number): number {
  const { one, small } = ofConclusions()
  const peak = Math.max(...measured.concluded.map(({ peakMiB }) => peakMiB))
  return small.peakMiB + ((peak - small.peakMiB) / (one.cases - small.cases)) * (cases - small.cases)
}

export interface Scale {
  readonly observations: number
  readonly captures: number
  readonly batches: number
  readonly planSeconds: number
  /** The plan, which every batch reads, and its accounts, which conclude reads. */
  readonly planBytes: number
  readonly accountBytes: number
  /** With so many batches at a time as are deployed, and with as many as an account may run unasked. */
  readonly weighSeconds: number
  readonly weighSecondsAtMost: number
  readonly requests: number
  /** S3 requests a second with as many batches at a time as an account may run unasked. */
  readonly requestsASecond: number
  readonly weighDollars: number
}

/** What does not depend on what is in the observations. */
export function scaleOf(observations: number): Scale {
  const captures = Math.ceil(observations / taken.observationsACapture)
  const sessions = Math.ceil(captures / taken.capturesASession)
  const batches = Math.ceil(observations / OBSERVATIONS_PER_BATCH)
  const seconds = batchSeconds()
  const requests = captures + batches * requestsABatch
  return {
    observations,
    captures,
    batches,
    planSeconds: ((captures * planRequests + sessions * 2) * taken.requestMs) / 1000 / planAtOnce,
    planBytes: sessions * taken.sessionBytes,
    accountBytes: captures * taken.ledgerBytes + sessions * taken.sessionText,
    weighSeconds: Math.ceil(batches / deployed.atATime) * seconds,
    weighSecondsAtMost: Math.ceil(batches / limits.atOnce) * seconds,
    requests: requests + captures * planRequests + sessions * 2,
    requestsASecond: (Math.min(batches, limits.atOnce) * (requests / batches)) / seconds,
    weighDollars: batches * seconds * (deployed.batchMiB / 1024) * prices.lambdaCompute.dollars,
  }
}

/** Seconds of one batch on a Lambda. */
export function batchSeconds(): number {
  const { open, read, weigh, write } = batchMeasured()
  return taken.start + taken.slower * (open + read + weigh + write)
}

/** Snapshots that a batch can open, until its time or its memory is used up. */
export function mostSnapshots(): number {
  const seconds = (deployed.batchSeconds - batchSeconds()) / (taken.slower * snapshot.seconds)
  const memory = (deployed.batchMiB - batchMeasured().peakMiB) / snapshot.mebibytes
  return Math.floor(Math.min(seconds, memory))
}

export interface Conclusion {
  readonly observations: number
  /** Cases of all parts together. */
  readonly read: number
  readonly mebibytes: number
  readonly seconds: number
  readonly reportBytes: number
}

/** @param cases distinct ones of the whole audit */
export function conclusionOf(observations: number, cases: number): Conclusion {
  const { captures, batches } = scaleOf(observations)
  const read = batches * Math.min(cases, OBSERVATIONS_PER_BATCH)
  const named = captures * Math.min(cases, taken.casesACapture)
  const { one } = ofConclusions()
  return {
    observations,
    read,
    mebibytes: mebibytesFor(cases) + (named * captureMemory) / 2 ** 20,
    seconds: taken.slower * secondsFor(read, cases),
    reportBytes: (cases * one.jsonBytes) / one.findings + named * captureBytes + captures * taken.ledgerBytes,
  }
}

/** What an audit of so many observations breaks at: first as it is deployed, then whatever is deployed. */
export function breaksOf(observations: number, cases: number): string {
  const scale = scaleOf(observations)
  const conclusion = conclusionOf(observations, cases)
  const found = [
    scale.planSeconds > deployed.planSeconds && 'time of plan',
    scale.planBytes > limits.stringBytes && 'plan.json is no string',
    scale.accountBytes > limits.stringBytes && 'accounts are no string',
    scale.weighSeconds > deployed.machineHours * 3600 && `${deployed.atATime} batches at a time`,
    conclusion.seconds > deployed.concludeSeconds && 'time of conclude',
    conclusion.mebibytes > limits.lambdaMiB
      ? "any Lambda's memory"
      : conclusion.mebibytes > deployed.concludeMiB && 'memory of conclude',
  ].filter((one) => one !== false)
  return found.join('; ') || '–'
}

/** The measured batch of the size that audits use, with the most cases. */
function batchMeasured(): WeighMeasured {
  const [batch] = measured.weighed
    .filter(({ observations }) => observations === OBSERVATIONS_PER_BATCH)
    .sort((a, b) => b.cases - a.cases)
  if (!batch)
    throw new Error(`bench/audit-scale.json has no batch of ${OBSERVATIONS_PER_BATCH} observations: measure again`)
  return batch
}

/** Distinct cases of the two shapes that were measured, fewest first. */
export function measuredCases(): readonly [number, number] {
  const { one, small } = ofConclusions()
  return [small.cases, one.cases]
}
