/** `domicile upload`: puts a sealed session where nothing of it is overwritten, and goes on where it broke off. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { SEAL, SESSION, sealFaultText } from '../declare/seal.ts'
import { InputError } from '../errors.ts'
import { checkSeal, factsOf } from '../rig/session-folder.ts'
import { FolderUpload } from '../store/folder-upload.ts'
import type { Presence, Upload, UploadTarget } from '../store/upload-target.ts'
import { readSession } from './documents.ts'
import { placeIn } from './places.ts'
import { progressOf } from './progress.ts'
import { isS3Url, parseS3Url } from './s3-url.ts'
import type { ExitStatus, Terminal } from './terminal.ts'

export interface UploadOptions {
  readonly campaign?: string
}

/**
 * Uploads a session to `TARGET[/CAMPAIGN]/SESSION-ID/`: its captures first, and `session.yaml` last, so that what is there
 * without one is not whole.
 *
 * @throws InputError where the session is not sealed, was altered, or something else is there under one of its names: then
 * nothing is written
 */
export async function run(
  folder: string,
  target: string,
  options: UploadOptions,
  terminal: Terminal,
): Promise<ExitStatus> {
  const progress = progressOf(terminal)
  progress.show('holding the session against its seal')
  const { session, uploads } = await sealedUploads(folder, options.campaign, terminal.err)
  const receipts = new Receipts(folder, target)
  const to = await targetAt(target)
  const left: Upload[] = []
  for (const [i, upload] of uploads.entries()) {
    progress.show(`looking for what is there already: ${i} of ${uploads.length}`)
    if (!isThere(await to.look(upload), upload, receipts, target)) left.push(upload)
  }
  const total = left.reduce((sum, { size }) => sum + size, 0)
  let sent = 0
  for (const upload of left) {
    const show = () => progress.show(`${upload.key}: ${megabytes(sent)} of ${megabytes(total)}`)
    show()
    const before = sent
    const written = await to.put(upload, (bytes) => {
      sent += bytes
      show()
    })
    if (written) receipts.add(upload)
    // Somebody was faster, or the answer to an attempt of our own was lost.
    else if (!isThere(await to.look(upload), upload, receipts, target)) throw notComparable(upload, target)
    sent = before + upload.size
  }
  progress.clear()
  const there = uploads.length - left.length
  await terminal.out(
    `${session}: ${uploads.length} files, ${left.length} written (${megabytes(total)}), ${there} there already\n` +
      `${placeIn(target, [...(options.campaign === undefined ? [] : [options.campaign]), session].join('/'))}\n`,
  )
  return 0
}

/** What there is to upload, in its order. @param warn told what `check` warns of */
async function sealedUploads(
  folder: string,
  campaign: string | undefined,
  warn: (text: string) => void,
): Promise<{ readonly session: string; readonly uploads: readonly Upload[] }> {
  if (campaign !== undefined && !/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(campaign))
    throw new InputError(`--campaign ${campaign} is no name: write letters, digits, dots, hyphens and underscores`)
  const { sealed, faults } = await checkSeal(folder)
  if (faults.length > 0)
    throw new InputError(`${folder} is not as it was sealed, and is not uploaded: ${sealFaultText(faults)}`, {
      source: folder,
    })
  if (sealed === null)
    throw new InputError(`${folder} is not sealed: \`domicile rig seal ${folder}\` seals it, once it is complete`, {
      source: folder,
    })
  const session = await readSession(join(folder, SESSION), warn)
  const above = [...(campaign === undefined ? [] : [campaign]), session.id]
  const files = [...sealed.files, await factsOf(folder, SEAL), await factsOf(folder, SESSION)]
  return {
    session: session.id,
    uploads: files.map(({ file, size, sha256 }) => ({
      key: [...above, file].join('/'),
      path: join(folder, ...file.split('/')),
      size,
      sha256,
    })),
  }
}

async function targetAt(target: string): Promise<UploadTarget> {
  if (!isS3Url(target)) return new FolderUpload(target)
  const { bucket, key } = parseS3Url(target)
  const { s3Client } = await import('./s3-places.ts')
  const { S3Upload } = await import('../store/s3-upload.ts')
  return new S3Upload(s3Client(), bucket, key === '' ? '' : `${key}/`)
}

/** @throws InputError where something else is there */
function isThere(presence: Presence, upload: Upload, receipts: Receipts, target: string): boolean {
  if (presence === 'other')
    throw new InputError(
      `${placeIn(target, upload.key)} is there and has other bytes: nothing is overwritten. Give the session an id of its own before it is sealed, or name another place`,
      { source: upload.path },
    )
  return presence === 'same' || (presence === 'unknown' && receipts.has(upload))
}

const notComparable = (upload: Upload, target: string) =>
  new InputError(
    `something is at ${placeIn(target, upload.key)} already, and these credentials may not read it: have whoever may compare it with SHA-256 ${upload.sha256}`,
    { source: upload.path },
  )

/**
 * What was written by earlier attempts, beside the session's folder: a rig may often add to a bucket and not look into it, and
 * still must know where it broke off.
 */
class Receipts {
  readonly #path: string
  readonly #target: string
  readonly #lines: ReadonlySet<string>

  constructor(folder: string, target: string) {
    this.#path = `${resolve(folder)}.uploaded.jsonl`
    this.#target = target
    this.#lines = new Set(existsSync(this.#path) ? readFileSync(this.#path, 'utf8').split('\n') : [])
  }

  has(upload: Upload): boolean {
    return this.#lines.has(this.#line(upload))
  }

  add(upload: Upload): void {
    if (isS3Url(this.#target)) appendFileSync(this.#path, `${this.#line(upload)}\n`)
  }

  #line({ key, sha256 }: Upload): string {
    return JSON.stringify({ target: this.#target, key, sha256 })
  }
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`
