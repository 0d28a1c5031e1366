/** What the system or a bucket says went wrong with a file, in words that say what to do. */
import { StoreError } from '../store/store-error.ts'

const words: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EISDIR: 'it is a folder: name the files in it',
  ENOTDIR: 'a part of the path is a file and no folder',
  EEXIST: 'there is a file of that name: name a folder',
  EACCES: 'no right to do that: ask whom it belongs to, or choose another place',
  EPERM: 'the system does not allow that: choose another place',
  EROFS: 'that disk can only be read: choose another place',
  ENOSPC: 'the disk is full: make room, or choose another place',
  EMFILE: 'too many files are open: give fewer at a time',
}

const codeOf = (error: unknown) =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''

const isWebAddress = (path: unknown) => typeof path === 'string' && /^https?:\/\//i.test(path)

/** The words for an error of the system, or the message of any other. */
export function explainSystemError(error: unknown): string {
  if (error instanceof StoreError) return error.message
  if (error instanceof Error && 'path' in error && isWebAddress(error.path))
    return 'web addresses are not read: write s3://bucket/key for what is on S3, and download anything else'
  return words[codeOf(error)] ?? (error instanceof Error ? error.message : String(error))
}

/** Whether the system or a bucket, and not this program, raised an error. */
export const isSystemError = (error: unknown) => error instanceof StoreError || codeOf(error) in words
