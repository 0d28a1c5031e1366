/** Whether a file is a HAR, by its beginning. */

/** What stands directly in `log` (HAR 1.2), of which one stands near the beginning of every HAR. */
const LOG_KEYS = /"(?:version|creator|browser|pages|entries)"\s*:/g
const LOG = /"log"\s*:\s*\{/g
/** Places that are looked at: a text or an object within another may look like it. */
const MOST_PLACES = 16

/**
 * A JSON object in which an object `log` begins, and in that what only a HAR's has there: logs in lines of JSON have a `log`
 * of their own at times.
 */
export function looksLikeHar(head: Uint8Array): boolean {
  const text = new TextDecoder('latin1').decode(head).replace(/^\u00ef\u00bb\u00bf/, '')
  if (!/^\s*\{/.test(text)) return false
  for (const log of [...text.matchAll(LOG)].slice(0, MOST_PLACES)) {
    if (depthOf(text.slice(0, log.index)) !== 1) continue
    const within = text.slice(log.index + log[0].length - 1)
    const keys = [...within.matchAll(LOG_KEYS)].slice(0, MOST_PLACES)
    if (keys.some((key) => depthOf(within.slice(0, key.index)) === 1)) return true
  }
  return false
}

/** How many objects and lists are open at the end of JSON; none where the first of them has ended before. */
function depthOf(json: string): number {
  let depth = 0
  for (const [sign] of json.replace(/"(?:[^"\\]|\\.)*"/g, '').matchAll(/[[\]{}]/g)) {
    depth += sign === '{' || sign === '[' ? 1 : -1
    if (depth === 0) return 0
  }
  return depth
}
