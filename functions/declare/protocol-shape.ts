/** The shape of a test protocol: what an operator is led through, step by step. */
import * as z from 'zod'
import { DURATION_PATTERN, durationFault } from './duration.ts'
import { deviceState, id, list, text } from './fields.ts'

const duration = (description: string, example: string) =>
  z
    .string()
    .regex(DURATION_PATTERN, { error: ({ input }) => durationFault(String(input)) ?? '' })
    .meta({ description, examples: [example] })

const canary = z
  .strictObject({
    url: z
      .string()
      .regex(/^http:\/\/[^\s/?#@]+(\/[^\s?#]*)?$/, {
        error: () =>
          'is no http:// address without a query: write `http://example.com/` (in clear, so that it can be found)',
      })
      .meta({ description: 'An address that answers HTTP in clear.', examples: ['http://example.com/'] }),
    by: z
      .enum(['device', 'rig'])
      .default('device')
      .meta({
        description: 'Who asks for it: somebody on the device, or the rig itself.',
        examples: ['device'],
      }),
    carries: id('Id of the planted identifier that the request carries.', 'imei').optional(),
  })
  .meta({ description: 'A contact to a known address, which the captures must show.' })

const step = z
  .strictObject({
    id: id('Name of the step; declarations and reports call it so.', 'insert-sim'),
    title: text('What it is, in a few words.', 'Insert the SIM'),
    instruct: text('What the operator does.', 'Insert the SIM card, and wait for the name of the carrier.').optional(),
    kind: z
      .enum(['act', 'idle', 'auto', 'canary'])
      .default('act')
      .meta({
        description:
          '`act`: the operator says when it begins and is over. `idle`: nobody touches the device for `wait`. `auto`: the device goes on by itself until the operator says that it is over. `canary`: a contact to a known address.',
        examples: ['act'],
      }),
    wait: duration(
      'ISO 8601 duration that still belongs to the step once the operator is done; of an idle step, all of it.',
      'PT2M',
    ).optional(),
    optional: z
      .boolean()
      .default(false)
      .meta({
        description: 'Whether it may be left out without being noted as a deviation.',
        examples: [true],
      }),
    resets: deviceState(
      'The device begins anew in this state, and with it a session of its own: the step is the first of it.',
    ).optional(),
    consent: z
      .enum(['opt-in', 'opt-out'])
      .optional()
      .meta({
        description: 'The user agrees in this step, or takes it back.',
        examples: ['opt-in'],
      }),
    canary: canary.optional(),
  })
  .meta({ description: 'A step.' })

export const protocolShape = z.strictObject({
  apiVersion: z.literal('domicile/v1').meta({ description: 'The version of this format.', examples: ['domicile/v1'] }),
  kind: z.literal('Protocol').meta({ description: 'What this file is.', examples: ['Protocol'] }),
  id: id('Name of the protocol.', 'boxed-handset'),
  title: text('What it tests.', 'A boxed handset, and what it sends'),
  about: text('Where it comes from, and what to have at hand.', "F-Secure's test of August 2014.").optional(),
  steps: list(step, 'In the order in which they are done.', { atLeastOne: true }),
})

/** A protocol as it is written, with defaults filled in. */
export type Protocol = z.output<typeof protocolShape>
export type ProtocolStep = Protocol['steps'][number]
