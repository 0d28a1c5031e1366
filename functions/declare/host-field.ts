/** A field that holds a pattern of hosts. */
import * as z from 'zod'
import { hostPatternFault } from './host-pattern.ts'
import { quoted } from './path.ts'

/** Labels of a host name below one another, with or without `*.` in front; what it cannot say, `hostPatternFault` does. */
const HOST_PATTERN = /^(\*\.)?[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})+$/

export const hostPattern = (description: string) =>
  z
    .string()
    .regex(HOST_PATTERN, {
      error: ({ input }) => hostPatternFault(String(input)) ?? `${quoted(String(input))} is no host`,
    })
    .meta({ description, examples: ['*.account.xiaomi.com'] })
