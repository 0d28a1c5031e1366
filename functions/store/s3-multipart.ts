/** An object sent in parts, so that a lost connection costs a part and not the whole, and several are on the way at once. */
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import type { Condition } from './s3-write.ts'

/** Bytes of a part, unless that gave more parts than S3 takes. */
export const partLength = 16 << 20
/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const mostParts = 10_000
/** Parts on the way at once. */
const together = 4

/**
 * Uploads pieces of `size` bytes in all. Where it fails, nothing is left behind.
 *
 * @param condition under which the object appears
 */
export async function uploadInParts(
  client: S3Client,
  target: CreateMultipartUploadCommandInput,
  pieces: readonly Uint8Array[],
  size: number,
  condition: Condition,
): Promise<void> {
  const { Bucket, Key, ChecksumAlgorithm } = target
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(target))
  try {
    const length = Math.max(partLength, Math.ceil(size / mostParts))
    const parts: CompletedPart[] = []
    const waiting = partsOf(pieces, length)
    const send = async () => {
      for (const { number: PartNumber, bytes: Body } of waiting) {
        const part = { Bucket, Key, UploadId, PartNumber, Body, ContentLength: Body.length, ChecksumAlgorithm }
        const { ETag, ChecksumSHA256 } = await client.send(new UploadPartCommand(part))
        parts.push({ PartNumber, ETag, ...(ChecksumSHA256 === undefined ? {} : { ChecksumSHA256 }) })
      }
    }
    const sent = await Promise.allSettled(Array.from({ length: together }, send))
    for (const result of sent) if (result.status === 'rejected') throw result.reason
    const Parts = parts.sort((a, b) => (a.PartNumber ?? 0) - (b.PartNumber ?? 0))
    const whole = { Bucket, Key, UploadId, MultipartUpload: { Parts }, ...condition }
    await client.send(new CompleteMultipartUploadCommand(whole))
  } catch (error) {
    // What cannot be cleaned up is not what went wrong: the bucket's lifecycle clears it away.
    await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId })).catch(() => {})
    throw error
  }
}

/** Cuts pieces of any length into parts of one length, the last one shorter. */
function* partsOf(pieces: readonly Uint8Array[], length: number) {
  let number = 1
  let held: Uint8Array[] = []
  let heldLength = 0
  for (const piece of pieces)
    for (let from = 0; from < piece.length; ) {
      const taken = piece.subarray(from, from + length - heldLength)
      held.push(taken)
      heldLength += taken.length
      from += taken.length
      if (heldLength < length) continue
      yield { number: number++, bytes: Buffer.concat(held) }
      held = []
      heldLength = 0
    }
  if (heldLength > 0) yield { number, bytes: Buffer.concat(held) }
}
