/** Bytes under keys, the same on a disk and in a bucket. */

/** What is known of an object without reading it. */
export interface ObjectFacts {
  readonly key: string
  /** Bytes. */
  readonly size: number
  /**
   * Names this content of the key and no later one: S3's version id, the ETag where the bucket keeps no versions; of a file,
   * a hash over its identity, size and time of change.
   */
  readonly version: string
  /** When this content was written. */
  readonly modified: Date
}

/** How an object is written. */
export interface WriteOptions {
  /** Leave an object that is already there as it is. */
  readonly onlyIfAbsent?: boolean
  /** Replace this content and no other, as {@link ObjectFacts} names it. A folder looks just before it writes. */
  readonly onlyIfVersion?: string
  /** Media type that S3 hands out with the object; a folder keeps none. */
  readonly contentType?: string
  /** Until when S3 refuses to delete this version (Object Lock). A folder cannot hold to it, and ignores it. */
  readonly retention?: { readonly mode: 'GOVERNANCE' | 'COMPLIANCE'; readonly until: Date }
}

/**
 * Where objects are kept. A key is a path with slashes, such as `ranges/aws/2026-06-05.<sha256>.json`; it never begins with
 * one, and no part of it is empty, `.` or `..`.
 *
 * What is not there is a MissingObjectError; whatever else fails is an error that no caller should take for the input's
 * fault, because a second try may help.
 */
export interface ObjectStore {
  /** Every key that begins with the prefix, in ascending order of its UTF-16 units. */
  list(prefix: string): Promise<readonly string[]>
  /** The facts of every object whose key begins with the prefix, in the order of {@link list}. */
  listFacts(prefix: string): Promise<readonly ObjectFacts[]>
  /**
   * The facts of contents that were replaced, of every object of such a key that is there, the last one first. A store that
   * keeps none gives none.
   */
  listReplaced(prefix: string): Promise<readonly ObjectFacts[]>
  /** @returns null where there is no such object */
  facts(key: string): Promise<ObjectFacts | null>
  /**
   * The bytes in order, in chunks of any length, opened when the first is asked for. Each chunk is only there until the next.
   *
   * @param version this content and no other; the current one where it is not given
   * @throws MissingObjectError where there is no such object or version
   */
  open(key: string, version?: string): AsyncIterable<Uint8Array>
  /** The whole object. @throws MissingObjectError as {@link open} does */
  read(key: string, version?: string): Promise<Uint8Array>
  /**
   * Writes a whole object or, if anything fails, nothing: a reader never sees half of one.
   *
   * @param bytes the content; of several pieces, one after the other
   * @returns whether it was written; false only with `onlyIfAbsent` or `onlyIfVersion`
   */
  write(key: string, bytes: Uint8Array | readonly Uint8Array[], options?: WriteOptions): Promise<boolean>
}
