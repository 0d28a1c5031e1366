/**
 * The object `aws-logs-write-test`, with which AWS tries whether it may write where logs are delivered or exported to: it lies
 * among the logs, and holds none.
 */
import type { ParseAccount, Parser } from '../model.ts'
import { RecordAccount } from './record-account.ts'

const CONTENT = new TextEncoder().encode('Permission Check Successful')

/** @param head the first bytes of a file, or all where it is shorter */
export function isAwsWriteTest(head: Uint8Array): boolean {
  const isBlank = (byte: number) => byte <= 32
  return CONTENT.every((byte, i) => head[i] === byte) && head.subarray(CONTENT.length).every(isBlank)
}

/** Counts it as what it is, so that it is no capture that could not be read. */
export class AwsWriteTestParser implements Parser {
  readonly #account = new RecordAccount()

  push(): void {}

  end(): void {
    this.#account.leaveOut('aws-write-test')
  }

  account(): ParseAccount {
    return this.#account.account('aws-write-test', [])
  }
}
