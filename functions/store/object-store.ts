/** Bytes under keys, the same on a disk and in a bucket. */

/**
 * Where objects are kept. A key is a path with slashes, such as `ranges/aws/2026-06-05.<sha256>.json`; it never begins with
 * one, and no part of it is empty, `.` or `..`.
 */
export interface ObjectStore {
  /** Every key that begins with the prefix, in ascending order of its characters. */
  list(prefix: string): Promise<readonly string[]>
  /** @throws InputError where there is no such object */
  read(key: string): Promise<Uint8Array>
  /**
   * Writes a whole object or, if anything fails, nothing: a reader never sees half of one.
   *
   * @param options.onlyIfAbsent leave an object that is already there as it is
   * @returns whether it was written; false only with `onlyIfAbsent`
   */
  write(key: string, bytes: Uint8Array, options?: { readonly onlyIfAbsent?: boolean }): Promise<boolean>
}
