/** Makes a report known: signed, pointed to, and announced. */
import { createHash } from 'node:crypto'
import { InputError } from '../errors.ts'
import type { Conclusion } from '../model.ts'
import { preAuthEncoding, renderEnvelope } from '../report/dsse.ts'
import type { FileFacts, Manifest } from '../report/manifest.ts'
import { STATEMENT_TYPE, statementOf } from '../report/statement.ts'
import type { ObjectStore, WriteOptions } from '../store/object-store.ts'
import type { Announce } from './announce.ts'
import { parseReportFolder } from './audit-keys.ts'
import type { ConcludedAudit } from './conclude-plan.ts'
import { conclusionMessage } from './conclusion-message.ts'
import type { Sign } from './kms-signer.ts'
import { pointTo } from './latest-pointer.ts'
import { readReportHead } from './report-head.ts'
import { readJson } from './stored-json.ts'

export interface SignTools {
  readonly reports: ObjectStore
  /** What comes before a key where people read it, such as `s3://bucket/`. */
  readonly place: string
  readonly sign: Sign
  readonly announce: Announce
  readonly retention: NonNullable<WriteOptions['retention']>
}

export interface SignedReport {
  readonly conclusion: Conclusion
  /** Folder of the report, with a slash at its end. */
  readonly report: string
  /** Key of the attestation. */
  readonly attestation: string
  /** Of `report.json`, hex. */
  readonly sha256: string
}

/**
 * Signs a report, points to it unless there is a newer one, and tells people of it. A second attempt leaves the attestation
 * that is there (each signature has other bytes), and sends the same message once more.
 *
 * @param report as `conclude` returned it: its folder in the reports bucket, and the campaign that it is of
 * @throws InputError where the folder holds no whole report, or another than its manifest says
 */
export async function signReport(
  { campaign, report: folder }: Pick<ConcludedAudit, 'campaign' | 'report'>,
  tools: SignTools,
): Promise<SignedReport> {
  const named = parseReportFolder(folder)
  if (named === null)
    throw new InputError(`signing ${folder}: it is no folder of a report: take what \`conclude\` returned`)
  const { reports } = tools
  const time = named.time.toISOString()
  const { manifest, files } = await checkedFiles(reports, folder)
  const { head, sha256 } = await readReportHead(reports, folder)
  const attestation = `${folder}attestation.dsse.json`
  if ((await reports.facts(attestation)) === null) {
    const statement = statementOf(head, manifest, files, time)
    const { bytes, keyId } = await tools.sign(preAuthEncoding(STATEMENT_TYPE, statement))
    const envelope = new TextEncoder().encode(renderEnvelope(STATEMENT_TYPE, statement, bytes, keyId))
    const { retention } = tools
    await reports.write(attestation, envelope, { onlyIfAbsent: true, contentType: 'application/json', retention })
  }
  const { conclusion } = head
  const { declaration } = named
  const latest = { declaration, campaign, time, conclusion, report: folder, sha256 }
  await pointTo(reports, { schema: 'urn:domicile:schema:latest-v1', ...latest })
  await tools.announce(conclusionMessage(head, campaign, tools.place + folder, sha256))
  return { conclusion, report: folder, attestation, sha256 }
}

/** Every file of the report, as it is there. @throws InputError where one is not what the manifest says */
async function checkedFiles(
  reports: ObjectStore,
  folder: string,
): Promise<{ readonly manifest: Manifest; readonly files: readonly FileFacts[] }> {
  const manifest = (await readJson(reports, `${folder}manifest.json`)) as Manifest
  for (const file of manifest.outputs) {
    const { sha256 } = await factsOf(reports, folder, file.name)
    if (sha256 !== file.sha256)
      throw new InputError(
        `signing ${folder}: ${file.name} has the SHA-256 ${sha256}, and the manifest says ${file.sha256}: it was changed; ` +
          'start the audit again, with another time',
      )
  }
  return { manifest, files: [...manifest.outputs, await factsOf(reports, folder, 'manifest.json')] }
}

async function factsOf(reports: ObjectStore, folder: string, name: string): Promise<FileFacts> {
  const hash = createHash('sha256')
  let size = 0
  for await (const chunk of reports.open(folder + name)) {
    hash.update(chunk)
    size += chunk.length
  }
  return { name, size, sha256: hash.digest('hex') }
}
