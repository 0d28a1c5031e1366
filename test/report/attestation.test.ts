import { execFileSync, spawnSync } from 'node:child_process'
import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Envelope, preAuthEncoding, renderEnvelope } from '../../functions/report/dsse.ts'
import { outputsOf } from '../../functions/report/outputs.ts'
import { STATEMENT_TYPE, statementOf } from '../../functions/report/statement.ts'
import { reportOf } from './sample.ts'

const sha256Of = (bytes: string) => createHash('sha256').update(bytes).digest('hex')

const report = reportOf()
const documents = [
  { name: 's1/session.yaml', text: 'id: s1' },
  { name: 'declaration.yaml', text: 'id: mi' },
]
const manifest = JSON.parse(String(outputsOf(report, documents).get('manifest.json')))
const files = ['report.json', 'manifest.json', 'findings.csv'].map((name) => ({
  name,
  size: name.length,
  sha256: sha256Of(name),
}))
const time = '2014-11-12T06:00:00.000Z'

describe('the statement of an audit', () => {
  const statement = JSON.parse(Buffer.from(statementOf(report, manifest, files, time)).toString())

  it('is of every file, by name and SHA-256', () => {
    expect(statement._type).toBe('https://in-toto.io/Statement/v1')
    expect(statement.subject.map(({ name }: { name: string }) => name)).toEqual([
      'findings.csv',
      'manifest.json',
      'report.json',
    ])
    for (const { name, digest } of statement.subject)
      expect(digest.sha256).toBe(files.find((file) => file.name === name)?.sha256)
  })

  it('names the declaration by its SHA-256', () => {
    expect(statement.predicate.declaration.digest.sha256).toBe(report.declaration.sha256)
  })

  it('names every capture, document and snapshot that the report rests on by its SHA-256', () => {
    const { captures, documents, snapshots } = statement.predicate
    expect(captures).toEqual(report.ledger.map(({ source, sha256 }) => ({ name: source, digest: { sha256 } })))
    expect(captures).toHaveLength(report.summary.captures)
    expect(documents).toEqual([
      { name: 'declaration.yaml', digest: { sha256: sha256Of('id: mi') } },
      { name: 's1/session.yaml', digest: { sha256: sha256Of('id: s1') } },
    ])
    expect(snapshots).toEqual(
      report.snapshots.map(({ source, date, sha256 }) => ({ name: source, digest: { sha256 }, annotations: { date } })),
    )
    expect(snapshots.length).toBeGreaterThan(1)
  })

  it('names the program that judged, as the manifest does', () => {
    expect(statement.predicate.program).toEqual({ name: 'domicile', version: 'source' })
    expect(manifest.program).toEqual(statement.predicate.program)
  })

  it('has the same bytes in whatever order the files come', () => {
    expect(statementOf(report, manifest, [...files].reverse(), time)).toEqual(
      statementOf(report, manifest, files, time),
    )
  })
})

describe('an envelope', () => {
  it('signs type and payload after their lengths in bytes, as in the example of the protocol', () => {
    // https://github.com/secure-systems-lab/dsse/blob/master/protocol.md, "Test Vectors"
    const encoded = preAuthEncoding('http://example.com/HelloWorld', Buffer.from('hello world'))
    expect(Buffer.from(encoded).toString()).toBe('DSSEv1 29 http://example.com/HelloWorld 11 hello world')
    const bytes = preAuthEncoding('typ\u00e9', Buffer.from('\u00e9'))
    expect(Buffer.from(bytes).toString()).toBe('DSSEv1 5 typ\u00e9 2 \u00e9')
  })

  const hasOpenssl = spawnSync('openssl', ['version'], { timeout: 10_000 }).status === 0
  it.skipIf(!hasOpenssl)('verifies by openssl alone, and no more once a byte was changed (needs openssl)', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const payload = statementOf(report, manifest, files, time)
    const signature = sign('sha256', preAuthEncoding(STATEMENT_TYPE, payload), privateKey)
    const envelope = JSON.parse(renderEnvelope(STATEMENT_TYPE, payload, signature, 'key-1')) as Envelope
    expect(envelope.payloadType).toBe('application/vnd.in-toto+json')
    const folder = mkdtempSync(join(tmpdir(), 'domicile-dsse-'))
    const write = (name: string, bytes: string | Uint8Array) => {
      writeFileSync(join(folder, name), bytes)
      return join(folder, name)
    }
    const verify = (body: Uint8Array) =>
      execFileSync(
        'openssl',
        [
          ...['dgst', '-sha256', '-verify', write('key.pem', publicKey.export({ type: 'spki', format: 'pem' }))],
          ...['-signature', write('sig', Buffer.from(envelope.signatures[0]?.sig ?? '', 'base64'))],
          write('signed', preAuthEncoding(envelope.payloadType, body)),
        ],
        { stdio: 'pipe', timeout: 10_000 },
      ).toString()
    try {
      const body = Buffer.from(envelope.payload, 'base64')
      expect(verify(body)).toContain('Verified OK')
      body[100] = (body[100] ?? 0) ^ 1
      expect(() => verify(body)).toThrow()
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
