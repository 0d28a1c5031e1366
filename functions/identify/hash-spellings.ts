/** Hashes of an identifier, plain and with salts before and behind it, as bytes and as hexadecimal text. */
import { createHash } from 'node:crypto'
import type { Seed } from '../model.ts'
import type { Spelling } from './needle.ts'

const HASHES = ['md5', 'sha1', 'sha256'] as const
/** What is usually put between a salt and a value. */
const SEPARATORS = ['', ':', '-', '_', '|', '.', '+', '&', '#']

export function hashSpellings(seed: Seed, forms: readonly string[], salts: readonly string[]): readonly Spelling[] {
  return forms.flatMap((form) => [
    ...spellingsOf(seed, form, ''),
    ...salted(form, salts).flatMap((text) => spellingsOf(seed, text, 'salted-')),
  ])
}

function salted(form: string, salts: readonly string[]): readonly string[] {
  return salts.flatMap((salt) => SEPARATORS.flatMap((between) => [salt + between + form, form + between + salt]))
}

function spellingsOf(seed: Seed, text: string, how: '' | 'salted-'): readonly Spelling[] {
  return HASHES.flatMap((hash): readonly Spelling[] => {
    const digest = createHash(hash).update(text).digest()
    const common = { is: 'spelling', seed, unit: 1 } as const
    return [
      { ...common, bytes: digest, folds: false, chain: [`${how}${hash}`], flank: 'none' },
      {
        ...common,
        bytes: Buffer.from(digest.toString('hex')),
        folds: true,
        chain: [`${how}${hash}-hex`],
        flank: 'hex',
      },
    ]
  })
}
