/** `domicile rig seal`: seals a session that was made otherwise than by `rig run`. */
import { join } from 'node:path'
import { SESSION } from '../declare/seal.ts'
import { sealSession } from '../rig/seal-session.ts'
import { systemClock } from '../rig/wall-clock.ts'
import { readSession } from './documents.ts'
import type { ExitStatus, Terminal } from './terminal.ts'

/** Says also what `check` warns of. @throws InputError or DeclarationError where it cannot be sealed */
export async function run(folder: string, terminal: Terminal): Promise<ExitStatus> {
  const { files, sealedAt } = await sealSession(folder, systemClock.now())
  await readSession(join(folder, SESSION), terminal.err)
  const size = files.reduce((sum, file) => sum + file.size, 0)
  await terminal.out(`${folder} is sealed: ${files.length} files, ${size} bytes, at ${sealedAt}\n`)
  return 0
}
