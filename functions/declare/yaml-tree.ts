/**
 * YAML 1.2 (https://yaml.org/spec/1.2.2/) as plain values that remember where they stand in the text. Any text gives a
 * tree or faults, in time that grows with the length of the text: keys are compared by hash, and aliases are counted by
 * what they expand to.
 */
import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type Scalar,
} from 'yaml'
import type { Fault } from '../errors.ts'
import { limited } from './fault-list.ts'
import { type Path, type Positions, pathText, printable, quoted } from './path.ts'
import { fault, refusal, syntaxFaults } from './yaml-syntax.ts'

/** Most values that a document may have once its aliases stand for what they name. */
const VALUE_LIMIT = 200_000
/** Deepest nesting; a declaration has six levels. */
const DEPTH_LIMIT = 64

/** A value and where it stands, as offsets into the text. */
interface Located {
  readonly value: unknown
  readonly at: number
  /** Values in it, the value itself included, with aliases expanded. */
  readonly count: number
  /** Lists and maps within one another. */
  readonly depth: number
  readonly children: ReadonlyMap<string | number, { readonly keyAt: number; readonly node: Located }>
}

/** A document that was read. */
export interface YamlTree extends Positions {
  /** Plain values; maps have no prototype, dates are text. */
  readonly value: unknown
}

/** @returns the tree, null where the text is no YAML; and every fault of its syntax, doubled keys among them */
export function readYaml(text: string): { tree: YamlTree | null; faults: Fault[] } {
  const refused = refusal(text)
  if (refused) return { tree: null, faults: [refused] }
  const lines = new LineCounter()
  // Doubled keys are found below: the package compares every key with every other one.
  const options = { lineCounter: lines, prettyErrors: false, uniqueKeys: false, version: '1.2' } as const
  const document = attempt(() => parseDocument(text, options))
  if (typeof document === 'string')
    return { tree: null, faults: [fault({ line: 1, column: 1 }, `no YAML: ${document}: see docs/declaration.md`)] }
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }
  const wrong = [...document.errors, ...document.warnings]
  if (wrong.length > 0) return { tree: null, faults: syntaxFaults(wrong, place) }
  if (document.directives?.yaml.explicit && document.directives.yaml.version !== '1.2')
    return { tree: null, faults: [fault(place(0), 'YAML 1.1 reads `NO` as false: remove the line `%YAML 1.1`')] }
  const reader = new TreeReader(place)
  const root = reader.read(document)
  if (!root) return { tree: null, faults: limited(reader.faults) }
  return {
    tree: { value: root.value, positionOf: (path, atKey) => place(offsetOf(root, path, atKey)) },
    faults: limited(reader.faults),
  }
}

/** What a function gives, or the message of what it throws: the package is not made to read what is hostile. */
function attempt<T extends object>(read: () => T): T | string {
  try {
    return read()
  } catch (error) {
    return printable(error instanceof Error ? error.message : String(error))
  }
}

class TreeReader {
  readonly faults: Fault[] = []
  readonly #place: (offset: number) => { line: number; column: number }
  /** What each anchor names so far; null while it is being read. */
  readonly #anchors = new Map<string, Located | null>()
  #values = 0

  constructor(place: (offset: number) => { line: number; column: number }) {
    this.#place = place
  }

