/** A key and identifiers of nobody: test ranges of numbers, reserved names and addresses. */
import type { Seed } from '../../functions/model.ts'
import { seedKeyOf } from '../../functions/seeds/seed-key.ts'

export const secret = new Uint8Array(32).fill(7)
export const key = seedKeyOf(secret)
export const otherKey = seedKeyOf(new Uint8Array(32).fill(8))
export const iv = new Uint8Array(12).fill(1)

export const seeds: readonly Seed[] = [
  { id: 'imei', kind: 'imei', value: '001012345678902' },
  { id: 'phone', kind: 'phone', value: '+12025550143' },
  { id: 'contact-name', kind: 'contact-name', value: 'Ann Example' },
]
