/** Whether a file of a session is as it was when the session was sealed. */
import { type FileFacts, type SealedRecord, verifySeal } from '../declare/seal.ts'

/**
 * @param sealed what `session.yaml` says of its files; null where it says nothing: then nothing is altered
 * @param found a file as it is; without a hash, where it has not been read, its size is compared alone
 * @returns which file it is and how it was altered; null where it was not
 */
export function sealFaultOf(
  sealed: SealedRecord | null,
  found: Omit<FileFacts, 'sha256'> & { readonly sha256?: string },
): string | null {
  if (sealed === null) return null
  const listed = sealed.files.filter(({ file }) => file === found.file)
  const [{ sha256 = '' } = {}] = listed
  const [fault] = verifySeal(listed, [{ sha256, ...found }])
  return fault === undefined ? null : `${fault.file} ${fault.says}`
}
