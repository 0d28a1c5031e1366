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
  type YAMLError,
} from 'yaml'
import type { Fault } from '../errors.ts'
import { limited } from './fault-list.ts'
import { type Path, type Positions, pathText, quoted } from './path.ts'

/** Longest text that is read, in UTF-16 units. The declaration of a vendor with ten thousand hosts has half of it. */
export const TEXT_LIMIT = 512 * 1024
/** Most values that a document may have once its aliases stand for what they name. */
const VALUE_LIMIT = 200_000

/** A value and where it stands, as offsets into the text. */
interface Located {
  readonly value: unknown
  readonly at: number
  /** Values in it, the value itself included, with aliases expanded. */
  readonly count: number
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
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false, version: '1.2' })
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }
  const faults = [...document.errors, ...document.warnings].map((error) => syntaxFault(error, place(error.pos[0])))
  if (faults.length > 0) return { tree: null, faults: limited(faults) }
  if (document.directives?.yaml.explicit && document.directives.yaml.version !== '1.2')
    return { tree: null, faults: [fault(place(0), 'YAML 1.1 reads `NO` as false: remove the line `%YAML 1.1`')] }
  const reader = new TreeReader(place)
  const root = reader.read(document)
  if (!root) return { tree: null, faults: limited(reader.faults) }
  return {
    tree: { value: root.value, positionOf: (path, atKey) => place(offsetOf(root, path, atKey)) },
    faults: reader.faults,
  }
}

/** Why a text is not read at all. */
function refusal(text: string): Fault | null {
  if (text.length > TEXT_LIMIT)
    return fault(
      { line: 1, column: 1 },
      `the file is longer than ${TEXT_LIMIT / 1024} KiB, which no declaration or session needs: split the declaration, or check that this is the right file`,
    )
  // Decoders put U+FFFD where bytes are not UTF-8; NUL is what UTF-16 looks like when it is read as UTF-8.
  const broken = /[\uFFFD\0]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.exec(text)
  if (!broken) return null
  const before = text.slice(0, broken.index).split('\n')
  return fault(
    { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 },
    'these bytes are not UTF-8 text: save the file as UTF-8',
  )
}

const fault = (at: { line: number; column: number }, message: string, path = ''): Fault => ({
  ...at,
  path,
  message,
  severity: 'error',
})

/** What to do about the commoner faults of syntax, by the package's code. */
const advice: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'indent with spaces',
  MULTIPLE_DOCS: 'write one document a file; remove what follows the second `---`',
  BAD_INDENT: 'line this up with the keys of the same map',
  BLOCK_AS_IMPLICIT_KEY:
    'put text that has a colon and a space in quotes, or begin the nested map on a line of its own',
  MISSING_CHAR: 'close the quote or bracket, or put a colon after the key',
  BAD_SCALAR_START: 'put the text in quotes',
  UNEXPECTED_TOKEN: 'put text with special characters in quotes, or remove this',
  TAG_RESOLVE_FAILED: 'write the plain value without the tag',
  RESOURCE_EXHAUSTION: 'nothing in a declaration or session is nested this deeply',
}

function syntaxFault(error: YAMLError, at: { line: number; column: number }): Fault {
  const what = error.code === 'RESOURCE_EXHAUSTION' ? 'the lists or maps are nested too deeply' : error.message
  const instead = advice[error.code] ?? 'see the example in docs/declaration.md'
  return fault(at, `no YAML: ${what.replace(/[;.] (please|see) .*$/i, '')}: ${instead}`)
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
    if (isAlias(node)) return this.#alias(node.source, at)
    const anchor = isScalar(node) || isCollection(node) ? node.anchor : undefined
    if (anchor !== undefined) this.#anchors.set(anchor, null)
    const located = this.#value(node, at, path)
    if (anchor !== undefined) this.#anchors.set(anchor, located)
    return located
  }

  #value(node: Node | null, at: number, path: Path): Located {
    this.#count(1, at)
    if (isMap(node)) return this.#map(node.items, at, path)
    if (isSeq(node)) {
      const children = new Map<number, { keyAt: number; node: Located }>()
      for (const [i, item] of node.items.entries()) {
        const child = this.#node(item as Node | null, at, [...path, i])
        children.set(i, { keyAt: child.at, node: child })
      }
      const items = [...children.values()].map(({ node: { value } }) => value)
      return { value: items, at, count: total(children), children }
    }
    return { value: isScalar(node) ? node.value : null, at, count: 1, children: new Map() }
  }

  #map(pairs: readonly { key: unknown; value: unknown }[], at: number, path: Path): Located {
    const children = new Map<string, { keyAt: number; node: Located }>()
    const value: Record<string, unknown> = Object.create(null)
    for (const pair of pairs) {
      const keyAt = (pair.key as Node | null)?.range?.[0] ?? at
      const key = keyOf(pair.key)
      if (key === null) this.#fault(keyAt, path, 'a key has to be text: put it in quotes')
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
    return { value, at, count: total(children), children }
  }

  #alias(anchor: string, at: number): Located {
    const target = this.#anchors.get(anchor)
    if (target === undefined)
      throw new Refused(
        at,
        `nothing is named &${show(anchor)} above this line: write the value out in place of *${show(anchor)}`,
      )
    if (target === null) throw new Refused(at, `*${show(anchor)} stands inside of what it names: write the value out`)
    this.#count(target.count, at)
    return { ...target, at }
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

const show = (anchor: string) => quoted(anchor).slice(1, -1)

/** The text of a key; a number is taken as it is written. Null where the key is a collection, an alias or empty. */
function keyOf(key: unknown): string | null {
  if (!isScalar(key)) return null
  const { value, source } = key as Scalar
  return typeof value === 'string' ? value : typeof value === 'number' ? (source ?? String(value)) : null
}

function total(children: ReadonlyMap<unknown, { readonly node: Located }>): number {
  let count = 1
  for (const { node } of children.values()) count += node.count
  return count
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