  /** @returns null where the document cannot be used, with the reason among the faults */
  read(document: Document): Located | null {
    try {
      return this.#node(document.contents, 0, [])
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      this.faults.push(fault(this.#place(error.offset), error.message))
      return null
    }
  }

  #node(node: Node | null, offset: number, path: Path): Located {
    const at = node?.range?.[0] ?? offset
    if (isAlias(node)) return this.#alias(node.source, at, path)
    const anchor = isScalar(node) || isCollection(node) ? node.anchor : undefined
    if (anchor !== undefined) this.#anchors.set(anchor, null)
    const located = this.#value(node, at, path)
    if (anchor !== undefined) this.#anchors.set(anchor, located)
    return located
  }

  #value(node: Node | null, at: number, path: Path): Located {
    this.#count(1, at)
    const tag = isScalar(node) || isCollection(node) ? node.tag : undefined
    if (tag !== undefined && tag !== 'tag:yaml.org,2002:str') {
      this.#fault(at, path, `the tag ${quoted(tag)} is not read: write the plain value without it`)
      return this.#empty(at)
    }
    if (isMap(node)) return this.#map(node.items, at, path)
    if (isSeq(node)) {
      const children = new Map<number, { keyAt: number; node: Located }>()
      for (const [i, item] of node.items.entries()) {
        const child = this.#node(item as Node | null, at, [...path, i])
        children.set(i, { keyAt: child.at, node: child })
      }
      const items = [...children.values()].map(({ node: { value } }) => value)
      return { value: items, at, ...this.#sizeOf(children, at), children }
    }
    return { value: isScalar(node) ? node.value : null, at, count: 1, depth: 0, children: new Map() }
  }

  #map(pairs: readonly { key: unknown; value: unknown }[], at: number, path: Path): Located {
    const children = new Map<string, { keyAt: number; node: Located }>()
    const value: Record<string, unknown> = Object.create(null)
    for (const pair of pairs) {
      const keyAt = (pair.key as Node | null)?.range?.[0] ?? at
      const key = keyOf(pair.key)
      // Objects of the language are not made to have such a key.
      if (key === '__proto__') this.#fault(keyAt, path, 'no key can be called `__proto__`: choose another name')
      else if (key === null) this.#fault(keyAt, path, 'a key has to be text: put it in quotes')
      else if (key === '<<') this.#fault(keyAt, path, 'merge keys (`<<`) are not read: write the keys out')
      else if (children.has(key)) {
        const first = this.#place(children.get(key)?.keyAt ?? at).line
        this.#fault(keyAt, [...path, key], `the key is written twice, first on line ${first}: keep one of them`)
      } else {
        const node = this.#node(pair.value as Node | null, keyAt, [...path, key])
        children.set(key, { keyAt, node })
        value[key] = node.value
      }
    }
    return { value, at, ...this.#sizeOf(children, at), children }
  }

  #alias(anchor: string, at: number, path: Path): Located {
    const target = this.#anchors.get(anchor)
    if (target) {
      this.#count(target.count, at)
      return { ...target, at }
    }
    const name = printable(anchor.slice(0, 60))
    if (target === null) this.#fault(at, path, `*${name} stands inside of what it names: write the value out`)
    else if (anchor.startsWith('.'))
      this.#fault(at, path, `a \`*\` without quotes is an alias in YAML: write "*${name}" with quotes`)
    else this.#fault(at, path, `nothing above is named &${name}: write the value out in place of *${name}`)
    return this.#empty(at)
  }

  /** What stands for a value that cannot be read. */
  #empty(at: number): Located {
    return { value: null, at, count: 1, depth: 0, children: new Map() }
  }

  #sizeOf(children: Located['children'], at: number): { count: number; depth: number } {
    let count = 1
    let depth = 1
    for (const { node } of children.values()) {
      count += node.count
      depth = Math.max(depth, node.depth + 1)
    }
    if (depth > DEPTH_LIMIT)
      throw new Refused(at, 'lists and maps are nested too deeply: no declaration or session needs it')
    return { count, depth }
  }

  #count(values: number, at: number): void {
    this.#values += values
    if (this.#values > VALUE_LIMIT)
      throw new Refused(
        at,
        `the document has more than ${VALUE_LIMIT} values when its aliases are written out: use fewer`,
      )
  }

  #fault(offset: number, path: Path, message: string): void {
    this.faults.push(fault(this.#place(offset), message, pathText(path)))
  }
}

/** A document that cannot be turned into values. */
class Refused extends Error {
  readonly offset: number

  constructor(offset: number, message: string) {
    super(message)
    this.offset = offset
  }
}

/** The text of a key; a number is taken as it is written. Null where the key is a collection, an alias or empty. */
function keyOf(key: unknown): string | null {
  if (!isScalar(key)) return null
  const { value, source } = key as Scalar
  return typeof value === 'string' ? value : typeof value === 'number' ? (source ?? String(value)) : null
}

function offsetOf(root: Located, path: Path, atKey = false): number {
  let node = root
  let offset = root.at
  for (const [i, step] of path.entries()) {
    const child = node.children.get(step)
    if (!child) return offset
    node = child.node
    // What is missing in a map is reported at the key that opens it.
    offset = i === path.length - 1 && !atKey ? node.at : child.keyAt
  }
  return offset
}
