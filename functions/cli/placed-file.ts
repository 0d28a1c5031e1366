/** What the command line knows of a path, on disk or in a bucket. */

export interface PlaceFacts {
  /** Bytes of a file; 0 of a folder. */
  readonly size: number
  readonly isFolder: boolean
}

/** A file below a folder. */
export interface PlacedFile {
  readonly path: string
  /** Its path below the folder, with `/`. */
  readonly name: string
  readonly size: number
}
