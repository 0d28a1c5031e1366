/** Reads `declaration.yaml`, `session.yaml` and test protocols: the values, or every fault with its line and what to write instead. */
import type { Fault } from '../errors.ts'
import type { Declaration, Micros, Session } from '../model.ts'
import { buildDeclaration, buildSession } from './build.ts'
import { checkDeclaration } from './check-declaration.ts'
import { checkProtocol } from './check-protocol.ts'
import { checkSession } from './check-session.ts'
import { declarationShape } from './declaration-shape.ts'
import { FaultList, limited } from './fault-list.ts'
import { described, quoted } from './path.ts'
import { type Protocol, protocolShape } from './protocol-shape.ts'
import { sessionShape } from './session-shape.ts'
import { shapeOf } from './shape-faults.ts'
import { suggestion } from './suggest.ts'
import { readYaml, type YamlTree } from './yaml-tree.ts'

const KINDS = ['Declaration', 'Session', 'Protocol'] as const
export type Kind = (typeof KINDS)[number]

/**
 * Reads a declaration. Never throws for what the text says.
 *
 * @param text the file's text; bytes that are no UTF-8 are expected as U+FFFD, as decoders write them
 * @param file the path as messages name it
 * @param options.asOf the day for which waivers are judged; without it none is expired
 * @returns the declaration, null where a fault is an error; and all faults, in the order of the text
 */
export function loadDeclaration(
  text: string,
  file: string,
  options: { readonly asOf?: Micros } = {},
): { declaration: Declaration | null; faults: Fault[] } {
  const { tree, faults } = readKind(text, file, 'Declaration')
  if (!tree) return { declaration: null, faults }
  const list = new FaultList(tree, faults)
  const { document, draft } = shapeOf(declarationShape, tree.value, list)
  if (draft) checkDeclaration(draft, options.asOf, list)
  const usable = document !== null && !list.hasErrors
  return { declaration: usable ? buildDeclaration(document, text) : null, faults: list.all() }
}

/**
 * Reads a session. Never throws for what the text says.
 *
 * @param text the file's text
 * @param file the path as messages name it
 * @returns the session, null where a fault is an error; and all faults, in the order of the text
 */
export function loadSession(text: string, file: string): { session: Session | null; faults: Fault[] } {
  const { tree, faults } = readKind(text, file, 'Session')
  if (!tree) return { session: null, faults }
  const list = new FaultList(tree, faults)
  const { document, draft } = shapeOf(sessionShape, tree.value, list, 'seeds')
  if (draft) checkSession(draft, list)
  const usable = document !== null && !list.hasErrors
  return { session: usable ? buildSession(document) : null, faults: list.all() }
}

/**
 * Reads a test protocol. Never throws for what the text says.
 *
 * @param text the file's text
 * @param file the path as messages name it
 * @returns the protocol, null where a fault is an error; and all faults, in the order of the text
 */
export function loadProtocol(text: string, file: string): { protocol: Protocol | null; faults: Fault[] } {
  const { tree, faults } = readKind(text, file, 'Protocol')
  if (!tree) return { protocol: null, faults }
  const list = new FaultList(tree, faults)
  const { document, draft } = shapeOf(protocolShape, tree.value, list)
  if (draft) checkProtocol(draft, list)
  return { protocol: list.hasErrors ? null : document, faults: list.all() }
}

/** What a text says that it is, by its `kind`; null where it says nothing that is known. */
export function kindOf(text: string): Kind | null {
  const value = readYaml(text).tree?.value
  const kind = isMap(value) ? value.kind : undefined
  return KINDS.find((known) => known === kind) ?? null
}

/** Reads a text of one kind; another kind is one fault, and not many about its keys. */
function readKind(text: string, file: string, expected: Kind): { tree: YamlTree | null; faults: Fault[] } {
  const { tree, faults } = readYaml(text)
  if (!tree) return { tree, faults }
  const fault = kindFault(tree, file, expected)
  return fault ? { tree: null, faults: limited([...faults, fault]) } : { tree, faults }
}

function kindFault(tree: YamlTree, file: string, expected: Kind): Fault | null {
  const at = (path: string[], message: string): Fault => {
    return { ...tree.positionOf(path), path: path.join('.'), message, severity: 'error' }
  }
  const start = `begin with \`apiVersion: domicile/v1\` and \`kind: ${expected}\``
  if (tree.value === null) return at([], `the file is empty: ${start}`)
  if (!isMap(tree.value))
    return at([], `a ${expected.toLowerCase()} is a map of keys, and this is ${described(tree.value)}: ${start}`)
  const { kind } = tree.value
  if (kind === expected || typeof kind !== 'string') return null
  if (KINDS.some((known) => known === kind))
    return at(
      ['kind'],
      `${quoted(file)} is a ${kind} where a ${expected} is read: name the other file, or write \`kind: ${expected}\``,
    )
  return at(['kind'], `there is no kind ${quoted(kind)}: ${suggestion(kind, KINDS, `write \`kind: ${expected}\``)}`)
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
