/** Keys of reference data: `<kind>/<source>/<date>.<sha256>.<extension>`. */

/** Kinds of what somebody published about addresses: a provider's ranges, a geofeed, a list of anycast prefixes. */
export const PUBLISHED_KINDS = ['ranges', 'geofeed', 'anycast'] as const
/** Every folder below which snapshots are kept. */
export const SNAPSHOT_KINDS = [...PUBLISHED_KINDS, 'database'] as const

export interface ReferenceKey {
  /** Kind and source, such as `ranges/aws`, `geofeed/aws`, `anycast/bgptools` or `database/geolite2-city`. */
  readonly source: string
  /** YYYY-MM-DD, UTC. */
  readonly date: string
  /** Of the content, 64 hex digits in lower case. */
  readonly sha256: string
  readonly extension: string
}

const sourcePattern = `(?:${SNAPSHOT_KINDS.join('|')})/[a-z0-9][a-z0-9._-]{0,63}`
const isSource = new RegExp(`^${sourcePattern}$`)
const pattern = new RegExp(`^(${sourcePattern})/(\\d{4}-\\d{2}-\\d{2})\\.([0-9a-f]{64})\\.([a-z0-9]{1,8})$`)

/** Whether a text is a kind and a source, such as `ranges/aws`. */
export const isSourceName = (text: string): boolean => isSource.test(text)

/** @returns null where the text is no such key */
export function parseReferenceKey(key: string): ReferenceKey | null {
  const [, source, date, sha256, extension] = pattern.exec(key) ?? []
  return source && date && sha256 && extension ? { source, date, sha256, extension } : null
}

/** Whether a key is a hidden file's, or in a hidden folder: desktops leave such as `.DS_Store`, and nobody means them as a snapshot. */
export const isHiddenKey = (key: string): boolean => key.split('/').some((part) => part.startsWith('.'))

export function referenceKey({ source, date, sha256, extension }: ReferenceKey): string {
  return `${source}/${date}.${sha256}.${extension}`
}
