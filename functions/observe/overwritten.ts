/**
 * Captures that were uploaded over. A capture that shows a violation can be hidden by writing another under its name, so a
 * content that was replaced is missing evidence, unless a capture of the campaign still holds the same bytes.
 */
import type { Ledger } from '../model.ts'
import { unreadLedger } from './unread.ts'

/** A content that another took the place of. */
export interface ReplacedContent {
  /** As the store names it. */
  readonly version: string
  /** Bytes. */
  readonly size: number
  /** When it was uploaded. */
  readonly modified: Date
}

/** Hashes of the captures that stand, by their size. */
export type Standing = ReadonlyMap<number, ReadonlySet<string>>

export function standingOf(ledgers: readonly Pick<Ledger, 'size' | 'sha256'>[]): Standing {
  const standing = new Map<number, Set<string>>()
  for (const { size, sha256 } of ledgers) {
    const ofSize = standing.get(size)
    if (ofSize) ofSize.add(sha256)
    else standing.set(size, new Set([sha256]))
  }
  return standing
}

/**
 * The contents whose bytes no capture holds any more. Nothing is lost with an empty one.
 *
 * @param sha256Of is asked only where a capture of the same size stands; null where it cannot be known any more, which passes for other bytes
 */
export async function lostContents<Content extends ReplacedContent>(
  replaced: readonly Content[],
  standing: Standing,
  sha256Of: (content: Content) => Promise<string | null>,
): Promise<readonly Content[]> {
  const lost: Content[] = []
  for (const content of replaced) {
    const alike = standing.get(content.size)
    const sha256 = content.size > 0 && alike ? await sha256Of(content) : null
    if (content.size > 0 && (sha256 === null || !alike?.has(sha256))) lost.push(content)
  }
  return lost
}

/**
 * The account of what stood in a capture's place.
 *
 * @param lost the last one first
 * @returns null where nothing is lost
 */
export function overwrittenLedger(
  { source, session }: Pick<Ledger, 'source' | 'session'>,
  lost: readonly ReplacedContent[],
): Ledger | null {
  const [last] = lost
  if (last === undefined) return null
  const time = last.modified.toISOString().replace('.000Z', 'Z')
  const which = `version ${last.version} of ${time}, ${last.size} bytes`
  const said =
    lost.length === 1
      ? `an earlier upload of it held other bytes, which no capture of the campaign holds now: ${which}. Upload them under a ` +
        'name of their own; if nothing is lost with them, delete that version for good'
      : `${lost.length} earlier uploads of it held other bytes, which no capture of the campaign holds now, the last of them ` +
        `${which}. Upload each under a name of its own; if nothing is lost with them, delete those versions for good`
  return unreadLedger({ source: `${source} (overwritten)`, size: last.size, session }, said)
}
