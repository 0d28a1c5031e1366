/** Tells Suricata's EVE from other JSON by how it begins. */

const latin1 = new TextDecoder('latin1')

/**
 * Whether a capture begins like EVE: with JSON that has its event types and times. A first event longer than what is looked
 * at still shows them, because Suricata writes both before anything long.
 *
 * @param head the first bytes of the capture, unpacked
 */
export function looksLikeEve(head: Uint8Array): boolean {
  if (head.includes(0)) return false
  const text = latin1.decode(head)
  return (
    /"event_type"\s*:\s*"[a-z0-9_]{1,40}"/.test(text) &&
    /"timestamp"\s*:\s*"\d{4}-\d\d-\d\dT/.test(text) &&
    text.includes('{')
  )
}
