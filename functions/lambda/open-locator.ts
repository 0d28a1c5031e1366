/** Where addresses stood, by the snapshots that an audit's plan names. */
import type { Locator } from '../model.ts'
import { openReference } from '../reference/open-reference.ts'
import { bucket } from './buckets.ts'
import { REFERENCE_BUCKET } from './environment.ts'

/** The last one, for further batches of the same audit. */
let opened: { readonly snapshots: string; readonly locator: Promise<Locator> } | undefined

/**
 * Opens snapshots of the reference bucket, and the databases of the layer. Databases are read when the first address is asked.
 *
 * @param snapshots keys in the reference bucket
 */
export function openLocator(snapshots: readonly string[]): Promise<Locator> {
  const named = JSON.stringify(snapshots)
  if (opened?.snapshots !== named) {
    const locator = openReference(bucket(REFERENCE_BUCKET), { keys: snapshots })
    opened = { snapshots: named, locator }
    // What failed is opened anew by the next attempt.
    locator.catch(() => {
      if (opened?.locator === locator) opened = undefined
    })
  }
  return opened.locator
}
