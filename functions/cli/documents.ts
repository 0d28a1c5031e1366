/** Declarations and sessions. */
import { loadSession } from '../declare/load.ts'
import { DeclarationError, type Fault } from '../errors.ts'
import type { Session } from '../model.ts'
import { readPlace } from './places.ts'

/** Reads a text file. @throws InputError that names it */
export async function readText(path: string): Promise<string> {
  return Buffer.from(await readPlace(path)).toString('utf8')
}

/**
 * Reads a `session.yaml`.
 *
 * @param warn told what does not stop an audit
 * @throws DeclarationError with every fault of the file
 */
export async function readSession(path: string, warn: (text: string) => void): Promise<Session> {
  const { session, faults } = loadSession(await readText(path), path)
  return acceptDocument(path, session, faults, warn)
}

/**
 * The document, unless a fault stands against it.
 *
 * @throws DeclarationError with every fault that is an error
 */
export function acceptDocument<T>(
  path: string,
  document: T | null,
  faults: readonly Fault[],
  warn: (text: string) => void,
): T {
  const errors = faults.filter((fault) => fault.severity === 'error')
  if (document === null || errors.length > 0) throw new DeclarationError(path, errors)
  for (const fault of faults) warn(`${path}:${fault.line}:${fault.column}: warning: ${fault.path}: ${fault.message}\n`)
  return document
}
