/** Divides stored observations among the workers of an audit. */

/** Rows of one file of observations: `from` ≤ row < `until`. */
export interface FileRows {
  readonly key: string
  readonly from: number
  readonly until: number
  /** Rows of the whole file, as its receipt counts them. */
  readonly of: number
}

/** What one worker weighs. Small enough for an item of a Distributed Map, which takes 256 KiB. */
export interface Batch {
  readonly number: number
  readonly files: readonly FileRows[]
}

/** Observations that one worker weighs; docs/decisions/0006-scale.md says why so many. */
export const OBSERVATIONS_PER_BATCH = 200_000

/** Keys are at most 1 KiB long, so that an item stays below 256 KiB. */
export const FILES_PER_BATCH = 200

/**
 * Divides files into batches, in their order. A file is divided only where it is too large for one batch: rows are cheapest
 * read from a file's beginning to its end.
 *
 * @param files with how many observations each holds
 */
export function batchesOf(
  files: readonly { readonly key: string; readonly observations: number }[],
  most = OBSERVATIONS_PER_BATCH,
): Batch[] {
  const batches: Batch[] = []
  let open: FileRows[] = []
  let room = most
  const close = () => {
    if (open.length > 0) batches.push({ number: batches.length, files: open })
    open = []
    room = most
  }
  for (const { key, observations } of files)
    for (let from = 0; from < observations; from += most) {
      const rows = { key, from, until: Math.min(observations, from + most), of: observations }
      if (rows.until - rows.from > room || open.length === FILES_PER_BATCH) close()
      open.push(rows)
      room -= rows.until - rows.from
    }
  close()
  return batches
}
