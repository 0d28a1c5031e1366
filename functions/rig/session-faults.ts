/** What would be wrong with a session, found out before anything is done for it rather than at its end. */
import { loadSession } from '../declare/load.ts'
import { SESSION } from '../declare/seal.ts'
import type { Entry } from './entries.ts'
import { sessionText } from './session-document.ts'

/** @returns a sentence a fault; none where the entries make a session */
export function faultsOf(entries: readonly Entry[]): readonly string[] {
  const { faults } = loadSession(sessionText(entries, []), SESSION)
  return faults.filter(({ severity }) => severity === 'error').map(({ path, message }) => `${path}: ${message}`)
}
