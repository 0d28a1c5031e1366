/** Writing to S3 so that of several writers of one key exactly one wins. */
import { setTimeout } from 'node:timers/promises'
import type { WriteOptions } from './object-store.ts'
import { statusOf } from './s3-error.ts'

/** How often a write is tried that another writer of the same key disturbs. */
const attempts = 6

/** What is sent beside the bytes. */
export function headersOf({ contentType, retention }: WriteOptions) {
  return {
    // A lock needs a checksum of what it locks; S3 keeps this one and answers with it.
    ChecksumAlgorithm: 'SHA256' as const,
    ...(contentType === undefined ? {} : { ContentType: contentType }),
    ...(retention === undefined ? {} : { ObjectLockMode: retention.mode, ObjectLockRetainUntilDate: retention.until }),
  }
}

/** What has to hold for a write: nothing, that there is no such object, or that it is the one with this ETag. */
export type Condition = { readonly IfNoneMatch?: '*'; readonly IfMatch?: string }

/**
 * Writes, and tries again where S3 says that another write of the same key is under way (409): it does not say which one
 * will have won.
 *
 * @param condition that `send` sends along
 * @returns false where it does not hold. A write whose answer was lost on the way, and which was tried again, is
 * answered like that too
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export async function writeOnce(condition: Condition, send: () => Promise<unknown>): Promise<boolean> {
  const conditional = Object.keys(condition).length > 0
  for (let attempt = 1; ; attempt++) {
    try {
      await send()
      return true
    } catch (error) {
      if (conditional && statusOf(error) === 412) return false
      if (statusOf(error) !== 409 || attempt === attempts) throw error
      await setTimeout(50 * 2 ** attempt * (0.5 + Math.random() / 2))
    }
  }
}
