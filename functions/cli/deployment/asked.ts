/** One question to AWS. What cannot be seen is wrong in itself, and does not keep the rest from being looked at. */
import { codeOf, storeError } from '../../store/s3-error.ts'
import { type Check, checksOf, type Part } from './check.ts'

/**
 * @param what is asked for, with the right that this takes where it is not one to read a bucket
 * @param unset what it means that AWS has no answer, by the word that it has for that
 */
export async function asked(
  part: Part,
  what: string,
  ask: () => Promise<Check>,
  unset: Readonly<Record<string, string>> = {},
): Promise<Check> {
  try {
    return await ask()
  } catch (error) {
    const { wrong } = checksOf(part)
    return wrong(unset[codeOf(error)] ?? `not checked: ${storeError(`asking for ${what}`, error).message}`)
  }
}
