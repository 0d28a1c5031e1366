/** Keys of reference data: `<kind>/<source>/<date>.<sha256>.<extension>`. */

export interface ReferenceKey {
  /** Kind and source, such as `ranges/aws` or `database/geolite2-city`. */
  readonly source: string
  /** YYYY-MM-DD, UTC. */
  readonly date: string
  /** Of the content, 64 hex digits in lower case. */
  readonly sha256: string
  readonly extension: string
}

const pattern =
  /^((?:ranges|database)\/[a-z0-9][a-z0-9._-]{0,63})\/(\d{4}-\d{2}-\d{2})\.([0-9a-f]{64})\.([a-z0-9]{1,8})$/

/** @returns null where the text is no such key */
export function parseReferenceKey(key: string): ReferenceKey | null {
  const [, source, date, sha256, extension] = pattern.exec(key) ?? []
  return source && date && sha256 && extension ? { source, date, sha256, extension } : null
}

export function referenceKey({ source, date, sha256, extension }: ReferenceKey): string {
  return `${source}/${date}.${sha256}.${extension}`
}
