/** Where whole files of a disk are put under keys, so that nothing is ever overwritten and what broke off goes on. */

export interface Upload {
  readonly key: string
  /** Path on this disk. */
  readonly path: string
  readonly size: number
  /** Of its bytes, hex: what is read must be that, or nothing appears. */
  readonly sha256: string
}

/** `same`: these bytes are there; `other`: others are; `unknown`: whether anything is may not be seen. */
export type Presence = 'absent' | 'same' | 'other' | 'unknown'

export interface UploadTarget {
  /** What is there under a key. */
  look(upload: Upload): Promise<Presence>
  /**
   * Puts a file where there is none.
   *
   * @param sent told of bytes that have arrived, as they do; those of an earlier attempt count too
   * @returns whether it was written; false where something is there under that key
   * @throws InputError where the file is not what it is said to be (any more)
   */
  put(upload: Upload, sent: (bytes: number) => void): Promise<boolean>
}
