/** The errors that Domicile raises on purpose. Each says what was being done, to what, where, and what to do about it. */

/** Bytes that cannot be read (further) as what they claim to be. */
export class InputError extends Error {
  override readonly name = 'InputError'
  /** Path of the file as it was given; empty where the caller knows it and adds it. */
  readonly source: string
  /** Byte offset in the unpacked bytes. */
  readonly offset: number | undefined
  /** Line, from 1. */
  readonly line: number | undefined

  constructor(message: string, at: { source?: string; offset?: number; line?: number } = {}) {
    super(message)
    this.source = at.source ?? ''
    this.offset = at.offset
    this.line = at.line
  }
}

/** One thing that is wrong with a declaration or a session. */
export interface Fault {
  /** Line and column, from 1. */
  readonly line: number
  readonly column: number
  /** Path in the document, such as `services[0].phases[1].from`. */
  readonly path: string
  /** What is wrong, and what to write instead. */
  readonly message: string
  /** A warning does not stop an audit. */
  readonly severity: 'error' | 'warning'
}

/** A declaration or session that says something impossible. Carries every fault, not only the first. */
export class DeclarationError extends Error {
  override readonly name = 'DeclarationError'
  readonly file: string
  readonly faults: readonly Fault[]

  constructor(file: string, faults: readonly Fault[]) {
    super(faults.map((f) => `${file}:${f.line}:${f.column}: ${f.path ? `${f.path}: ` : ''}${f.message}`).join('\n'))
    this.file = file
    this.faults = faults
  }
}

/** Reference data that is missing, broken, or not what it claims to be. */
export class SnapshotError extends Error {
  override readonly name = 'SnapshotError'
  readonly source: string

  constructor(source: string, message: string, options?: ErrorOptions) {
    super(`${source}: ${message}`, options)
    this.source = source
  }
}
