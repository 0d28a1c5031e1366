/** Collects faults with their positions, in the order of the document. */
import type { Fault } from '../errors.ts'
import { type Path, type Positions, pathText } from './path.ts'

/** Past this many faults a file is something else than a declaration, and one more line tells a person nothing. */
export const FAULT_LIMIT = 1000

/** A message, or how to make one: finding what to write instead can cost more than finding the fault. */
export type Message = string | (() => string)

/**
 * Faults of one document. A fault that names a key or an item that is not there points at what should hold it. Faults past
 * the limit are only counted.
 */
export class FaultList {
  readonly #positions: Positions
  readonly #faults = new Map<string, Fault>()
  readonly #paths = new Set<string>()
  readonly #known: readonly Fault[]
  readonly #broken: ReadonlySet<string>
  #beyond = 0
  #errors = 0

  /** @param known faults of syntax; what else is wrong with the same values follows from them */
  constructor(positions: Positions, known: readonly Fault[]) {
    this.#positions = positions
    this.#known = known
    this.#broken = new Set(known.map(placeOf))
    this.#errors = known.length
  }

  error(path: Path, message: Message): void {
    this.#add(path, message, 'error')
  }

  warning(path: Path, message: Message): void {
    this.#add(path, message, 'warning')
  }

  /**
   * A fault of the key itself rather than of its value.
   *
   * @param told the path as the fault names it
   */
  keyError(path: Path, message: Message, told = path): void {
    this.#add(path, message, 'error', true, told)
  }

  #add(path: Path, message: Message, severity: Fault['severity'], atKey = false, told = path): void {
    const text = pathText(told)
    this.#paths.add(pathText(path))
    const at = this.#positions.positionOf(path, atKey)
    if (this.#broken.has(placeOf(at))) return
    if (severity === 'error') this.#errors++
    if (this.#faults.size >= FAULT_LIMIT) {
      this.#beyond++
      return
    }
    const says = typeof message === 'string' ? message : message()
    // The same value may be reached twice, through an alias.
    this.#faults.set(`${placeOf(at)}:${says}`, { ...at, path: text, message: says, severity })
  }

  /** Whether something was found wrong with the value at a path. */
  has(path: Path): boolean {
    return this.#paths.has(pathText(path))
  }

  /** Whether any fault so far stops an audit. */
  get hasErrors(): boolean {
    return this.#errors > 0
  }

  /** Every fault in the order of the text, the one that counts those past the limit last. */
  all(): Fault[] {
    const faults = [...this.#known, ...this.#faults.values()]
    return limited(
      faults.sort((a, b) => a.line - b.line || a.column - b.column),
      this.#beyond,
    )
  }
}

const placeOf = ({ line, column }: { readonly line: number; readonly column: number }) => `${line}:${column}`

/**
 * At most {@link FAULT_LIMIT} faults in the order of the text, and one that counts the rest.
 *
 * @param beyond how many more there are than in the list
 */
export function limited(faults: readonly Fault[], beyond = 0): Fault[] {
  const rest = beyond + Math.max(0, faults.length - FAULT_LIMIT)
  const kept = [...faults].sort((a, b) => a.line - b.line || a.column - b.column).slice(0, FAULT_LIMIT)
  const last = kept.at(-1)
  if (rest === 0 || !last) return kept
  const message = `there are ${rest} more faults: mend those above first, and check again`
  return [...kept, { ...last, path: '', message, severity: 'error' }]
}
