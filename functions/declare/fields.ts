/** The kinds of values that declarations and sessions are made of. */
import * as z from 'zod'
import { DATE_PATTERN, DATE_TIME_PATTERN, TIME_PATTERN, timeFault } from './instant.ts'
import { quoted } from './path.ts'

/** What a person writes and a program compares: the name of a service, place, phase, step and so on. */
export const ID_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/

const idFault = (text: unknown) =>
  `${quoted(String(text))} is no id: write letters, digits, dots, hyphens and underscores, at most 64, a letter or digit first`

/** An id; `of` says what it names. */
export const id = (of: string, example: string) =>
  z
    .string()
    .regex(ID_PATTERN, { error: ({ input }) => idFault(input) })
    .meta({ description: of, examples: [example] })

/** Text with something in it. */
export const text = (description: string, example: string) =>
  z
    .string()
    .regex(/\S/, { error: () => `is empty text: write ${quoted(example)} or the like` })
    .meta({ description, examples: [example] })

/** A date or a date-time with a zone, as it is written; dates are read in the declaration's time zone. */
export const time = (description: string, example: string) =>
  z
    .string()
    .regex(TIME_PATTERN, { error: ({ input }) => timeFault(String(input), 'either') ?? '' })
    .meta({ description, examples: [example] })

/** A date-time with a zone. */
export const dateTime = (description: string, example: string) =>
  z
    .string()
    .regex(DATE_TIME_PATTERN, { error: ({ input }) => timeFault(String(input), 'date-time') ?? '' })
    .meta({ description, examples: [example] })

/** A date. */
export const date = (description: string, example: string) =>
  z
    .string()
    .regex(DATE_PATTERN, { error: ({ input }) => timeFault(String(input), 'date') ?? '' })
    .meta({ description, examples: [example] })

/** ISO 3166-1 alpha-2. */
export const country = (description: string, example: string) =>
  z
    .string()
    .regex(/^[A-Z]{2}$/, {
      error: ({ input }) =>
        `${quoted(String(input))} is no country: write its two capital letters (ISO 3166-1), such as ${example}`,
    })
    .meta({ description, examples: [example] })

/** ISO 3166-2. */
export const subdivision = (description: string, example: string) =>
  z
    .string()
    .regex(/^[A-Z]{2}-[A-Z0-9]{1,3}$/, {
      error: ({ input }) =>
        `${quoted(String(input))} is no subdivision: write its code (ISO 3166-2), such as ${example}`,
    })
    .meta({ description, examples: [example] })

/** How a device came into a session. */
export const deviceState = (description: string) =>
  z.enum(['new', 'factory-reset', 'updated', 'in-use']).meta({ description, examples: ['factory-reset'] })

export const sha256 = (description: string) =>
  z
    .string()
    .regex(/^[0-9a-f]{64}$/, { error: () => 'is no SHA-256: write its 64 hex digits in lower case' })
    .meta({ description, examples: ['e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'] })

/** A list; an empty one is refused where it would say the opposite of leaving the key out. */
export function list<T extends z.ZodType>(item: T, description: string, options: { atLeastOne?: true } = {}) {
  const items = options.atLeastOne ? z.array(item).min(1) : z.array(item)
  return items.meta({ description })
}

/** A whole number from `least`. */
export const count = (description: string, least: number) =>
  z
    .int()
    .min(least)
    .max(1_000_000)
    .meta({ description, examples: [Math.max(1, least)] })

/** A number within bounds, both included. */
export const number = (description: string, least: number, most: number) =>
  z
    .number()
    .min(least)
    .max(most)
    .meta({ description, examples: [least] })
