/** Tells evidence from other files that lie beside it. */
import { InputError } from '../errors.ts'
import { isAwsWriteTest } from './aws-write-test.ts'
import { HEAD_LENGTH, openParser } from './detect.ts'

/**
 * Whether a file could be a capture. A packed one could always be: what it holds is not looked at.
 *
 * @param head its first {@link HEAD_LENGTH} bytes or more, or all where it is shorter
 */
export function looksLikeCapture(head: Uint8Array): boolean {
  const packed = (head[0] === 0x1f && head[1] === 0x8b) || (head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f)
  if (packed) return true
  if (isAwsWriteTest(head)) return false
  try {
    openParser(head.subarray(0, HEAD_LENGTH), { flows: () => {}, answer: () => {} }, {})
    return true
  } catch (error) {
    if (error instanceof InputError) return false
    throw error
  }
}
