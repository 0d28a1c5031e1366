/** Events as handlers take them. */
import type { z } from 'zod'
import { InputError } from '../errors.ts'

/**
 * Reads an event.
 *
 * @param handler its name, for the error
 * @param example an event that is right, for the error
 * @throws InputError that names every member that is wrong, and shows a right event
 */
export function readEvent<Shape extends z.ZodType>(
  handler: string,
  shape: Shape,
  example: z.input<Shape>,
  event: unknown,
): z.output<Shape> {
  const read = shape.safeParse(event)
  if (read.success) return read.data
  const faults = read.error.issues.map(({ path, message }) => `${path.join('.') || 'the event'}: ${message}`)
  throw new InputError(
    `reading the event of ${handler}: ${faults.join('; ')}. Start it with an event such as ${JSON.stringify(example)}`,
  )
}
