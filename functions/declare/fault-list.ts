/** Collects faults with their positions, in the order of the document. */
import type { Fault } from '../errors.ts'
import { type Path, type Positions, pathText } from './path.ts'

/** Past this many faults a file is something else than a declaration, and one more line tells a person nothing. */
const LIMIT = 1000

/** Faults of one document. A fault that names a key or an item that is not there points at what should hold it. */
export class FaultList {
  readonly #positions: Positions
  readonly #faults = new Map<string, Fault>()
  readonly #paths = new Set<string>()

  constructor(positions: Positions) {
    this.#positions = positions
  }

  error(path: Path, message: string): void {
    this.#add(path, message, 'error')
  }

  warning(path: Path, message: string): void {
    this.#add(path, message, 'warning')
  }

  /** A fault of the key itself rather than of its value. */
  keyError(path: Path, message: string): void {
    this.#add(path, message, 'error', true)
  }

  #add(path: Path, message: string, severity: Fault['severity'], atKey = false): void {
    const text = pathText(path)
    this.#paths.add(text)
    const { line, column } = this.#positions.positionOf(path, atKey)
    this.#faults.set(`${line}:${column}:${text}:${message}`, { line, column, path: text, message, severity })
  }

  /** Whether something was found wrong with the value at a path. */
  has(path: Path): boolean {
    return this.#paths.has(pathText(path))
  }

  /** Whether any fault so far stops an audit. */
  get hasErrors(): boolean {
    return [...this.#faults.values()].some(({ severity }) => severity === 'error')
  }

  /** Sorted by position. */
  inOrder(): Fault[] {
    return limited([...this.#faults.values()].sort((a, b) => a.line - b.line || a.column - b.column))
  }
}

/** At most {@link LIMIT} faults; what is left out is said in a last one. */
export function limited(faults: Fault[]): Fault[] {
  const last = faults[LIMIT]
  if (!last) return faults
  const message = `${faults.length - LIMIT} more faults follow: mend these first, and check again`
  return [...faults.slice(0, LIMIT), { ...last, path: '', message, severity: 'error' }]
}
