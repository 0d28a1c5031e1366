/** What a deployment can choose, read from the context (`cdk.json`, or `-c name=value`). */
import type { Node } from 'constructs'
import * as z from 'zod'
import { suggestion } from '../functions/declare/suggest.ts'
import { zoneFault } from '../functions/declare/zone-name.ts'

export const STAGES = ['dev', 'prod'] as const
export type Stage = (typeof STAGES)[number]

/**
 * What keys below `intake/` begin with: a campaign, "/", and as much more as is wanted. `*`, `?` and `$` mean something in a
 * policy, so no key of a rig may hold them.
 */
const prefix = z
  .string()
  .regex(
    /^[^/*?$]+\/[^*?$]*$/,
    'a prefix is a campaign, "/", and the beginning of what lies below; none of * ? $ is in it',
  )

const rig = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, "a rig's id is lower case letters, digits and hyphens"),
  /**
   * Where this rig may write: one session (`redmi-1s/2014-10-28-before-the-deadline/`), every session of a name that begins so
   * (`redmi-1s/del-`), or a campaign (`redmi-1s/`), whose declaration it may not touch.
   */
  prefixes: z.array(prefix).min(1),
})
export type Rig = z.output<typeof rig>

const audit = z.strictObject({
  /** The folder below `intake/` that holds declaration.yaml and the sessions. */
  campaign: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, 'a campaign is letters, digits, dots and hyphens'),
  /** `cron(…)` or `rate(…)` of EventBridge Scheduler. */
  schedule: z.string().regex(/^(cron|rate)\(.+\)$/, 'a schedule is cron(…) or rate(…)'),
  /** Of the schedule: an IANA name. */
  timeZone: z
    .string()
    .refine((name) => zoneFault(name) === null, { error: ({ input }) => zoneFault(String(input)) ?? undefined })
    .default('Etc/UTC'),
})
export type ScheduledAudit = z.output<typeof audit>

const shape = z.strictObject({
  rigs: z.array(rig).default([]),
  audits: z.array(audit).default([]),
  /** For how long nobody, not even the account's owner, can delete a report; `prod` only. */
  reportYears: z.coerce.number().int().min(1).max(100).default(7),
  /** For how long a capture cannot be deleted without the right to bypass governance. */
  intakeDays: z.coerce.number().int().min(1).max(36500).default(365),
  /**
   * Captures that are ingested, and batches of one audit that are weighed, at a time. Together with an audit's other steps they
   * fit into the 10 functions at a time that a new account may run; most accounts may run 1000, and do more with more.
   */
  capturesAtOnce: z.coerce.number().int().min(2).max(1000).default(4),
  batchesAtOnce: z.coerce.number().int().min(1).max(10_000).default(4),
  /** Whether ingest looks for what is planted on devices. KMS then has an endpoint in the closed network, paid by the hour. */
  seedKeys: z.stringbool().or(z.boolean()).default(false),
  /** Who is written to when an alarm goes off, and when an audit concludes. */
  alarmEmail: z.email().optional(),
  /** File with the PEM certificate of the authority that certifies the rigs; then they come by IAM Roles Anywhere. */
  rigAuthority: z.string().optional(),
})
type Shape = z.output<typeof shape>

export interface Settings extends Shape {
  readonly stage: Stage
  readonly reportRetention: { readonly mode: 'GOVERNANCE' | 'COMPLIANCE'; readonly days: number }
  readonly logDays: number
}

/**
 * Reads the settings of a stage. `prod:rigs` in the context counts for `prod` only and before `rigs`; so for every name.
 *
 * @throws Error that says what is wrong with the context
 */
export function readSettings(node: Node, stage: Stage): Settings {
  refuseUnknown(Object.keys(node.getAllContext()))
  const given = Object.keys(shape.shape).map((name) => {
    const value = node.tryGetContext(`${stage}:${name}`) ?? node.tryGetContext(name)
    return [name, fromCommandLine(value)]
  })
  const read = shape.safeParse(Object.fromEntries(given))
  if (!read.success) throw new Error(`reading the context for ${stage}: ${z.prettifyError(read.error)}`)
  checkRigs(read.data.rigs)
  checkAudits(read.data.audits)
  return {
    ...read.data,
    stage,
    reportRetention:
      stage === 'prod'
        ? // No day short of the years, whichever of them are leap years.
          { mode: 'COMPLIANCE', days: Math.ceil(read.data.reportYears * 365.25) }
        : // A report of a trial is locked too, so that the lock itself is tried; but not for years.
          { mode: 'GOVERNANCE', days: 1 },
    logDays: stage === 'prod' ? 400 : 30,
  }
}

/**
 * The context also holds what is the CDK's own: flags (`@aws-cdk/…`), its command line's settings (`cli-…`, `aws:cdk:…`), what it
 * has looked up (`ami:account=…`). Those names are formed otherwise than ours, and pass.
 *
 * @throws Error that names a setting that does not exist, and the one that may be meant
 */
function refuseUnknown(names: readonly string[]): void {
  const settings = Object.keys(shape.shape)
  const known = ['stage', ...settings, ...STAGES.flatMap((stage) => settings.map((name) => `${stage}:${name}`))]
  const ours = names.filter((name) => /^([a-z]+:)?[a-z][\w-]*$/i.test(name) && !/^(cli-|acknowledged-issue)/.test(name))
  for (const name of ours)
    if (!known.includes(name))
      throw new Error(
        `reading the context: there is no setting ${name}: ${suggestion(name, known, `there are ${settings.join(', ')}`)}`,
      )
}

/** `-c rigs='[…]'` gives text. */
function fromCommandLine(value: unknown): unknown {
  return typeof value === 'string' && /^\s*[[{]/.test(value) ? JSON.parse(value) : value
}

/** @throws Error where a rig could write what is another's */
function checkRigs(rigs: readonly Rig[]): void {
  const owned = rigs.flatMap(({ id, prefixes }) => prefixes.map((text) => ({ id, text })))
  for (const [place, one] of owned.entries())
    for (const other of owned.slice(place + 1))
      if (one.id !== other.id && (one.text.startsWith(other.text) || other.text.startsWith(one.text)))
        throw new Error(
          `reading the context: ${one.id} may write below ${one.text} and ${other.id} below ${other.text}; one holds the other`,
        )
  checkTwice('rig', rigs, ({ id }) => id)
  // The name of its output has no hyphens.
  checkTwice('rig without hyphens', rigs, ({ id }) => id.replaceAll('-', ''))
}

function checkAudits(audits: readonly ScheduledAudit[]): void {
  checkTwice('campaign', audits, ({ campaign }) => campaign)
}

function checkTwice<Item>(noun: string, items: readonly Item[], nameOf: (item: Item) => string): void {
  const names = items.map(nameOf)
  const twice = names.find((name, place) => names.indexOf(name) !== place)
  if (twice !== undefined) throw new Error(`reading the context: the ${noun} ${twice} stands there twice`)
}
