/** Planted identifiers, made ready to be searched for. */
import type { Seed } from '../model.ts'
import { DigitFinder, LEAST_DIGITS, type SoughtNumber } from './digit-finder.ts'
import { NeedleIndex } from './needle-index.ts'
import { isNumber, needlesOf } from './needles.ts'
import { normalForms } from './normal-forms.ts'

export interface SeedSearch {
  readonly needles: NeedleIndex
  readonly numbers: DigitFinder
  /** Bytes of the longest needle. */
  readonly longest: number
}

/** What an escape may take out of the middle of: no identifier is sought beyond it. */
const LEAST_MARGIN = 64

export function seedSearch(seeds: readonly Seed[], salts: readonly string[]): SeedSearch {
  const needles = seeds.flatMap((seed) => needlesOf(seed, salts))
  return {
    needles: new NeedleIndex(needles),
    numbers: new DigitFinder(seeds.flatMap(numbersOf)),
    longest: needles.reduce((longest, { bytes }) => Math.max(longest, bytes.length), LEAST_MARGIN),
  }
}

/** The last two digits of an IMEISV, in place of an IMEI's check digit (3GPP TS 23.003 §6.2.2). */
const SOFTWARE_VERSIONS = Array.from({ length: 100 }, (_, version) => String(version).padStart(2, '0'))

const bodyOf = (imei: string): string => imei.replace(/\D/g, '').slice(0, 14)

/** The digits of an identifier that is a number, forwards and backwards. */
function numbersOf(seed: Seed): readonly SoughtNumber[] {
  const forms = normalForms(seed).filter((form) => isNumber(seed, form))
  const written = new Set(forms.map((form) => form.replace(/\D/g, '')))
  if (seed.kind === 'imei') for (const version of SOFTWARE_VERSIONS) written.add(bodyOf(seed.value) + version)
  // As a number, it has no zeros in front.
  for (const digits of [...written])
    if (seed.kind === 'imei' || seed.kind === 'imsi') written.add(digits.replace(/^0+/, ''))
  return [...written]
    .filter((digits) => digits.length >= LEAST_DIGITS)
    .flatMap((digits) => [
      { seed, digits, chain: [] },
      { seed, digits: [...digits].reverse().join(''), chain: ['reversed'] },
    ])
}
