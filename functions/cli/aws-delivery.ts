/** What lies among logs that AWS delivered and is none. */
import type { PlacedFile } from './placed-file.ts'

/**
 * Leaves out empty files below a folder `AWSLogs`: consoles and copies make them of folders, and AWS delivers no log without rows.
 *
 * @param warn told how many there were
 */
export function withoutEmptyDeliveries(files: readonly PlacedFile[], warn: (text: string) => void): PlacedFile[] {
  const logs = files.filter(({ path, size }) => size > 0 || !/(^|[\\/])AWSLogs[\\/]/.test(path))
  const empty = files.length - logs.length
  if (empty > 0) warn(`${empty} empty ${empty === 1 ? 'file' : 'files'} below AWSLogs left out: no log is empty\n`)
  return logs
}
