/**
 * The files by which the steps of one audit work together. The plan fixes everything that a verdict rests on when the audit
 * begins: what comes later, in the intake or in the reference data, is the next audit's.
 */
import { InputError } from '../errors.ts'
import type { Declaration, Ledger, Session } from '../model.ts'
import type { Document } from '../report/outputs.ts'
import type { ObjectStore } from '../store/object-store.ts'
import { readJson } from './stored-json.ts'

export const PLAN = 'urn:domicile:schema:plan-v1'

/** What every step needs. */
export interface Plan {
  readonly schema: typeof PLAN
  readonly campaign: string
  readonly execution: string
  /** Of the audit, ISO 8601 UTC; it names the report's folder. */
  readonly time: string
  readonly declaration: Declaration
  /** Those whose `session.yaml` is right. */
  readonly sessions: readonly Session[]
  /** Keys, in the reference bucket, of the snapshots that count for the evidence. */
  readonly reference: readonly string[]
  /** Key of the accounts. */
  readonly accounts: string
  /** Key of the list of batches, from which a Distributed Map reads its items. */
  readonly batches: string
  /** How many there are, numbered from 0. */
  readonly batchCount: number
  readonly observations: number
  /** Sources of captures without observations; see the accounts for why. */
  readonly missing: readonly string[]
}

/** What only the conclusion needs. */
export interface Accounts {
  readonly ledgers: readonly Ledger[]
  readonly documents: readonly Document[]
}

/** @throws InputError where there is no plan under the key */
export async function readPlan(evidence: ObjectStore, key: string): Promise<Plan> {
  const plan = (await readJson(evidence, key)) as Plan
  if (plan?.schema === PLAN) return plan
  throw new InputError(`${key} is no plan of an audit: take the key that the step \`plan\` returned`)
}

export async function readAccounts(evidence: ObjectStore, plan: Plan): Promise<Accounts> {
  return (await readJson(evidence, plan.accounts)) as Accounts
}
