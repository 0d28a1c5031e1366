/** The shape of what a vendor says about asking first: what a service leaves undone until its user has agreed. */
import * as z from 'zod'
import { DURATION_PATTERN } from './duration.ts'
import { deviceState, id, list, text, time } from './fields.ts'
import { hostPattern } from './host-field.ts'
import { quoted } from './path.ts'

const FORBIDDEN = ['forbid-contact', 'forbid-identifiers'] as const

const forbidden = (description: string) => z.enum(FORBIDDEN).meta({ description, examples: ['forbid-identifiers'] })

const afterOptOut = z
  .strictObject({
    forbid: forbidden('What must not happen then: any contact, or only that identifiers of the device are sent.'),
    grace: z
      .string()
      .regex(DURATION_PATTERN, {
        error: ({ input }) =>
          `${quoted(String(input))} is no duration: write \`PT90S\`, \`PT10M\`, \`PT1H30M\` or \`P1D\` (ISO 8601, without months and years)`,
      })
      .default('PT0S')
      .meta({ description: 'How long after the step the service may take to fall silent.', examples: ['PT10M'] }),
  })
  .meta({ description: 'What is claimed of the time after the user has taken it back.' })

const preconditions = z
  .strictObject({
    firmware: list(
      text('A version, or the beginning of versions with `*` behind.', 'JHCMIBH50*'),
      'Firmware that the claim is about: any of these.',
      { atLeastOne: true },
    ).optional(),
    deviceStates: list(
      deviceState('A state, as `device.state` of a session has it.'),
      'How a device may have come into a session for the claim to be about it: any of these.',
      { atLeastOne: true },
    ).optional(),
  })
  .meta({ description: 'The devices that the claim is about. Left out: every device.', minProperties: 1 })

export const consent = z
  .strictObject({
    since: time('First day, or instant, from which the claim holds. Left out: since ever.', '2014-08-14').optional(),
    sharedHosts: list(
      hostPattern('A host of another service, or `*.suffix`.'),
      'Hosts of other services that this one uses too: what goes there may be for the other, where that one may receive it.',
      { atLeastOne: true },
    ).optional(),
    optIn: id('The step of a session by which the user agrees.', 'enable-cloud'),
    optOut: id('The step by which the user takes it back.', 'disable-cloud').optional(),
    before: forbidden(
      'What must not happen before: any contact with the hosts, or only that identifiers of the device are sent to them.',
    ),
    afterOptOut: afterOptOut.optional(),
    preconditions: preconditions.optional(),
    source: id('The source that says so.', 'S1').optional(),
  })
  .meta({
    description: 'What the vendor says about asking first.',
    dependentRequired: { afterOptOut: ['optOut'] },
  })
