/** What a bucket refuses or does not answer: no fault of a capture, so it is never an InputError. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
  /** S3's word for it, such as `AccessDenied`, or the system's, such as `ECONNREFUSED`. */
  readonly code: string

  constructor(message: string, code: string, cause: unknown) {
    super(message, { cause })
    this.code = code
  }
}
