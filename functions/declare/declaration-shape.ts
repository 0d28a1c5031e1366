/** The shape of `declaration.yaml`: its keys, their types, and what each is for. The published JSON Schema is made of it. */
import * as z from 'zod'
import { consent } from './consent-shape.ts'
import { count, country, date, ID_PATTERN, id, list, number, subdivision, text, time } from './fields.ts'
import { hostPattern } from './host-field.ts'
import { suffixFault } from './host-pattern.ts'
import { quoted } from './path.ts'

/** The rules that findings are made by, so that a waiver can name one. */
export const RULES = [
  'residency',
  'undeclared-host',
  'unknown-host',
  'http-dns',
  'consent-contact',
  'consent-identifiers',
  'consent-opt-out',
] as const

/** The same without `*.`. */
const HOST_NAME = /^[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})+$/

const place = z
  .strictObject({
    cloud: z
      .string()
      .regex(/^[a-z0-9]+:[a-z0-9-]+$/, {
        error: ({ input }) =>
          `${quoted(String(input))} is no cloud region: write provider and region, such as \`aws:us-west-1\``,
      })
      .optional()
      .meta({ description: 'A cloud region with its provider.', examples: ['aws:us-west-1'] }),
    zones: list(
      z.string().meta({ description: 'A zone, in full.', examples: ['aws:us-west-2-lax-1'] }),
      'Local and wavelength zones that count as this region, in full. A zone that is not listed is not the region.',
    ).optional(),
    subdivision: subdivision('A state or province (ISO 3166-2).', 'US-CA').optional(),
    country: country('A country (ISO 3166-1).', 'CN').optional(),
  })
  .meta({
    description: 'A place that an address can be held against: exactly one of cloud, subdivision and country.',
    oneOf: [{ required: ['cloud'] }, { required: ['subdivision'] }, { required: ['country'] }],
    dependentRequired: { zones: ['cloud'] },
  })

const phase = z
  .strictObject({
    id: id('Name of the phase.', 'migrated'),
    from: time('First day, or instant, of the phase. Left out: since ever.', '2014-11-01').optional(),
    until: time('Last day of the phase, or the instant at which it ends. Left out: for ever.', '2014-10-31').optional(),
    allow: list(
      id('A place.', 'singapore'),
      'Places where the service may be; nowhere else. Left out: everywhere but in the denied places.',
      { atLeastOne: true },
    ).optional(),
    deny: list(id('A place.', 'beijing'), 'Places where the service must not be. Wins over `allow`.', {
      atLeastOne: true,
    }).optional(),
    source: id('The source that says so.', 'S1').optional(),
  })
  .meta({
    description: 'A span of time in which the service may be in some places and not in others.',
    anyOf: [{ required: ['allow'] }, { required: ['deny'] }],
  })

const service = z
  .strictObject({
    id: id('Name of the service.', 'mi-account'),
    title: text('What people call it.', 'Mi Account').optional(),
    hosts: list(
      hostPattern('A host, or `*.suffix` for every host below a suffix. The most specific pattern wins.'),
      'The hosts of the service.',
      { atLeastOne: true },
    ),
    data: list(
      z
        .string()
        .regex(/^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$/, {
          error: ({ input }) =>
            `${quoted(String(input))} is no data category: write words in lower case with dots between, such as \`user.device.device_id\``,
        })
        .meta({ description: 'A category of data, such as one of Fideslang.', examples: ['user.device.device_id'] }),
      'What the service is said to receive.',
    ).default([]),
    phases: list(phase, 'Where the service may be, when. They follow one another without a gap.', { atLeastOne: true }),
    consent: consent.optional(),
  })
  .meta({ description: 'A set of hosts that the declaration speaks of.' })

const source = z
  .strictObject({
    id: id('Name that phases and deadlines cite it by.', 'S1'),
    title: text('Title of the source.', 'Migration of international user data'),
    date: date('When it was published.', '2014-10-22'),
    url: z
      .string()
      .regex(/^https?:\/\/[^\s/]\S*$/, {
        error: ({ input }) =>
          `${quoted(String(input))} is no web address: write it whole, such as \`https://example.com/post\``,
      })
      .optional()
      .meta({ description: 'Where it can be read.', examples: ['https://example.com/post'] }),
    quote: text('What it says, word for word.', 'We are moving user data to …').optional(),
  })
  .meta({ description: 'What the vendor said, where and when.' })

const deadline = z
  .strictObject({
    id: id('Name of the deadline.', 'D1'),
    services: list(id('A service.', 'mi-account'), 'The services that have to be done by then.', { atLeastOne: true }),
    phase: id('The phase of each of these services that begins when the deadline has passed.', 'migrated'),
    at: time('The last day, or the instant. A date means the end of that day.', '2014-10-31'),
    source: id('The source that says so.', 'S1').optional(),
  })
  .meta({ description: 'A date by which services have to be in a phase.' })

