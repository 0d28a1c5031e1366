/** Names that stand for something written elsewhere in the same document. */
import type { FaultList } from './fault-list.ts'
import { type Path, quoted } from './path.ts'
import { suggestion } from './suggest.ts'

/** The ids of one kind, such as every place of a declaration. */
export interface Known {
  /** What they name: `place`. */
  readonly kind: string
  /** Where they are written: `places`. */
  readonly home: string
  readonly ids: ReadonlySet<string>
  /** False where an id could not be read, so that a name that is not there may still be right. */
  readonly complete: boolean
}

/** The ids of a list; an id that is written twice is a fault. */
export function idsOf(
  kind: string,
  home: string,
  items: readonly ({ readonly id?: string | undefined } | undefined)[] | undefined,
  path: Path,
  faults: FaultList,
): Known {
  const list = items ?? []
  const ids = list.flatMap((item) => item?.id ?? [])
  checkDistinct(
    list.map((item) => item?.id),
    (i) => [...path, i, 'id'],
    (id, first) => `${kind} ${quoted(id)} is there already, as ${home}[${first}]: give this one an id of its own`,
    faults,
  )
  return { kind, home, ids: new Set(ids), complete: ids.length === list.length }
}

/** Adds a fault for every value that stood earlier in the list. */
export function checkDistinct(
  values: readonly (string | undefined)[],
  pathOf: (index: number) => Path,
  message: (value: string, first: number) => string,
  faults: FaultList,
): void {
  const seen = new Map<string, number>()
  for (const [i, value] of values.entries()) {
    if (value === undefined) continue
    const first = seen.get(value)
    if (first === undefined) seen.set(value, i)
    else faults.error(pathOf(i), message(value, first))
  }
}

/** Adds a fault where a name stands for nothing. */
export function checkReference(name: string | undefined, known: Known, path: Path, faults: FaultList): void {
  if (name === undefined || !known.complete || known.ids.has(name)) return
  const instead = () => suggestion(name, [...known.ids], `define it under ${quoted(known.home)}`)
  faults.error(path, () => `there is no ${known.kind} ${quoted(name)}: ${instead()}`)
}

/** The same for a list of names, in which none may stand twice. */
export function checkReferences(
  names: readonly (string | undefined)[] | undefined,
  known: Known,
  path: Path,
  faults: FaultList,
): void {
  for (const [i, name] of (names ?? []).entries()) checkReference(name, known, [...path, i], faults)
  checkDistinct(
    names ?? [],
    (i) => [...path, i],
    (name) => `${quoted(name)} is listed twice: remove one of them`,
    faults,
  )
}
