import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { run } from '../../functions/cli/seed-key-command.ts'
import { givenSeedKey } from '../../functions/cli/seed-keys.ts'
import { memoryTerminal } from '../support/memory-terminal.ts'

const arn = 'arn:aws:kms:eu-central-1:111122223333:key/1'
const folder = mkdtempSync(join(tmpdir(), 'kms-'))
let server: Server
/** What KMS was asked for. */
let asked: { readonly action: string; readonly context: unknown }[] = []

/** A stand-in for KMS: a ciphertext is the plain text turned round, with the context that it was encrypted for. */
function answer(action: string, request: Record<string, string>): object | null {
  const context = JSON.stringify(request.EncryptionContext)
  const turned = (bytes: Uint8Array) => Buffer.from(bytes.map((byte) => ~byte))
  if (action === 'Encrypt') {
    const plain = turned(Buffer.from(request.Plaintext ?? '', 'base64'))
    const ciphertext = JSON.stringify({ context, plain: plain.toString('base64') })
    return { KeyId: request.KeyId, CiphertextBlob: Buffer.from(ciphertext).toString('base64') }
  }
  try {
    const ciphertext = JSON.parse(Buffer.from(request.CiphertextBlob ?? '', 'base64').toString())
    if (ciphertext.context !== context) return null
    return { KeyId: arn, Plaintext: turned(Buffer.from(ciphertext.plain, 'base64')).toString('base64') }
  } catch {
    return null
  }
}

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk) => chunks.push(chunk))
    request.on('end', () => {
      const action = String(request.headers['x-amz-target']).replace('TrentService.', '')
      const body = JSON.parse(Buffer.concat(chunks).toString())
      asked.push({ action, context: body.EncryptionContext })
      const given = answer(action, body)
      response.writeHead(given ? 200 : 400, { 'content-type': 'application/x-amz-json-1.1' })
      response.end(JSON.stringify(given ?? { __type: 'InvalidCiphertextException' }))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  vi.stubEnv('AWS_ENDPOINT_URL_KMS', `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  vi.stubEnv('AWS_REGION', 'eu-central-1')
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test')
})
afterEach(() => {
  asked = []
})
afterAll(async () => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
  await new Promise((resolve) => server.close(resolve))
})

describe('rig key --kms', () => {
  test('writes what KMS encrypted for seed keys, and that file is taken wherever a key is', async () => {
    const out = join(folder, 'seed.key')
    const terminal = memoryTerminal()
    expect(await run({ out, kms: arn }, terminal)).toBe(0)
    expect(readFileSync(out, 'utf8')).toMatch(/^kms:[A-Za-z0-9+/=]+\n$/)
    expect(statSync(out).mode & 0o777).toBe(0o600)
    expect(terminal.stderr).toContain(`whoever may decrypt by ${arn} can`)
    const key = await givenSeedKey(out, {})
    expect(terminal.stdout).toBe(`${out} has the seed key ${key?.id}\n`)
    expect(asked).toEqual([
      { action: 'Encrypt', context: { domicile: 'seed-key' } },
      { action: 'Decrypt', context: { domicile: 'seed-key' } },
    ])
  })

  test('asks nobody where a key is not encrypted', async () => {
    const out = join(folder, 'plain.key')
    await run({ out }, memoryTerminal())
    expect(await givenSeedKey(out, {})).not.toBeNull()
    expect(asked).toEqual([])
  })

  test('of which a byte was altered, or that was encrypted for something else, opens nothing', async () => {
    const other = join(folder, 'other.key')
    const elsewhere = answer('Encrypt', { Plaintext: 'AAAA' }) as { CiphertextBlob: string }
    for (const text of [`kms:${elsewhere.CiphertextBlob}`, 'kms:AAAA']) {
      writeFileSync(other, text)
      await expect(givenSeedKey(other, {})).rejects.toThrow(
        /other\.key: the key service does not decrypt it: KMS cannot decrypt it \(InvalidCiphertextException\)/,
      )
    }
  })
})