const waiver = z
  .strictObject({
    id: id('Name of the waiver.', 'W1'),
    rule: z.enum(RULES).meta({ description: 'The rule whose findings are waived.', examples: ['undeclared-host'] }),
    match: z
      .strictObject({
        service: id('A service.', 'mi-account').optional(),
        host: hostPattern('A host, or `*.suffix`.').optional(),
        remote: text('An address or a prefix.', '203.0.113.0/24').optional(),
      })
      .meta({ description: 'Which findings; all that is named has to match.', minProperties: 1 }),
    reason: text('Why it is accepted.', 'owned by a reseller, removed in 6.1'),
    owner: text('Who answers for it.', 'privacy team'),
    approver: text('Who accepted it; somebody else than the owner.', 'lead auditor'),
    expires: time('The last day, or the instant, on which it holds.', '2015-03-31'),
  })
  .meta({ description: 'A violation that is known and accepted for a time. It is annotated, never removed.' })

export const declarationShape = z.strictObject({
  apiVersion: z.literal('domicile/v1').meta({ description: 'The version of this format.', examples: ['domicile/v1'] }),
  kind: z.literal('Declaration').meta({ description: 'What this file is.', examples: ['Declaration'] }),
  metadata: z
    .strictObject({
      id: id('Name of the declaration.', 'xiaomi-intl-2014'),
      version: count('Counts up with every change.', 1),
      title: text('Title of the declaration.', 'International user data leaves Beijing'),
      vendor: text('Who declares.', 'Xiaomi Inc.'),
      timezone: text("Time zone in which dates are read, of IANA's database.", 'Asia/Shanghai'),
    })
    .meta({ description: 'What this declaration is.' }),
  sources: list(source, 'What the vendor said, for others to check the transcription.').default([]),
  population: z
    .strictObject({
      description: text('Whose data is meant.', 'International users').optional(),
      markets: list(country('A country (ISO 3166-1).', 'IN'), 'Countries whose users are meant.').optional(),
    })
    .optional()
    .meta({ description: 'Whose data this is about.' }),
  places: z
    .record(z.string().regex(ID_PATTERN), place)
    .meta({ description: 'Named places, for phases to allow and deny.', minProperties: 1 }),
  standard: z
    .enum(['balanced', 'strict'])
    .default('balanced')
    .meta({ description: 'Whether a corroborated location decides (balanced) or only a proven one (strict).' }),
  ownNetworks: list(
    z
      .string()
      .regex(/^[a-z0-9][a-z0-9.-]*$/, {
        error: ({ input }) =>
          `${quoted(String(input))} is no provider: write its name as in \`ranges/alibaba\`, without \`ranges/\``,
      })
      .meta({ description: 'A provider, as in `ranges/<name>`.', examples: ['alibaba'] }),
    "Providers whose networks are the vendor's own: what they publish of their addresses cannot carry the vendor's claim.",
  ).default([]),
  services: list(service, 'The services that the declaration speaks of.', { atLeastOne: true }),
  salts: list(
    text('A text, to the letter.', 'com.example.push'),
    'Texts that the vendor puts before or behind identifiers when it hashes them: hashes are then found too.',
  ).optional(),
  undeclaredHosts: z
    .strictObject({
      vendorSuffixes: list(
        z
          .string()
          .regex(HOST_NAME, {
            error: ({ input }) => suffixFault(String(input)) ?? `${quoted(String(input))} is no suffix`,
          })
          .meta({
            description: "A suffix that is the vendor's own, and every host below it.",
            examples: ['xiaomi.com'],
          }),
        "Suffixes that are the vendor's own.",
        { atLeastOne: true },
      ),
      treatment: z
        .enum(['violation', 'indeterminate'])
        .default('violation')
        .meta({ description: 'The verdict on hosts below them that no service declares.' }),
    })
    .optional()
    .meta({ description: "What becomes of hosts of the vendor's that no service declares." }),
  migration: z
    .strictObject({ deadlines: list(deadline, 'Dates by which services have to be in a phase.', { atLeastOne: true }) })
    .optional()
    .meta({ description: 'What was promised for when.' }),
  coverage: z
    .strictObject({
      minSessions: count('Sessions that must have been run.', 1).default(1),
      minRigs: count('Different rigs that must have taken part.', 1).default(1),
      steps: list(id('A step.', 'insert-sim'), 'Steps that some session must have run.').default([]),
    })
    .optional()
    .meta({ description: 'What has to have been seen before an audit can pass.' }),
  tolerance: z
    .strictObject({
      indeterminateFlows: number(
        'Largest share of the flows to declared services that may stay indeterminate in a pass.',
        0,
        1,
      ).default(0),
    })
    .optional()
    .meta({ description: 'How much may stay undecided.' }),
  waivers: list(waiver, 'Violations that are known and accepted for a time.').default([]),
})

/** A declaration as it is written, with defaults filled in. */
export type DeclarationDocument = z.output<typeof declarationShape>
