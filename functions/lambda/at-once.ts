/** Waiting for many answers of a store costs hardly more than for one, as long as not all are asked at a time. */

/** Requests that are under way at a time: S3 answers each in some 20 ms, and this many do not crowd a small Lambda. */
const AT_ONCE = 24

/**
 * Does the work for each item, several at a time.
 *
 * @returns the results in the order of the items
 * @throws the first error; nothing more is begun after it
 */
export async function eachAtOnce<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
  most = AT_ONCE,
): Promise<Result[]> {
  const results: Result[] = []
  const waiting = items.entries()
  let failed = false
  const worker = async () => {
    // All workers take from the one iterator, so each item is taken once.
    for (const [place, item] of waiting) {
      if (failed) return
      try {
        results[place] = await work(item)
      } catch (error) {
        failed = true
        throw error
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker))
  return results
}
